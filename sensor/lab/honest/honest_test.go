package honest

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

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
				calls[c.Direction]++
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
		// Habits add to the calls out, busy people make fewer: within a third.
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
		near(t, day, calls, perDay+want, 1e-6)
	}
	if night < 1 {
		t.Errorf("%.1f calls in the hour: nothing can be seen", night)
	}
}

// TestStatistics holds each profile to the laws that it claims, within four
// standard errors: talks are lognormal of its median and sigma, its share of
// calls is answered, days differ by exp(N(0, spread)).
func TestStatistics(t *testing.T) {
	for _, p := range Profiles() {
		tr := p.Traffic
		tr.habits, tr.machines, tr.NoBye, tr.Voicemail = habits{}, machines{}, 0, 0
		s := site(t, p, 11, 364*24*time.Hour)
		tr.Holidays, tr.Vacations, tr.Season = false, 0, 0
		in := newPeople(s, &tr, plan.Inbound, newContacts(s, &tr), &plan.Pending{})
		free := &plan.Site{}
		*free = *s
		var logs []float64
		answered, n := 0, 0
		days := map[string]int{}
		for {
			at, ok := in.At()
			if !ok {
				break
			}
			free.Desks = plan.NewDesks(p.Extensions) // nobody is busy: that law is another
			in.site = free
			it, ok := in.Take()
			if !ok {
				t.Fatal("an inbound call was not made")
			}
			n++
			if wd := at.In(s.Zone).Weekday(); wd != time.Saturday && wd != time.Sunday {
				days[at.In(s.Zone).Format(time.DateOnly)]++
			}
			if it.Call.Outcome == plan.Answered {
				answered++
				logs = append(logs, math.Log(it.Call.Duration.Seconds()))
			}
		}
		mu, sigma := moments(logs)
		near(t, p.Name+": mean of ln seconds", mu, math.Log(tr.TalkMedian.Seconds()), 4*tr.TalkSigma/math.Sqrt(float64(len(logs)))+.02)
		near(t, p.Name+": sigma of ln seconds", sigma, tr.TalkSigma, 4*tr.TalkSigma/math.Sqrt(2*float64(len(logs)))+.03)
		near(t, p.Name+": answered", float64(answered)/float64(n), tr.Answer, 4*math.Sqrt(tr.Answer*(1-tr.Answer)/float64(n)))
		counts := make([]float64, 0, len(days))
		for _, c := range days {
			counts = append(counts, float64(c))
		}
		mean, spread := moments(counts)
		// Variance of a Poisson count whose mean is lognormal: m + m²(e^s² − 1).
		want := math.Sqrt(mean + mean*mean*(math.Exp(tr.DaySpread*tr.DaySpread)-1))
		near(t, p.Name+": sigma of a day's calls", spread/want, 1, 4/math.Sqrt(2*float64(len(counts)))+.05)
	}
}

// TestArrivalsArePoisson: within a quarter of an hour, gaps are exponential
// (Kolmogorov–Smirnov, Lilliefors' critical value at 1 %).
func TestArrivalsArePoisson(t *testing.T) {
	p, _ := Lookup("call_centre")
	tr := p.Traffic
	tr.DaySpread = 0
	s := site(t, p, 2, 14*24*time.Hour)
	a := newArrivals(s, &tr, 1, 6000)
	var uniform []float64
	for {
		at, ok := a.At()
		if !ok {
			break
		}
		uniform = append(uniform, at.Sub(at.Truncate(quarter)).Seconds()/quarter.Seconds())
		a.advance()
	}
	slices.Sort(uniform)
	worst := 0.0
	for i, u := range uniform {
		worst = max(worst, math.Abs(u-float64(i)/float64(len(uniform))), math.Abs(u-float64(i+1)/float64(len(uniform))))
	}
	if n := float64(len(uniform)); n < 10000 || worst > 1.63/math.Sqrt(n) {
		t.Errorf("%.0f arrivals lie in their quarter of an hour %.4f from uniform, want at most %.4f", n, worst, 1.63/math.Sqrt(n))
	}
}

// TestContactsFollowZipf: the most called number is called twice as often as the
// second, and so on.
func TestContactsFollowZipf(t *testing.T) {
	p, _ := Lookup("office")
	s := site(t, p, 4, time.Hour)
	tr := p.Traffic
	tr.International, tr.Contacts = 0, 20
	c := newContacts(s, &tr)
	rng := s.Rand(1)
	counts := map[string]int{}
	const n = 40000
	for range n {
		counts[c.draw(rng, s.Start)]++
	}
	harmonic := 0.0
	for k := range tr.Contacts {
		harmonic += 1 / float64(k+1)
	}
	for k := range 5 {
		share := 1 / float64(k+1) / harmonic
		near(t, fmt.Sprintf("contact %d", k+1), float64(counts[c.home[k]])/n, share, 4*math.Sqrt(share*(1-share)/n))
	}
}

func near(t *testing.T, what string, got, want, by float64) {
	t.Helper()
	if !(math.Abs(got-want) <= by) {
		t.Errorf("%s: got %.4f, want %.4f within %.4f", what, got, want, by)
	}
}

func moments(x []float64) (mean, sigma float64) {
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		sigma += (v - mean) * (v - mean) / float64(len(x))
	}
	return mean, math.Sqrt(sigma)
}

// BenchmarkSiteMonth is what a month of each profile costs, call by call.
func BenchmarkSiteMonth(b *testing.B) {
	for _, p := range Profiles() {
		b.Run(p.Name, func(b *testing.B) {
			b.ReportAllocs()
			items := 0
			for b.Loop() {
				s := site(b, p, 1, 30*24*time.Hour)
				pl := plan.New(s, Sources(s, &p.Traffic))
				for _, ok := pl.Next(); ok; _, ok = pl.Next() {
					items++
				}
			}
			b.ReportMetric(float64(items)/float64(b.N), "items/op")
		})
	}
}
