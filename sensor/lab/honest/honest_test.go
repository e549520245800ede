package honest

import (
	"math"
	"runtime"
	"testing"
	"time"

	"tollwatch/sensor/lab/labtest"
	"tollwatch/sensor/lab/plan"
)

func site(t testing.TB, p Profile, seed uint64, length time.Duration) *plan.Site {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return &plan.Site{Start: time.Date(2026, 2, 2, 0, 0, 0, 0, zone), Length: length, Zone: zone, Extensions: p.Extensions,
		OutsidePrefix: "0", TrunkFormat: plan.E164, Seed: seed, Run: seed, Desks: plan.NewDesks(p.Extensions)}
}

// year is everything that happens at a site in a year.
func year(t testing.TB, name string, seed uint64) []plan.Item {
	t.Helper()
	p, ok := Lookup(name)
	if !ok {
		t.Fatalf("no profile %s", name)
	}
	s := site(t, p, seed, 365*24*time.Hour)
	pl := plan.New(s, Sources(s, &p.Traffic))
	var items []plan.Item
	for it, ok := pl.Next(); ok; it, ok = pl.Next() {
		items = append(items, it)
	}
	return items
}

// TestAYearOfEachProfile: time never runs backwards, everything begins within
// the year, every number is of a block, and volumes are what the profile says.
func TestAYearOfEachProfile(t *testing.T) {
	for _, p := range Profiles() {
		items := year(t, p.Name, 3)
		last := time.Time{}
		calls := map[plan.Direction]int{}
		for _, it := range items {
			if it.At.Before(last) {
				t.Fatalf("%s: an item at %s follows one at %s", p.Name, it.At, last)
			}
			last = it.At
			if c := it.Call; c != nil {
				if c.Media != plan.Fax {
					calls[c.Direction]++
				}
				if _, ok := plan.Block(c.Number); !ok && c.Direction != plan.Internal {
					t.Fatalf("%s: %q is no number of the lab", p.Name, c.Number)
				}
				if c.AnswerAfter < 0 || c.Duration < 0 || c.Label != "" {
					t.Fatalf("%s: %+v", p.Name, c)
				}
			}
		}
		days := 0.0
		start := items[0].At
		for d := range 365 {
			days += p.Traffic.share(start.AddDate(0, 0, d))
		}
		// Busy people make fewer; habits and machines add theirs. TestClaims counts what people alone make.
		if got, want := float64(calls[plan.Outbound]), days*p.Traffic.Outbound; got < want*.75 || got > want*2 {
			t.Errorf("%s: %0.f calls out, want about %.0f", p.Name, got, want)
		}
		if got, want := float64(calls[plan.Inbound]), days*p.Traffic.Inbound; math.Abs(got-want) > 4*math.Sqrt(want+want*p.Traffic.Inbound*.0645)+.02*want {
			t.Errorf("%s: %0.f calls in, want about %.0f", p.Name, got, want)
		}
	}
}

// TestCalendar: holidays of two years, and the clock's changes.
func TestCalendar(t *testing.T) {
	for date, want := range map[string]bool{
		"2026-04-06": true, "2026-05-14": true, "2026-05-25": true, "2026-07-14": true, "2026-12-25": true, "2026-12-28": true,
		"2027-03-29": true, "2026-04-05": false, "2026-03-06": false, "2026-12-23": false, "2027-01-01": true,
	} {
		day, err := time.Parse(time.DateOnly, date)
		if err != nil {
			t.Fatal(err)
		}
		if got := holiday(day); got != want {
			t.Errorf("%s: holiday %v, want %v", date, got, want)
		}
	}
}

// TestHoursFollowTheClock: an office opens at the same hour of the wall clock
// before and after the clock is changed.
func TestHoursFollowTheClock(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	earliest := map[bool]int{true: 24 * 60, false: 24 * 60}
	n := 0
	for _, it := range year(t, "trading", 5) {
		local := it.At.In(zone)
		_, offset := local.Zone()
		if c := it.Call; c == nil || c.Direction != plan.Inbound || local.Hour() < 7 || local.Weekday() == time.Saturday || local.Weekday() == time.Sunday || local.Hour() > 12 {
			continue
		}
		n++
		if m := local.Hour()*60 + local.Minute(); m >= 8*60 {
			earliest[offset == 7200] = min(earliest[offset == 7200], m)
		}
	}
	if n < 1000 || earliest[true] > 8*60+30 || earliest[false] > 8*60+30 {
		t.Errorf("%d calls; the first of a morning at minute %d in summer, %d in winter, want soon after 08:00", n, earliest[true], earliest[false])
	}
}

