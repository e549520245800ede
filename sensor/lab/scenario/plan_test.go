package scenario

import (
	"math"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func plan(t *testing.T, name string, seed uint64, set ...string) []Call {
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
	var calls []Call
	for c, ok := pl.Next(); ok; c, ok = pl.Next() {
		calls = append(calls, c)
	}
	return calls
}

func near(t *testing.T, what string, got, want, by float64) {
	t.Helper()
	if math.Abs(got-want) > by {
		t.Errorf("%s: got %.3f, want %.3f within %.3f", what, got, want, by)
	}
}

// TestStatistics holds 26 weeks of the office to what its parameters say. The
// bounds are four standard errors, so that a drift shows and a seed does not.
func TestStatistics(t *testing.T) {
	calls := plan(t, "office-day", 1, "length", "4368h")
	const workdays, weekends = 130, 52
	out, answered, abroad, logs := 0, 0, 0, []float64{}
	hours := [24]int{}
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range calls {
		if c.Direction != Outbound {
			continue
		}
		out++
		hours[c.Start.In(zone).Hour()]++
		if c.Number[:len(homePrefix)] != homePrefix {
			abroad++
		}
		if c.Outcome == Answered {
			answered++
			logs = append(logs, math.Log(c.Duration.Seconds()))
		}
	}
	n := float64(out)
	// A day's factor of sigma 0.25 adds to the chance of a Poisson count.
	mean := 60 * (workdays + .05*weekends)
	near(t, "calls out", n, mean, 4*math.Sqrt(mean+60*60*.0645*workdays))
	near(t, "answered share", float64(answered)/n, .70, 4*math.Sqrt(.7*.3/n))
	near(t, "share abroad", float64(abroad)/n, .05, 4*math.Sqrt(.05*.95/n))
	mu, sigma := moments(logs)
	near(t, "mean of ln seconds", mu, math.Log(114), 4/math.Sqrt(float64(len(logs))))
	near(t, "sigma of ln seconds", sigma, 1, 4/math.Sqrt(2*float64(len(logs))))
	if hours[10] < hours[12]*3/2 || hours[15] < hours[13]*4/3 || hours[3] > hours[10]/20 {
		t.Errorf("got calls by the hour %v, want humps before and after lunch and a quiet night", hours)
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

// TestNobodyTalksTwice: a person holds one call at a time, except whom the
// attack dials for; and calls come in the order of their starts.
func TestNobodyTalksTwice(t *testing.T) {
	calls := plan(t, "office-day", 2, "office.outbound", "600", "office.internal", "200")
	until := map[string]time.Time{}
	var last time.Time
	for i, c := range calls {
		if c.ID != uint64(i+1) || c.Start.Before(last) {
			t.Fatalf("call %d has id %d and starts at %s, after one at %s", i+1, c.ID, c.Start, last)
		}
		last = c.Start
		if c.Direction == Inbound {
			continue
		}
		if c.Start.Before(until[c.Extension]) {
			t.Errorf("call %d: %s calls at %s and talks until %s", c.ID, c.Extension, c.Start, until[c.Extension])
		}
		until[c.Extension] = c.end()
	}
	if len(calls) < 300 {
		t.Errorf("got %d calls, want a busy day", len(calls))
	}
}

// TestSourcesAreStrangers: the office's day is the same with and without an
// attack in its night.
func TestSourcesAreStrangers(t *testing.T) {
	honest := func(calls []Call) []Call {
		calls = slices.DeleteFunc(calls, func(c Call) bool { return c.Label != "" })
		for i := range calls {
			calls[i].ID = 0
		}
		return calls
	}
	a := honest(plan(t, "office-court-a", 4))
	b := honest(plan(t, "office-court-a", 4, "attack.calls_per_minute", "1"))
	if diff := cmp.Diff(a, b); diff != "" || len(a) == 0 {
		t.Errorf("%d honest calls change with the attack: %s", len(a), diff)
	}
}

// TestWritten: one number as trunks and telephones write it.
func TestWritten(t *testing.T) {
	for _, c := range []struct {
		number string
		format TrunkFormat
		want   string
	}{
		{"+33199001201", E164, "+33199001201"},
		{"+33199001201", International00, "0033199001201"},
		{"+33199001201", National, "0199001201"},
		{"+13455550142", National, "0013455550142"},
		{"+13455550142", International00, "0013455550142"},
	} {
		if got := Written(c.number, c.format); got != c.want {
			t.Errorf("%s as %s: got %s, want %s", c.number, c.format, got, c.want)
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
			early = live()
		}
	}
	const slack = 64 << 10 // what the runtime itself comes to hold
	if now := live(); n < 100_000 || now > early+slack {
		t.Errorf("got %d calls and %d bytes after them, want about 108,000 and at most %d", n, now, early+slack)
	}
	runtime.KeepAlive(pl)
}

func live() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
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
