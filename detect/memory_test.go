package detect

import (
	"math"
	"testing"

	"tollwatch/detect/numbering"
	"tollwatch/detect/rules"
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
		m.teach(key, 1, 1, fresh)
		if fresh {
			m.teach(newAll, 0, 0, false)
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

// TestForgetAKnownGroup: its calls taught the pool nothing, and take nothing away.
func TestForgetAKnownGroup(t *testing.T) {
	m := watched()
	m.ordinary(niger, true, 3)
	m.ordinary(cayman, false, 2)
	m.forget(cayman)
	if got := m.waiting(newAll, m.day); got != 3 {
		t.Errorf("got %d calls to new destinations in quarantine, want 3", got)
	}
}

// TestKnownByThreeDaysAndNumbers: neither one number for a week nor one day of
// many numbers makes a destination known, and what the first 14 days taught is
// early until three later days say the same.
func TestKnownByThreeDaysAndNumbers(t *testing.T) {
	for _, c := range []struct {
		name          string
		days, numbers int
		known         bool
	}{{"one number", 7, 1, false}, {"one day", 1, 9, false}, {"two days", 2, 9, false}, {"three of each", 3, 3, true}} {
		m := watched()
		for d := range c.days {
			m.begin(monday.AddDate(0, 0, d), paris)
			m.group(cayman)
			for n := range c.numbers {
				m.teach(cayman, 1, uint64(n+1), true)
			}
		}
		m.begin(monday.AddDate(0, 0, 20), paris)
		g := m.find(cayman)
		if got := g.known(m.day); got != c.known || g.early(m.day) != c.known {
			t.Errorf("%s: got known %t, early %t; want both %t", c.name, got, g.early(m.day), c.known)
		}
		for d := range 3 {
			m.begin(monday.AddDate(0, 0, 21+d), paris)
			for n := range 3 {
				m.teach(cayman, 1, uint64(n+1), false)
			}
		}
		m.begin(monday.AddDate(0, 0, 30), paris)
		if !g.known(m.day) || g.early(m.day) {
			t.Errorf("%s: got known %t, early %t three days later; want known for good", c.name, g.known(m.day), g.early(m.day))
		}
	}
}

// TestLimitsGrowSlowly: a hundredfold bill after the first 14 days makes the
// limit half as high again after a month, and never ten times what it was.
func TestLimitsGrowSlowly(t *testing.T) {
	m := watched()
	day := func(d int, dearest float64) float64 {
		m.begin(monday.AddDate(0, 0, d), paris)
		m.today.dearest = dearest
		return m.budget(5, 0)
	}
	for d := range 20 {
		day(d, 10)
	}
	first := day(20, 10)
	if first < 15 || first > 19 {
		t.Errorf("got %g EUR an hour after 20 days of 10, want about 15", first)
	}
	for d := 21; d <= 44; d++ {
		day(d, 1000)
	}
	if got := day(44, 1000); math.Abs(got-1.5*15) > 0.01 {
		t.Errorf("got %g EUR a month after the first 14 days, want 22.5", got)
	}
	if got := day(400, 1000); got > 150.01 {
		t.Errorf("got %g EUR after a year, want no more than 150", got)
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
	// A call in each working period of ten minutes, each halved in a month, adds up to
	// the periods: then the rate learned is one.
	calls := 0.0
	for day := 1; day <= 400; day++ {
		calls *= math.Exp2(-1.0 / halfLife)
		calls += rules.PeriodsADay
		m.begin(monday.AddDate(0, 0, quarantine+day), paris)
		got := m.exposure()
		if math.Abs(got/calls-1) > 1.0/halfLife {
			t.Fatalf("got %g periods after %d days and the quarantine, want about %.0f", got, day, calls)
		}
	}
}