// TestNightsOfTheClock: in the night in which an hour is left out its calls are
// not made, in that which has it twice they are made twice, and at every other
// time of day the rate is that of the day before.
func TestNightsOfTheClock(t *testing.T) {
	p, _ := Lookup("hospital")
	tr := p.Traffic
	tr.DaySpread, tr.Weekend, tr.Holidays, tr.Season = 0, 1, false, 0
	s := site(t, p, 1, 365*24*time.Hour)
	const perDay = 1000
	a := newArrivals(s, &tr, 1, perDay)
	night := 0.0 // of the hour in question
	for _, share := range a.shape[2*4 : 3*4] {
		night += share * perDay
	}
	for day, want := range map[string]float64{"2026-03-28": 0, "2026-03-29": -night, "2026-10-24": 0, "2026-10-25": night} {
		begin, err := time.ParseInLocation(time.DateOnly, day, s.Zone)
		if err != nil {
			t.Fatal(err)
		}
		calls := 0.0
		for at := begin; at.Before(midnight(s, begin, 1)); at = at.Add(quarter) {
			rate := a.rate(at)
			calls += rate * quarter.Seconds()
			local := at.In(s.Zone)
			if before := a.rate(wallClock(s, at, -1, time.Duration(local.Hour())*time.Hour+time.Duration(local.Minute())*time.Minute)); rate != before {
				t.Errorf("%s: rate %g, on the day before %g", local, rate, before)
			}
		}
		labtest.Near(t, day, calls, perDay+want, 1e-6)
	}
	if night < 1 {
		t.Errorf("%.1f calls in the hour: nothing can be seen", night)
	}
}

// TestMemoryIsConstant: a month of the busiest site, with all that can be
// switched on, holds no more than its first day.
func TestMemoryIsConstant(t *testing.T) {
	p, _ := Lookup("call_centre")
	tr := p.Traffic
	tr.trade = trade{Premium: .01, GuestsLonger: .5, Evening: .1, FaxesIn: 20, Terminals: 100, Lifts: 20, Cleaning: 4, Monitoring: 1440}
	tr.Alarms, tr.Faxes, tr.Probes, tr.Guests, tr.CallBack = 24, 20, 1000, .5, .5
	s := site(t, p, 1, 30*24*time.Hour)
	pl := plan.New(s, Sources(s, &tr))
	calls, early := 0, uint64(0)
	for it, ok := pl.Next(); ok; it, ok = pl.Next() {
		if early == 0 && it.At.Sub(s.Start) > 24*time.Hour {
			early = labtest.Heap()
		}
		if it.Call != nil {
			calls++
		}
	}
	const slack = 64 << 10 // what the runtime itself comes to hold
	if now := labtest.Heap(); calls < 100_000 || now > early+slack {
		t.Errorf("got %d calls and %d bytes after them, want more than 100,000 and at most %d", calls, now, early+slack)
	}
	runtime.KeepAlive(pl)
}

// BenchmarkSiteMonth is what a month of each profile costs, and each call of it.
func BenchmarkSiteMonth(b *testing.B) {
	for _, p := range Profiles() {
		b.Run(p.Name, func(b *testing.B) {
			b.ReportAllocs()
			calls := 0
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			for b.Loop() {
				s := site(b, p, 1, 30*24*time.Hour)
				pl := plan.New(s, Sources(s, &p.Traffic))
				for it, ok := pl.Next(); ok; it, ok = pl.Next() {
					if it.Call != nil {
						calls++
					}
				}
			}
			runtime.ReadMemStats(&after)
			b.ReportMetric(float64(calls)/float64(b.N), "calls/op")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(calls), "ns/call")
			b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/float64(calls), "B/call")
		})
	}
}
