package packets

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"tollwatch/sensor/lab/plan"
	"tollwatch/sensor/lab/truth"
)

// begin starts the signalling of a call, and plans its media.
func (g *generator) begin(c *plan.Call, now int64) {
	if g.live >= maxCalls {
		g.tap.err = fmt.Errorf("generate call %d: more than %d calls at once; lower attack.calls_per_minute or the length of talks", c.ID, maxCalls)
		return
	}
	g.site = g.siteAt(now)
	seed := blend(blend(g.seed, 1), c.ID)
	p := g.parts(c, seed)
	d := &dialogue{call: c}
	for _, l := range append(append([]*leg{p.a}, p.others...), p.onward) {
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
	scripts, talks := g.write(c, &p, seed, now)
	g.live++
	g.totals.MostCalls = max(g.totals.MostCalls, g.live)
	d.describe(slices.Concat(scripts...), talks)
	d.pending = len(scripts)
	g.media(d, talks)
	for _, steps := range scripts {
		g.queue.push(steps[0].at, &signalling{tap: &g.tap, steps: steps, done: func() { g.ended(d) }})
	}
}

// write gives the scripts of a call, each in the order of time, and when its
// legs talk.
func (g *generator) write(c *plan.Call, p *parts, seed uint64, now int64) (scripts [][]step, talks []talk) {
	rng := rand.New(rand.NewPCG(seed, 3))
	s := script{now: now, rng: rng, retransmit: g.p.Wire.Retransmit}
	talks = s.flow(c, p, c.Direction == plan.Outbound && seed%2 == 0)
	scripts = append(scripts, s.steps)
	if p.onward != nil {
		o := script{now: now + int64(c.Onward.After), rng: rng}
		talks = append(talks, o.onward(c, p.onward)...)
		scripts = append(scripts, o.steps)
	}
	if c.ForgedBye > 0 {
		f := script{now: now + int64(c.ForgedBye), rng: rng}
		f.forgeBye(p.a, g.site.strangerAt(plan.Elsewhere(int(seed%250))))
		scripts = append(scripts, f.steps)
	}
	return scripts, talks
}

// parts are the legs of a call.
func (g *generator) parts(c *plan.Call, seed uint64) parts {
	seedA, seedB := blend(seed, 1), blend(seed, 2)
	p := parts{}
	switch c.Direction {
	case plan.Outbound:
		p.a = g.fromPhone(c, seedA)
		if c.Forged {
			p.a.login, p.a.caller, p.a.callee = nil, p.a.caller.outside(), p.a.callee.outside()
		}
		if c.Reaches() {
			p.others = append(p.others, g.toTrunk(c, c.CLI, c.SentToTrunk, seedB))
		}
	case plan.Inbound:
		p.a = g.fromTrunk(c, seedA)
		for i, ext := range c.Rings() {
			p.others = append(p.others, g.toPhone(ext, c.CLI, blend(seedB, uint64(i)<<8)))
		}
	default:
		p.a = g.fromPhone(c, seedA)
		if !c.Voicemail {
			p.others = append(p.others, g.toPhone(c.Peer, c.CLI, seedB))
		}
	}
	if o := c.Onward; o != nil {
		cli := c.CLI
		if i, ok := g.plan.Site.Phone(c.Extension); ok && c.Direction == plan.Inbound {
			cli = plan.ExtensionNumber(i)
		}
		p.onward = g.toTrunk(c, cli, o.SentToTrunk, blend(seed, 4))
		if o.How == plan.Forwarded || o.How == plan.Redirected {
			p.onward.diversion = "<sip:" + cli + "@" + g.site.pbx.host() + ">;reason=unconditional"
		}
	}
	return p
}

func (g *generator) full() bool { return g.p.Wire.View == "full" }

func (g *generator) fromPhone(c *plan.Call, seed uint64) *leg {
	s := g.site
	caller := s.phones[c.Extension]
	if c.Entry == plan.FromInternet || c.Entry == plan.FromStranger {
		caller = s.stranger
		if c.Address.IsValid() {
			caller = s.strangerAt(c.Address)
		}
	}
	l := newLeg(seed, caller, s.pbx, c.Extension, s.pbx.host(), c.DialledByPhone, s.pbx.host(), "Poste "+c.Extension)
	l.realm, l.visible = s.realm, g.full() && c.Entry != plan.FromPBX && (c.Entry != plan.FromPhone || g.plan.Site.SpeaksSIP(c.Extension))
	if c.Entry != plan.FromStranger {
		l.login = s.phones[c.Extension].login
	}
	return l
}

func (g *generator) toTrunk(c *plan.Call, cli, number string, seed uint64) *leg {
	s := g.site
	carrier := s.carriers[c.Trunk%len(s.carriers)]
	cli = plan.Written(cli, plan.TrunkFormat(g.p.Wire.TrunkFormat))
	l := newLeg(seed, s.pbx, carrier, cli, s.pbx.host(), number, carrier.host(), "")
	l.asserted = s.pbx.make.Asserted(cli, s.pbx.host())
	l.trunk = true
	return l
}

func (g *generator) fromTrunk(c *plan.Call, seed uint64) *leg {
	s := g.site
	carrier := s.carriers[c.Trunk%len(s.carriers)]
	cli := plan.Written(c.CLI, plan.TrunkFormat(g.p.Wire.TrunkFormat))
	l := newLeg(seed, carrier, s.pbx, cli, carrier.host(), c.SentToTrunk, s.pbx.hostPort(), "")
	l.asserted = carrier.make.Asserted(cli, carrier.host())
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
	l.visible = g.full() && g.plan.Site.SpeaksSIP(ext)
	return l
}

// media starts the streams of the legs that talk where they are seen.
func (g *generator) media(d *dialogue, talks []talk) {
	w := g.p.Wire
	if w.Media == "none" || w.Media == "attack" && d.call.Label == "" || d.call.Media == plan.Silent {
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
		heard := []*stream{out, in}
		if d.call.Media == plan.OneWay {
			heard = heard[:1]
		}
		for _, s := range heard {
			d.streams = append(d.streams, s)
			d.pending++
			g.queue.push(s.begin, s)
		}
		if tk.fax.end > tk.fax.begin {
			g.fax(d, tk, done)
		}
	}
}

// fax starts what replaces speech, both ways.
func (g *generator) fax(d *dialogue, tk talk, done func()) {
	for end := range 2 {
		f := newFacsimile(&g.tap, tk, end, done)
		d.faxes = append(d.faxes, f)
		d.pending++
		g.queue.push(f.at(0), f)
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
