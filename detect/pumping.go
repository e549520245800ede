package detect

import (
	"time"

	"tollwatch/decoder/call"
	"tollwatch/detect/numbering"
	"tollwatch/detect/rules"
	"tollwatch/detect/window"
)

// lines are the toll-free numbers of the site, for whose calls it pays.
type lines struct {
	table *window.LRU[string, line]
}

// line is one of them.
type line struct {
	last    [8]even // answered calls that their callers ended, the oldest first
	n       int
	day     int32
	minutes float64 // of that day
}

// even is a call that may be like others.
type even struct {
	at      time.Time
	seconds float64
	caller  uint64
}

// maxLines bounds the toll-free numbers of a site.
const maxLines = 64

func newLines() lines { return lines{window.NewLRU[string, line](maxLines)} }

// pump looks at an answered call to a toll-free number of the site that is over.
func (e *Engine) pump(c *ongoing, l *call.Leg) {
	if l.Answer.IsZero() || e.resolve(&c.legs[0]).Class != numbering.TollFree {
		return
	}
	called := named(c.legs[0].request.User)
	n := put(e.lines.table, called)
	if n.day != e.memory.day {
		n.day, n.minutes = e.memory.day, 0
	}
	n.minutes += l.Duration().Minutes()
	if l.EndBy == call.Caller {
		n.add(even{e.now, l.Duration().Seconds(), e.hash(c.caller())})
	}
	s := rules.Signs{Called: called, Minutes: n.minutes, MinutesUsual: e.memory.learned.tollFree}
	s.EvenCalls, s.EvenCallers, s.EvenSpread = n.evenness(e.now)
	e.suspect(sign{scheme: TollFraud, caller: called, trunk: c.trunk, callID: c.callID, signs: s})
	if e.signDecision.Score == 0 {
		e.memory.today.tollFree += l.Duration().Minutes()
	}
}

func (n *line) add(x even) {
	if n.n == len(n.last) {
		copy(n.last[:], n.last[1:])
		n.n--
	}
	n.last[n.n] = x
	n.n++
}

// evenness counts the calls of the last hour and their callers, and compares
// their durations.
func (n *line) evenness(now time.Time) (calls, callers int, spread float64) {
	var seconds [len(n.last)]float64
	for i := range n.last[:n.n] {
		x := &n.last[i]
		if now.Sub(x.at) > time.Hour {
			continue
		}
		seconds[calls] = x.seconds
		calls++
		first := true
		for j := range i {
			first = first && n.last[j].caller != x.caller
		}
		if first {
			callers++
		}
	}
	return calls, callers, variation(seconds[:calls])
}
