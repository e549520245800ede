package packets

import (
	"fmt"
	"math/rand/v2"

	"tollwatch/sensor/lab/plan"
	"tollwatch/sensor/lab/truth"
)

// begin starts the signalling of a call, and plans its media.
func (g *generator) begin(c *plan.Call, now int64) {
	if g.live >= maxCalls {
		g.tap.err = fmt.Errorf("generate call %d: more than %d calls at once; lower attack.calls_per_minute or the length of talks", c.ID, maxCalls)
		return
	}
	seed := blend(blend(g.seed, 1), c.ID)
	a, b := g.legs(c, seed)
	s := script{now: now, rng: rand.New(rand.NewPCG(seed, 3)), retransmit: g.p.Wire.Retransmit}
	talks := s.flow(c, a, b, c.Direction == plan.Outbound && seed%2 == 0)
	d := &dialogue{call: c, pending: 1}
	for _, l := range []*leg{a, b} {
		if l != nil && l.visible {
			d.legs = append(d.legs, l)
		}
	}
	if len(d.legs) == 0 {
		g.totals.UnseenCalls++
		return
	}
	for _, l := range d.legs {
		l.takePorts()
	}
	g.live++
	g.totals.MostCalls = max(g.totals.MostCalls, g.live)
	d.describe(s.steps)
	g.media(d, talks)
	g.queue.push(s.steps[0].at, &signalling{tap: &g.tap, steps: s.steps, done: func() { g.ended(d) }})
}

// legs are the caller's and the callee's; the second is nil where the PBX
// itself is called.
func (g *generator) legs(c *plan.Call, seed uint64) (a, b *leg) {
	seedA, seedB := blend(seed, 1), blend(seed, 2)
	switch c.Direction {
	case plan.Outbound:
		return g.fromPhone(c, seedA), g.toTrunk(c, seedB)
	case plan.Inbound:
		return g.fromTrunk(c, seedA), g.toPhone(c.Extension, c.CLI, seedB)
	}
	if c.Voicemail {
		return g.fromPhone(c, seedA), nil
	}
	return g.fromPhone(c, seedA), g.toPhone(c.Peer, c.CLI, seedB)
}

func (g *generator) full() bool { return g.p.Wire.View == "full" }

func (g *generator) fromPhone(c *plan.Call, seed uint64) *leg {
	s := g.site
	caller := s.phones[c.Extension]
	if c.Entry == plan.FromInternet {
		caller = s.stranger
	}
	l := newLeg(seed, caller, s.pbx, c.Extension, s.pbx.host(), c.DialledByPhone, s.pbx.host(), "Poste "+c.Extension)
	l.realm, l.login, l.visible = s.realm, s.phones[c.Extension].login, g.full()
	return l
}

func (g *generator) toTrunk(c *plan.Call, seed uint64) *leg {
	s := g.site
	cli := plan.Written(c.CLI, plan.TrunkFormat(g.p.Wire.TrunkFormat))
	l := newLeg(seed, s.pbx, s.carrier, cli, s.pbx.host(), c.SentToTrunk, s.carrier.host(), "")
	l.asserted = "<sip:" + cli + "@" + s.pbx.host() + ">"
	l.trunk = true
	return l
}

func (g *generator) fromTrunk(c *plan.Call, seed uint64) *leg {
	s := g.site
	cli := plan.Written(c.CLI, plan.TrunkFormat(g.p.Wire.TrunkFormat))
	l := newLeg(seed, s.carrier, s.pbx, cli, s.carrier.host(), c.SentToTrunk, s.pbx.hostPort(), "")
	l.asserted = "<sip:" + cli + "@" + s.carrier.host() + ">"
	l.trunk = true
	return l
}

// toPhone shows the caller as the PBX shows callers of the house and of
// outside alike: by number.
func (g *generator) toPhone(ext, cli string, seed uint64) *leg {
	s := g.site
	shown := cli
	if cli[0] == '+' {
		shown = plan.Written(cli, plan.National)
	}
	l := newLeg(seed, s.pbx, s.phones[ext], shown, s.pbx.host(), ext, s.phones[ext].hostPort(), "")
	l.visible = g.full()
	return l
}

// media starts the streams of the legs that talk where they are seen.
func (g *generator) media(d *dialogue, talks []talk) {
	w := g.p.Wire
	if w.Media == "none" || w.Media == "attack" && d.call.Label == "" {
		return
	}
	for _, tk := range talks {
		if !tk.leg.visible {
			continue
		}
		done := func() { g.ended(d) }
		out := newStream(&g.tap, tk, 0, w, d.call.Digits, done)
		in := newStream(&g.tap, tk, 1, w, "", done)
		if out.count < 1 || in.count < 1 {
			continue
		}
		out.peer, in.peer = in, out
		for _, s := range []*stream{out, in} {
			d.streams = append(d.streams, s)
			d.pending++
			g.queue.push(s.begin, s)
		}
	}
}

// ended is called by each part of a call that is over.
func (g *generator) ended(d *dialogue) {
	d.pending--
	if d.pending > 0 {
		return
	}
	for _, l := range d.legs {
		l.givePorts()
	}
	g.live--
	r := d.finish()
	g.truth.Call(r)
	g.count(r)
}

func (g *generator) count(r *truth.Call) {
	g.totals.Calls++
	g.totals.CallIDs += len(r.Legs)
	g.totals.Streams += len(r.Streams)
	if r.Answer != nil {
		g.totals.Answered++
	}
	for i := range g.attacks {
		if a := &g.attacks[i]; a.ID == r.AttackID {
			sum(a, r)
		}
	}
}

func sum(a *truth.Attack, r *truth.Call) {
	a.Extension = r.Extension
	a.Calls++
	a.Seconds += r.Duration
	if r.Answer != nil {
		a.Answered++
	}
	if start := r.Start; a.Start == nil || start.Before(*a.Start) {
		a.Start = &start
	}
	if end := r.End; a.End == nil || end.After(*a.End) {
		a.End = &end
	}
}
