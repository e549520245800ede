package honest

import (
	"math"
	"strings"
	"testing"
	"time"

	"tollwatch/sensor/lab/labtest"
	"tollwatch/sensor/lab/plan"
)

// only is half a year of an office that has nothing but what set switches on.
func only(t *testing.T, set func(*Traffic)) (*plan.Site, []plan.Item) {
	t.Helper()
	p, _ := Lookup("office")
	tr := p.Traffic
	tr.habits, tr.machines, tr.trade, tr.NoBye, tr.Outbound, tr.Inbound, tr.Internal = habits{}, machines{}, trade{}, 0, 0, 0, 0
	set(&tr)
	s := site(t, p, 7, 182*24*time.Hour)
	return s, all(plan.New(s, Sources(s, &tr)))
}

func all(p *plan.Plan) []plan.Item {
	var items []plan.Item
	for it, ok := p.Next(); ok; it, ok = p.Next() {
		items = append(items, it)
	}
	return items
}

// mean is how many come in so many working days, when days differ; and four
// standard errors.
func mean(t *Traffic, s *plan.Site, aDay float64) (want, by float64) {
	variance := 0.0
	for d := range int(s.Length.Hours() / 24) {
		m := aDay * t.share(wallClock(s, s.Start, d, 12*time.Hour).In(s.Zone))
		want += m
		variance += m + m*m*math.Expm1(t.DaySpread*t.DaySpread)
	}
	return want, 4 * math.Sqrt(variance)
}

// TestPremium: so many of the calls at home go to hotlines, and no other call is
// another for it.
func TestPremium(t *testing.T) {
	const share = .1
	run := func(premium float64) []plan.Item {
		_, items := only(t, func(tr *Traffic) { tr.Outbound, tr.Premium = 60, premium })
		return items
	}
	without, with := run(0), run(share)
	if len(with) != len(without) {
		t.Fatalf("%d calls with premium numbers, %d without", len(with), len(without))
	}
	home, premium := 0.0, 0.0
	for i := range with {
		a, b := with[i].Call, without[i].Call
		if strings.HasPrefix(b.Number, plan.HomePrefix) {
			home++
		}
		if r, _ := plan.Block(a.Number); r.Kind == plan.Premium {
			premium++
			continue
		}
		if a.Number != b.Number || !a.Start.Equal(b.Start) || a.Duration != b.Duration {
			t.Fatalf("call %d is another: %+v, was %+v", i, a, b)
		}
	}
	labtest.Near(t, "premium", premium/home, share, 4*math.Sqrt(share*(1-share)/home))
}

// TestGuestsTalkLonger: by so much in the mean of the logarithm, and others do
// not.
func TestGuestsTalkLonger(t *testing.T) {
	var logs [2][]float64
	_, items := only(t, func(tr *Traffic) {
		tr.Outbound, tr.International, tr.Guests, tr.GuestsLonger, tr.TalkMost = 300, .5, 1, 1, 1000*time.Hour
	})
	for _, it := range items {
		if c := it.Call; c.Outcome == plan.Answered {
			abroad := 0
			if !strings.HasPrefix(c.Number, plan.HomePrefix) {
				abroad = 1
			}
			logs[abroad] = append(logs[abroad], math.Log(c.Duration.Seconds()))
		}
	}
	home, _ := labtest.Moments(logs[0])
	abroad, _ := labtest.Moments(logs[1])
	labtest.Near(t, "ln of the ratio", abroad-home, math.Ln2, 4*math.Sqrt(1/float64(len(logs[0]))+1/float64(len(logs[1]))))
}

// TestEvening: a share of the day's calls moves to the evening where a site is
// open, and the day has as many as before.
func TestEvening(t *testing.T) {
	for _, p := range Profiles() {
		tr := p.Traffic
		tr.Evening = 0
		before := dayShape(&tr)
		tr.Evening = .3
		after := dayShape(&tr)
		sum, moved := 0.0, 0.0
		for i := range after {
			sum += after[i]
			if hump := after[i] - before[i]*.7; hump > 1e-12 {
				moved += hump
			}
		}
		want := .3
		if tr.Closes <= 19*time.Hour {
			want, moved = 0, sum-1
		}
		labtest.Near(t, p.Name+": a day's calls", sum, 1, 1e-9)
		labtest.Near(t, p.Name+": in the evening", moved, want, 1e-9)
	}
}

