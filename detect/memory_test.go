package detect

import (
	"math"
	"testing"

	"tollwatch/detect/numbering"
)

var (
	cayman = groupKey{"KY", numbering.International}
	niger  = groupKey{"NE", numbering.International}
	newAll = groupKey{} // all new destinations taken together
)

// watched is a memory that saw its first event on monday.
func watched() *memory {
	m := newMemory()
	m.begin(monday, paris)
	return &m
}

// ordinary teaches ordinary calls to a group, that is new or not.
func (m *memory) ordinary(key groupKey, fresh bool, calls int) {
	for range calls {
		m.teach(key, 1)
		if fresh {
			m.teach(newAll, 0)
		}
	}
}

// waiting is how many calls of a day and a group wait in quarantine.
func (m *memory) waiting(key groupKey, day int32) (calls int) {
	for _, l := range m.lessons {
		if l.key == key && l.day == day {
			calls += int(l.calls)
		}
	}
	return calls
}

// TestForgetLeavesWhatOthersTaught: of new destinations as such, an incident takes
// what its group's calls taught on each day, and no more, however often it is
// told; once the quarantine is over the rest is believed.
func TestForgetLeavesWhatOthersTaught(t *testing.T) {
	m := watched()
	first := m.day
	m.ordinary(cayman, true, 2)
	m.ordinary(niger, true, 3)
	m.begin(monday.AddDate(0, 0, 1), paris)
	m.ordinary(niger, true, 4) // the pool's lesson stands before and behind the group's
	m.ordinary(cayman, true, 1)
	m.begin(monday.AddDate(0, 0, 2), paris)
	m.ordinary(niger, true, 5) // a day without the group
	for range 2 {
		m.forget(cayman)
		for i, want := range []struct{ cayman, niger, newAll int }{{0, 3, 3}, {0, 4, 4}, {0, 5, 5}} {
			day := first + int32(i)
			if a, b, all := m.waiting(cayman, day), m.waiting(niger, day), m.waiting(newAll, day); a != want.cayman || b != want.niger || all != want.newAll {
				t.Errorf("day %d: got %d, %d and together %d calls in quarantine, want %+v", i+1, a, b, all, want)
			}
		}
	}
	for _, key := range []groupKey{cayman, niger} {
		m.group(key)
	}
	m.begin(monday.AddDate(0, 0, 10), paris)
	if g := m.find(cayman); g.known(m.day) || g.in90Days(m.day) != 0 {
		t.Errorf("got %+v, want nothing learned of what was forgotten", g)
	}
	if n, all := m.find(niger).in90Days(m.day), m.fresh.in90Days(m.day); n != 12 || all != 12 {
		t.Errorf("got %d calls learned of the other group and %d of new destinations, want 12 of each", n, all)
	}
}

// TestForgetAKnownGroup is a known gap: the calls to a known group taught the pool
// nothing, yet as many are taken from it, because a lesson does not say how many
// of its calls were to a place that was new then. The price is that a site with
// an incident at a known place learns later, by days, that it calls new ones.
func TestForgetAKnownGroup(t *testing.T) {
	m := watched()
	m.ordinary(niger, true, 3)
	m.ordinary(cayman, false, 2)
	m.forget(cayman)
	if got := m.waiting(newAll, m.day); got != 1 {
		t.Errorf("got %d calls to new destinations in quarantine, want 1 while the gap is open; with 3 it is closed: want that", got)
	}
}

// TestExposureIsWhatIsBelieved: while nothing can be believed yet no time has
// passed for a rate; then it grows as the counts that decay beside it.
func TestExposureIsWhatIsBelieved(t *testing.T) {
	m := watched()
	for d := range quarantine + 1 {
		m.begin(monday.AddDate(0, 0, d), paris)
		if got := m.exposure(); got != 0 {
			t.Errorf("got %g periods on day %d, want 0", got, d)
		}
	}
	// A call in each period of ten minutes, each halved in a month, adds up to
	// the periods: then the rate learned is one.
	const perDay = 24 * 6
	calls := 0.0
	for day := 1; day <= 400; day++ {
		calls *= math.Exp2(-1.0 / halfLife)
		calls += perDay
		m.begin(monday.AddDate(0, 0, quarantine+day), paris)
		got := m.exposure()
		if math.Abs(got/calls-1) > 1.0/halfLife {
			t.Fatalf("got %g periods after %d days and the quarantine, want about %.0f", got, day, calls)
		}
	}
}
