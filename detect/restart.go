package detect

import (
	"time"

	"tollwatch/detect/calendar"
	"tollwatch/detect/window"
)

// lately is what the engine knows of the last minutes, hours or days, and nothing
// else: what Restart forgets.
type lately struct {
	watched recent          // starts of calls to watched classes
	spend   *window.Buckets // EUR on costly calls in an hour

	newSpend    *window.Buckets // EUR on calls to new destinations in a day
	newTold     float64         // of that, when it was last too much
	newNumbers  newNumbers
	numbersTold int // of them, when they were last too many

	talks   talks
	logins  logins
	gate    gate
	callers callers
	onward  onward
	baits   baits
	lines   lines
	ends    lastEnds

	told       []*word   // of what woke somebody within a day
	door       *incident // of the strangers, open or over; nil when there was none
	closed     [maxClosed]closedCall
	nextClosed int
}

func newLately() lately {
	return lately{
		spend: window.NewBuckets(12, time.Hour/12), newSpend: window.NewBuckets(24, time.Hour),
		talks: newTalks(), logins: newLogins(), gate: newGate(), callers: newCallers(), baits: newBaits(), lines: newLines(),
	}
}

// Restart begins time anew at now, earlier than it was: the clock of the capture
// was set back. Running calls and the last minutes are forgotten, and teach
// nothing; open incidents close; what was learned keeps its age.
func (e *Engine) Restart(now time.Time) Result {
	e.alerts = e.alerts[:0]
	for len(e.incidents) > 0 {
		e.close(0)
	}
	for id, slot := range e.calls.OldestFirst() {
		e.letGo(*slot)
		e.calls.Delete(id)
	}
	e.looks, e.lately = e.looks[:0], newLately()
	e.health.restart()
	e.sound = newSound()
	e.origins.restart()
	e.bindings.restart(max(e.memory.day-calendar.Day(now, e.cfg.Location), 0))
	e.trail.restart(e.now.Sub(now))
	e.caps.restart(now, e.cfg.Location)
	e.memory.restart(now, e.cfg.Location)
	e.restartWords(e.now.Sub(now))
	e.now = now
	return Result{Alerts: e.alerts}
}

// restart moves what is numbered by days back with the clock.
func (m *memory) restart(now time.Time, where *time.Location) {
	back := max(m.day-calendar.Day(now, where), 0)
	m.fresh.restart(back)
	for _, g := range m.groups.OldestFirst() {
		(*g).restart(back)
	}
	for _, x := range m.extensions.OldestFirst() {
		(*x).restart(back)
	}
	for _, n := range m.customs.OldestFirst() {
		n.restart(back)
	}
	for i := range m.lessons {
		m.lessons[i].day -= back
	}
	m.day, m.begun = m.day-back, m.begun-back
	m.midnight = calendar.Midnight(now, where)
	if m.day > 0 {
		m.since = m.since.AddDate(0, 0, -int(back))
	}
}

func (g *group) restart(back int32) {
	g.recent, g.train = recent{}, train{}
	g.day -= back
	if g.lastDay > 0 {
		g.lastDay = max(g.lastDay-back, 1)
	}
	g.week -= back / 7
}

func (x *extension) restart(back int32) {
	if x.abroad > 0 {
		x.abroad = max(x.abroad-back, 1)
	}
	for _, m := range [...]*many{&x.all, &x.dear} {
		if m.day > 0 {
			m.day = max(m.day-back, 1)
		}
	}
}

// restart ends the runs of refused calls.
func (h *health) restart() {
	for _, t := range h.table.OldestFirst() {
		t.forget()
		t.last, t.inbound = time.Time{}, inbound{}
	}
}

// restart moves the links back with the clock.
func (t *trail) restart(back time.Duration) {
	for _, l := range t.sources.OldestFirst() {
		l.Time = l.Time.Add(-back)
	}
	for _, table := range [...]*window.LRU[string, Link]{t.extensions, t.tests, t.targets} {
		for _, l := range table.OldestFirst() {
			l.Time = l.Time.Add(-back)
		}
	}
}