func TestFaxesAndTerminals(t *testing.T) {
	for name, c := range map[string]struct {
		set   func(*Traffic)
		right func(*plan.Call) bool
	}{
		"faxes": {func(tr *Traffic) { tr.FaxesIn = 12 }, func(c *plan.Call) bool {
			return c.Direction == plan.Inbound && c.Media == plan.Fax && c.Extension == "215" && c.CLI == c.Number && c.Duration >= 40*time.Second
		}},
		"terminals": {func(tr *Traffic) { tr.Terminals = 12 }, func(c *plan.Call) bool {
			return c.Direction == plan.Outbound && c.Extension == "214" && c.Duration >= 8*time.Second && c.Duration <= 25*time.Second
		}},
	} {
		s, items := only(t, c.set)
		numbers := map[string]bool{}
		for _, it := range items {
			numbers[it.Call.Number] = true
			if !c.right(it.Call) || it.Call.Outcome != plan.Answered {
				t.Fatalf("%s: %+v", name, it.Call)
			}
		}
		if one := len(numbers) == 1; one != (name == "terminals") {
			t.Errorf("%s: %d numbers", name, len(numbers))
		}
		p, _ := Lookup("office")
		want, by := mean(&p.Traffic, s, 12)
		labtest.Near(t, name, float64(len(items)), want, by)
	}
}

// TestLifts: each calls every third night within two seconds, at whatever time
// the scenario begins.
func TestLifts(t *testing.T) {
	const n = 5
	s, items := only(t, func(tr *Traffic) { tr.Lifts = n })
	tests := map[time.Duration]int{}
	for _, it := range items {
		at := it.At.Sub(it.At.Truncate(liftTest)).Truncate(time.Minute)
		tests[at]++
		if night := at % (24 * time.Hour); night < time.Hour || night >= 5*time.Hour {
			t.Errorf("a lift calls at %s", night)
		}
	}
	if len(tests) != n {
		t.Errorf("tests begin at %v of three days, want %d times", tests, n)
	}
	for at, calls := range tests {
		if days := int(s.Length.Hours() / 24); calls < days/3 || calls > days/3+1 {
			t.Errorf("the lift of %s calls %d times in %d days", at, calls, days)
		}
	}
	p, _ := Lookup("office")
	later := site(t, p, 7, 30*24*time.Hour)
	later.Start = later.Start.Add(1000 * time.Hour)
	tr := Traffic{Contacts: 1, ContactsAbroad: 1, trade: trade{Lifts: n}}
	for _, it := range all(plan.New(later, Sources(later, &tr))) {
		if at := it.At.Sub(it.At.Truncate(liftTest)).Truncate(time.Minute); tests[at] == 0 {
			t.Errorf("of a scenario that begins later, a lift calls at %s", at)
		}
	}
}

// TestCleaning: the clock on the wall says between eight and eleven in the
// evening, in winter, in summer and on the days between; on Sundays only where
// they are working days.
func TestCleaning(t *testing.T) {
	for _, weekend := range []float64{.05, 1} {
		var traffic Traffic
		s, items := only(t, func(tr *Traffic) { tr.Cleaning, tr.Weekend = 4, weekend; traffic = *tr })
		days, offsets := 0.0, map[int]bool{}
		for d := range 182 {
			if traffic.share(wallClock(s, s.Start, d, 12*time.Hour)) >= .5 {
				days++
			}
		}
		for _, it := range items {
			local := it.At.In(s.Zone)
			_, offset := local.Zone()
			offsets[offset] = true
			if local.Hour() < 20 || local.Hour() >= 23 || local.Weekday() == time.Sunday && weekend < .5 {
				t.Errorf("somebody cleans on %s", local)
			}
		}
		labtest.Near(t, "calls", float64(len(items)), 4*days, 4*math.Sqrt(4*days))
		if len(offsets) != 2 {
			t.Errorf("got the offsets %v, want winter and summer", offsets)
		}
	}
}

func TestMonitoring(t *testing.T) {
	_, items := only(t, func(tr *Traffic) { tr.Monitoring = 48 })
	for i, it := range items {
		if it.Probe == nil || it.Probe.Method != "OPTIONS" || it.Probe.Address != items[0].Probe.Address || it.Probe.Label != "" {
			t.Fatalf("%+v", it)
		}
		if i > 0 && it.At.Sub(items[i-1].At) != 30*time.Minute {
			t.Fatalf("a request at %s follows one at %s", it.At, items[i-1].At)
		}
	}
	if len(items) != 182*48 {
		t.Errorf("got %d requests, want %d", len(items), 182*48)
	}
}
