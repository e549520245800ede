package detect

import "time"

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
	e.looks, e.watched, e.closed, e.nextClosed = e.looks[:0], recent{}, [maxClosed]closedCall{}, 0
	e.spend.Reset()
	e.newSpend.Reset()
	e.talks = newTalks()
	e.caps.restart(now, e.cfg.Location)
	e.newTold, e.numbersTold, e.newNumbers, e.door = 0, 0, newNumbers{}, nil
	e.callers, e.onward, e.baits, e.lines = newCallers(), onward{}, newBaits(), newLines()
	e.memory.restart(now, e.cfg.Location)
	e.now = now
	return Result{Alerts: e.alerts}
}

// restart moves what is numbered by days back with the clock.
func (m *memory) restart(now time.Time, where *time.Location) {
	back := max(m.day-dayOf(now, where), 0)
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
	m.midnight = midnight(now, where)
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
