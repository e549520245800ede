package honest

import (
	"math"
	"strings"
	"testing"
	"time"

	"tollwatch/sensor/lab/labtest"
	"tollwatch/sensor/lab/plan"
)

// TestAlarms: one number at fixed times, within two seconds.
func TestAlarms(t *testing.T) {
	for _, away := range []bool{false, true} {
		_, items := only(t, func(tr *Traffic) { tr.Alarms, tr.AlarmsAway = 2, away })
		for i, it := range items {
			c := it.Call
			if c.Number != items[0].Call.Number || strings.HasPrefix(c.Number, plan.HomePrefix) == away || c.Duration < 20*time.Second || c.Duration > time.Minute {
				t.Fatalf("%+v", c)
			}
			if i > 0 {
				if gap := it.At.Sub(items[i-1].At); gap < 12*time.Hour-2*time.Second || gap > 12*time.Hour+2*time.Second {
					t.Errorf("an alarm after %s, want 12 h within 2 s", gap)
				}
			}
		}
		if len(items) < 363 || len(items) > 365 {
			t.Errorf("%d alarms in half a year, want two a day", len(items))
		}
	}
}

// TestFaxes: a batch in the evening of each working day, one after the other.
func TestFaxes(t *testing.T) {
	const mean = 12
	s, items := only(t, func(tr *Traffic) { tr.Faxes = mean })
	p, _ := Lookup("office")
	batches := map[string]int{}
	var end time.Time
	for _, it := range items {
		local := it.At.In(s.Zone)
		if it.Call.Media != plan.Fax || it.At.Before(end) || p.Traffic.share(local) < .5 || local.Hour() < 18 {
			t.Errorf("a fax at %s, the one before ended at %s: %+v", local, end, it.Call)
		}
		end = it.Call.End()
		batches[local.Format(time.DateOnly)]++
	}
	for day, n := range batches {
		if n < 1+mean/2 || n > 1+mean*3/2 {
			t.Errorf("%s: %d faxes, want half the mean to half above it", day, n)
		}
	}
	if len(batches) < 110 {
		t.Errorf("faxes on %d days of half a year", len(batches))
	}
}

// sittings are calls without a pause of so long.
func sittings(items []plan.Item, pause time.Duration) [][]*plan.Call {
	var all [][]*plan.Call
	var last time.Time
	for _, it := range items {
		if it.Call == nil {
			continue
		}
		if len(all) == 0 || it.At.Sub(last) > pause {
			all = append(all, nil)
		}
		all[len(all)-1] = append(all[len(all)-1], it.Call)
		last = it.At
	}
	return all
}

// TestConferences: three to ten partners are called by one telephone within
// four minutes, and talk together.
func TestConferences(t *testing.T) {
	_, items := only(t, func(tr *Traffic) { tr.Conferences = 1 })
	all := sittings(items, time.Minute)
	for _, calls := range all {
		first, last := calls[0], calls[len(calls)-1]
		if len(calls) < 3 || len(calls) > 10 || first.Extension != last.Extension || last.Start.Sub(first.Start) > 4*time.Minute || first.End().Before(last.Start) {
			t.Errorf("a conference of %d, from %s to %s", len(calls), first.Start, last.Start)
		}
	}
	const want = 26 // of half a year
	if n := float64(len(all)); n < want/2 || math.Abs(n-want) > 4*math.Sqrt(want) {
		t.Errorf("%.0f conferences in 26 weeks, want about one a week", n)
	}
}

// TestProjects: for one to three weeks up to four telephones call one country.
func TestProjects(t *testing.T) {
	_, items := only(t, func(tr *Traffic) { tr.Projects = 8 })
	type project struct {
		calls, days int
		begin, end  time.Time
		phones      map[string]bool
	}
	var all []*project
	country, day := "", ""
	for _, it := range items {
		r, ok := plan.Block(it.Call.Number)
		if !ok || r.Country == "FR" {
			t.Fatalf("%+v", it.Call)
		}
		if r.Prefix != country {
			all, country, day = append(all, &project{begin: it.At, phones: map[string]bool{}}), r.Prefix, ""
		}
		p := all[len(all)-1]
		p.calls++
		p.end = it.At
		p.phones[it.Call.Extension] = true
		if d := it.At.Format(time.DateOnly); d != day {
			p.days++
			day = d
		}
	}
	if len(all) < 2 {
		t.Fatalf("%d projects in half a year, want some", len(all))
	}
	for i, p := range all[:len(all)-1] {
		if aDay := float64(p.calls) / float64(p.days); len(p.phones) > 4 || p.end.Sub(p.begin) > 21*24*time.Hour || p.end.Sub(p.begin) < 3*24*time.Hour || aDay < 5 || aDay > 70 {
			t.Errorf("project %d: %.0f calls a day for %s by %d telephones", i, aDay, p.end.Sub(p.begin), len(p.phones))
		}
	}
}

// TestTravels: for a week an extension registers and calls from one address of
// the Internet.
func TestTravels(t *testing.T) {
	_, items := only(t, func(tr *Traffic) { tr.Travels = 12 })
	var now *plan.Registration
	var since time.Time
	travels, calls := 0, 0
	for _, it := range items {
		if r := it.Registration; r != nil {
			if now = r; !r.Accepted || r.Label != "" {
				t.Errorf("%+v", r)
			}
			since = it.At
			travels++
			continue
		}
		calls++
		if c := it.Call; now == nil || c.Entry != plan.FromInternet || c.Extension != now.Extension || c.Address != now.Address || c.Start.Sub(since) > 7*24*time.Hour {
			t.Errorf("a call by %s from %s, %s after %+v", c.Extension, c.Address, c.Start.Sub(since), now)
		}
	}
	if travels < 2 || calls < 10*travels {
		t.Errorf("%d travels with %d calls", travels, calls)
	}
}

// TestProbes: about as many as asked for, in bursts of one address and program.
func TestProbes(t *testing.T) {
	_, items := only(t, func(tr *Traffic) { tr.Probes = 200 })
	bursts, last := 0, plan.Item{}
	for i, it := range items {
		if it.Probe == nil || it.Probe.Label != "" {
			t.Fatalf("%+v", it)
		}
		if i == 0 || it.Probe.Address != last.Probe.Address || it.At.Sub(last.At) > 5*time.Second {
			bursts++
		} else if it.Probe.UserAgent != last.Probe.UserAgent {
			t.Errorf("%s changes its program", it.Probe.Address)
		}
		last = it
	}
	// Bursts of 1 to 39: the variance of the sum of N is N times that of uniform lengths and of their mean.
	want := 200 * 182.0
	labtest.Near(t, "probes", float64(len(items)), want, 4*math.Sqrt(want/20*(127+400)))
	if mean := float64(len(items)) / float64(bursts); mean < 15 || mean > 25 {
		t.Errorf("%.1f probes in a burst, want about 20", mean)
	}
}

// TestMigration and telephones without SIP are facts of the site.
func TestFactsOfTheSite(t *testing.T) {
	s, _ := only(t, func(tr *Traffic) { tr.Migration, tr.Analogue = 100*time.Hour, .8 })
	if !s.Migration.Equal(s.Start.Add(100*time.Hour)) || s.Analogue != 12 || !s.SpeaksSIP("203") || s.SpeaksSIP("204") {
		t.Errorf("migration at %s, %d telephones without SIP", s.Migration, s.Analogue)
	}
}
