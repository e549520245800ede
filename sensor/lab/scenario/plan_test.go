package scenario

import (
	"math"
	"net/netip"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tollwatch/sensor/lab/labtest"
	"tollwatch/sensor/lab/plan"
)

func planned(t *testing.T, name string, seed uint64, set ...string) []plan.Call {
	t.Helper()
	p, ok := Lookup(name)
	if !ok {
		t.Fatalf("no scenario %s", name)
	}
	for i := 0; i+1 < len(set); i += 2 {
		if err := p.Set(set[i], set[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	pl, err := New(p, seed)
	if err != nil {
		t.Fatal(err)
	}
	var calls []plan.Call
	for it, ok := pl.Next(); ok; it, ok = pl.Next() {
		if it.Call != nil {
			calls = append(calls, *it.Call)
		}
	}
	return calls
}

// TestStatistics holds 26 weeks of the office to what its parameters say. The
// bounds are four standard errors, so that a drift shows and a seed does not.
func TestStatistics(t *testing.T) {
	calls := planned(t, "office-day", 1, "length", "4368h")
	const workdays, weekends = 130, 52
	out, answered, abroad, logs := 0, 0, 0, []float64{}
	hours := [24]int{}
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range calls {
		if c.Direction != plan.Outbound {
			continue
		}
		out++
		hours[c.Start.In(zone).Hour()]++
		if c.Number[:len(plan.HomePrefix)] != plan.HomePrefix {
			abroad++
		}
		if c.Outcome == plan.Answered {
			answered++
			logs = append(logs, math.Log(c.Duration.Seconds()))
		}
	}
	n := float64(out)
	// A day's factor of sigma 0.25 adds to the chance of a Poisson count.
	mean := 60 * (workdays + .05*weekends)
	labtest.Near(t, "calls out", n, mean, 4*math.Sqrt(mean+60*60*.0645*workdays))
	labtest.Near(t, "answered share", float64(answered)/n, .70, 4*math.Sqrt(.7*.3/n))
	labtest.Near(t, "share abroad", float64(abroad)/n, .05, 4*math.Sqrt(.05*.95/n))
	mu, sigma := labtest.Moments(logs)
	labtest.Near(t, "mean of ln seconds", mu, math.Log(114), 4/math.Sqrt(float64(len(logs))))
	labtest.Near(t, "sigma of ln seconds", sigma, 1, 4/math.Sqrt(2*float64(len(logs))))
	if hours[10] < hours[12]*3/2 || hours[15] < hours[13]*4/3 || hours[3] > hours[10]/20 {
		t.Errorf("got calls by the hour %v, want humps before and after lunch and a quiet night", hours)
	}
}

// TestNobodyTalksTwice: a person holds one call at a time, except whom the
// attack dials for; and calls come in the order of their starts.
func TestNobodyTalksTwice(t *testing.T) {
	calls := planned(t, "office-day", 2, "honest.outbound", "600", "honest.internal", "200")
	until := map[string]time.Time{}
	var last time.Time
	for i, c := range calls {
		if c.ID != uint64(i+1) || c.Start.Before(last) {
			t.Fatalf("call %d has id %d and starts at %s, after one at %s", i+1, c.ID, c.Start, last)
		}
		last = c.Start
		if c.Direction == plan.Inbound {
			continue
		}
		if c.Start.Before(until[c.Extension]) {
			t.Errorf("call %d: %s calls at %s and talks until %s", c.ID, c.Extension, c.Start, until[c.Extension])
		}
		until[c.Extension] = c.End()
	}
	if len(calls) < 300 {
		t.Errorf("got %d calls, want a busy day", len(calls))
	}
}

// TestSourcesAreStrangers: the office's day is the same with and without an
// attack in its night.
func TestSourcesAreStrangers(t *testing.T) {
	own := func(calls []plan.Call) []plan.Call {
		calls = slices.DeleteFunc(calls, func(c plan.Call) bool { return c.Label != "" })
		for i := range calls {
			calls[i].ID = 0
		}
		return calls
	}
	a := own(planned(t, "office-court-a", 4))
	b := own(planned(t, "office-court-a", 4, "attack.calls_per_minute", "1"))
	if diff := cmp.Diff(a, b, cmpopts.EquateComparable(netip.Addr{})); diff != "" || len(a) == 0 {
		t.Errorf("%d honest calls change with the attack: %s", len(a), diff)
	}
}

// TestWritten: one number as trunks and telephones write it.
func TestWritten(t *testing.T) {
	for _, c := range []struct {
		number string
		format plan.TrunkFormat
		want   string
	}{
		{"+33199001201", plan.E164, "+33199001201"},
		{"+33199001201", plan.International00, "0033199001201"},
		{"+33199001201", plan.National, "0199001201"},
		{"+13455550142", plan.National, "0013455550142"},
		{"+13455550142", plan.International00, "0013455550142"},
	} {
		if got := plan.Written(c.number, c.format); got != c.want {
			t.Errorf("%s as %s: got %s, want %s", c.number, c.format, got, c.want)
		}
	}
}

// TestRareness: an amount of next to nothing is as good as nothing, and keeps
// nobody busy.
func TestRareness(t *testing.T) {
	for _, k := range honestKeys() {
		p, _ := Lookup("hospital")
		p.Length, p.Vary = 48*time.Hour, 0
		v, ok := k.of(&p, nil).(*float64)
		if !ok {
			continue
		}
		*v = math.SmallestNonzeroFloat64
		pl, err := New(p, 1)
		if err != nil {
			t.Fatal(err)
		}
		last, items := p.Start, 0
		for it, ok := pl.Next(); ok; it, ok = pl.Next() {
			if items++; it.At.Before(last) || it.At.After(p.Start.Add(p.Length+4*time.Hour)) {
				t.Fatalf("%s: an item at %s follows one at %s", k.Name, it.At, last)
			}
			last = it.At
		}
		if items < 100 {
			t.Errorf("%s: %d items, want those of a clinic", k.Name, items)
		}
	}
}

// TestMemoryIsConstant: three days of the attack hold no more than its first
// thousand calls.
func TestMemoryIsConstant(t *testing.T) {
	p, _ := Lookup("court-a")
	p.Length, p.Attacks[0].Length = 72*time.Hour, 72*time.Hour
	pl, err := New(p, 1)
	if err != nil {
		t.Fatal(err)
	}
	n, early := 0, uint64(0)
	for _, ok := pl.Next(); ok; _, ok = pl.Next() {
		if n++; n == 1000 {
			early = labtest.Heap()
		}
	}
	const slack = 64 << 10 // what the runtime itself comes to hold
	if now := labtest.Heap(); n < 100_000 || now > early+slack {
		t.Errorf("got %d calls and %d bytes after them, want about 108,000 and at most %d", n, now, early+slack)
	}
	runtime.KeepAlive(pl)
}

func BenchmarkSiteMonth(b *testing.B) {
	p, _ := Lookup("office-day")
	p.Length = 30 * 24 * time.Hour
	calls := 0
	for b.Loop() {
		pl, err := New(p, 1)
		if err != nil {
			b.Fatal(err)
		}
		for _, ok := pl.Next(); ok; _, ok = pl.Next() {
			calls++
		}
	}
	b.ReportMetric(float64(calls)/float64(b.N), "calls/op")
}

// TestRepeat: another time at the same site calls the same people, at other
// times.
func TestRepeat(t *testing.T) {
	contacts := func(calls []plan.Call) map[string]int {
		m := map[string]int{}
		for _, c := range calls {
			m[c.Number]++
		}
		return m
	}
	a := planned(t, "office-day", 5, "honest.international", "0", "length", "720h")
	b := planned(t, "office-day", 5, "honest.international", "0", "length", "720h", "repeat", "1")
	if len(a) == 0 || len(b) == 0 || a[0].Start.Equal(b[0].Start) {
		t.Fatalf("got %d and %d calls, of the same start; want other times", len(a), len(b))
	}
	known := contacts(a)
	for number, n := range contacts(b) {
		if known[number] == 0 {
			t.Errorf("%s is called %d times in the repetition alone", number, n)
		}
	}
}
