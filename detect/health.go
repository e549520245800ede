package detect

import (
	"math"
	"slices"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/detect/rules"
	"tollwatch/detect/window"
)

// health knows of each trunk how many of its calls are refused at once as a
// rule, and how many were one after the other just now.
type health struct {
	table *window.LRU[string, trunkHealth] // by the trunk's name
}

type trunkHealth struct {
	refused, calls window.Decay // ordinary ones

	run     int                // calls refused one after the other
	last    time.Time          // the latest of them
	numbers [maxRefused]uint64 // hashes: a redial is no other call
	callers [2]uint64          // hashes of the first callers that differ

	inbound inbound
}

// Bounds of a run of refused calls.
const (
	maxRefused     = 16
	refusedWithin  = time.Hour // a run with a longer gap begins anew
	refusedFirst   = 3         // from here on a run teaches nothing
	healthHalfLife = halfLife * 24 * time.Hour
	// healthPrior calls, one in ten of them refused, are taken for known.
	healthPrior = 10
)

func newHealth() health { return health{window.NewLRU[string, trunkHealth](maxTrunks)} }

// observeHealth takes the end of a leg to a trunk, and its beginning where it
// rings or is answered.
func (e *Engine) observeHealth(c *ongoing, ev *call.Event) {
	if ev.Kind != call.EventRinging && ev.Kind != call.EventAnswered && ev.Kind != call.EventEnded {
		return
	}
	l := c.leg(ev.Leg.ID)
	if l == nil || l.side != toTrunk {
		return
	}
	t := e.roles.trunkAt(l.dst, l.request.Host, e.roles.accountAt(l))
	if t == nil {
		return
	}
	h := put(e.health.table, t.Name)
	h.refused.HalfLife, h.calls.HalfLife = healthHalfLife, healthHalfLife
	switch {
	case ev.Kind == call.EventRinging, ev.Kind == call.EventAnswered && ev.Leg.Ringing.IsZero():
		h.works(e.now)
		e.judgeSilence(t.Name, &h.inbound, c)
	case ev.Kind == call.EventEnded && refusedAtOnce(ev.Leg):
		e.refusedBy(t.Name, h, c, ev.Leg)
	}
}

// refusedAtOnce says that a call came back from the trunk before it rang
// anywhere, for want of channels, money, rights or a way.
func refusedAtOnce(l *call.Leg) bool {
	if !l.Ringing.IsZero() || !l.Answer.IsZero() || l.End.Sub(l.Start) > 10*time.Second {
		return false
	}
	switch l.Status {
	case 402, 403, 480, 486, 500, 503, 603:
		return true
	}
	return false
}

// works notes a call that came through.
func (h *trunkHealth) works(now time.Time) {
	h.forget()
	h.calls.Add(now, 1)
}

func (h *trunkHealth) forget() {
	h.run, h.numbers, h.callers = 0, [maxRefused]uint64{}, [2]uint64{}
}

// refusedBy counts a refused call, and judges the trunk.
func (e *Engine) refusedBy(name string, h *trunkHealth, c *ongoing, l *call.Leg) {
	if e.now.Sub(h.last) > refusedWithin {
		h.forget()
	}
	number := e.hash(l.Request.User)
	if slices.Contains(h.numbers[:min(h.run, maxRefused)], number) {
		return
	}
	h.last = e.now
	h.numbers[h.run%maxRefused] = number
	h.run++
	h.called(e.hash(c.extension))
	if h.run <= refusedFirst {
		h.refused.Add(e.now, 1)
		h.calls.Add(e.now, 1)
	}
	callers := 1
	if h.callers[1] != 0 {
		callers = 2
	}
	e.suspect(sign{scheme: TrunkTrouble, trunk: name, callID: c.callID, signs: rules.Signs{
		Trunk: name, Refused: h.run, RefusedUsual: h.usual(e.now), RefusedStatus: l.Status, RefusedCallers: callers,
	}})
}

func (h *trunkHealth) called(caller uint64) {
	switch {
	case h.callers[0] == 0:
		h.callers[0] = caller
	case h.callers[1] == 0 && caller != h.callers[0]:
		h.callers[1] = caller
	}
}

// usual is the share of calls that are refused at once as a rule.
func (h *trunkHealth) usual(now time.Time) float64 {
	return (h.refused.Value(now) + healthPrior/10) / (math.Max(h.calls.Value(now), 0) + healthPrior)
}

// observeRefusal takes the operator's no to this site's own registration.
func (e *Engine) observeRefusal(r *call.Registration) {
	s := sign{scheme: TrunkTrouble, signs: rules.Signs{Account: r.User, LoginsRefused: r.Failures}}
	if t := e.roles.trunkAt(r.Dst.Addr(), "", r.User); t != nil {
		s.trunk, s.signs.Trunk = t.Name, t.Name
	}
	e.suspect(s)
}

// health writes what was learned of the trunks.
func (w *writer) health(h *health) {
	w.int(int64(h.table.Len()))
	for name, t := range h.table.OldestFirst() {
		w.string(name)
		w.decay(&t.refused)
		w.decay(&t.calls)
		w.inbound(&t.inbound)
	}
}

func (r *reader) health(h *health) {
	for range r.count(maxTrunks) {
		t := put(h.table, r.string())
		r.decay(&t.refused)
		r.decay(&t.calls)
		if r.version > muteVersion {
			r.inbound(&t.inbound)
		}
	}
}

// decaySize is that of an encoded window.Decay.
const decaySize = 17

func (w *writer) decay(d *window.Decay) { w.b, _ = d.AppendBinary(w.b) }

func (r *reader) decay(d *window.Decay) {
	if b := r.take(decaySize); b == nil || d.UnmarshalBinary(b) != nil {
		r.failed = true
	}
}
