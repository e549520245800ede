package window

import (
	"math"
	"testing"
	"time"
)

// monday is where the stories begin: Monday, 2 November 2026, 10:00 UTC.
var monday = time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)

func after(d time.Duration) time.Time { return monday.Add(d) }

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("got %s %v, want %v ± %v", what, got, want, within)
	}
}

func TestRing(t *testing.T) {
	var r Ring
	if r.Count(monday) != 0 || !r.Last().IsZero() {
		t.Error("an empty ring remembers something")
	}
	for i := range 5 {
		r.Observe(after(time.Duration(i) * time.Minute))
	}
	if got := r.Count(after(2 * time.Minute)); got != 3 {
		t.Errorf("got %d since the third minute, want 3", got)
	}
	r.Observe(after(-time.Hour)) // late: counts as now
	if got := r.Count(after(4 * time.Minute)); got != 2 {
		t.Errorf("got %d in the last minute after a step back, want 2", got)
	}
	for range 100 {
		r.Observe(after(5 * time.Minute))
	}
	if got := r.Count(after(5 * time.Minute)); got != RingSize {
		t.Errorf("got %d of 100, want %d", got, RingSize)
	}
}

func TestBuckets(t *testing.T) {
	b := NewBuckets(12, 5*time.Minute)
	b.Add(after(0), 2)
	b.Add(after(10*time.Minute), 3)
	near(t, "sum of half an hour", b.Sum(after(30*time.Minute)), 5, 0)
	near(t, "sum after 61 minutes", b.Sum(after(61*time.Minute)), 3, 0)
	b.Add(after(0), 4) // an hour late: counted now, lost nowhere
	near(t, "sum after a step back", b.Sum(after(61*time.Minute)), 7, 0)
	near(t, "latest bucket", b.Latest(after(61*time.Minute)), 4, 0)
	near(t, "sum after a year", b.Sum(after(365*24*time.Hour)), 0, 0)
	b.Add(after(365*24*time.Hour), 1)
	near(t, "sum in the new year", b.Sum(after(365*24*time.Hour)), 1, 0)
	b.Reset()
	near(t, "sum after reset", b.Sum(monday), 0, 0)
}

func TestDecay(t *testing.T) {
	d := Decay{HalfLife: 15 * time.Minute}
	d.Add(monday, 8)
	near(t, "after two half-lives", d.Value(after(30*time.Minute)), 2, 1e-9)
	d.Add(after(30*time.Minute), 1)
	near(t, "with one more", d.Value(after(30*time.Minute)), 3, 1e-9)
	d.Add(monday, 1)
	near(t, "after a step back", d.Value(after(30*time.Minute)), 4, 1e-9)
}

func TestEWMA(t *testing.T) {
	e := EWMA{HalfLife: 24 * time.Hour}
	if _, any := e.Mean(); any {
		t.Error("a mean of nothing")
	}
	e.Observe(monday, 10)
	e.Observe(after(24*time.Hour), 20)
	mean, _ := e.Mean()
	near(t, "mean", mean, 15, 1e-9)
	near(t, "deviation", e.Deviation(), 5, 1e-9)
	e.Observe(monday, 1000) // a step back weighs nothing
	mean, _ = e.Mean()
	near(t, "mean after a step back", mean, 15, 1e-9)
}

func TestCUSUMFindsAFloodOfMoney(t *testing.T) {
	c := CUSUM{K: 0.5}
	const mean, deviation = 0.2, 0.5
	for range 100 {
		if got := c.Observe(0.3, mean, deviation); got > 0 {
			t.Fatalf("got %v on an ordinary day, want 0", got)
		}
	}
	steps := 0
	for c.Observe(2.2, mean, deviation) <= 8 { // the court's case would add 34 EUR in five minutes
		steps++
	}
	if steps != 2 {
		t.Errorf("got an alarm after %d quiet steps, want 2", steps)
	}
	c.Reset()
	if got := c.Observe(5, mean, 0); got != 0 {
		t.Errorf("got %v without deviation, want 0", got)
	}
}

func TestWelford(t *testing.T) {
	var w Welford
	if !math.IsInf(w.CV(), 1) {
		t.Error("one value has no spread")
	}
	for _, x := range []float64{999, 999, 10, 10.5, 9.5, 10, 10.2, 9.8, 10, 10} {
		w.Observe(x)
	}
	if w.N() != WelfordSize {
		t.Errorf("got %d values, want %d", w.N(), WelfordSize)
	}
	near(t, "mean", w.Mean(), 10, 1e-9)
	near(t, "variation", w.CV(), math.Sqrt(0.58/7)/10, 1e-9)
}

func TestHistogram(t *testing.T) {
	var h Histogram
	if h.Quantile(0.999) != 0 {
		t.Error("a quantile of nothing")
	}
	for range 999 {
		h.Observe(2)
	}
	h.Observe(7)
	h.Observe(-5)
	h.Observe(500)
	if got := h.Quantile(0.5); got != 2 {
		t.Errorf("got median %d, want 2", got)
	}
	if got := h.Quantile(0.9985); got != 7 {
		t.Errorf("got quantile %d, want 7", got)
	}
	if got := h.Quantile(1); got != HistogramBins-1 {
		t.Errorf("got largest %d, want %d", got, HistogramBins-1)
	}
	h.bins[2] = math.MaxUint32
	h.Observe(2)
	if h.bins[2] != 1<<31 || h.bins[7] != 0 {
		t.Errorf("got %d and %d when a bin was full, want all halved", h.bins[2], h.bins[7])
	}
}

func TestWeekKnowsTheNight(t *testing.T) {
	var w Week
	if w.OffHours(monday) {
		t.Error("an hour is off before anything is learned")
	}
	for day := range 28 {
		for hour := 9; hour < 18; hour++ {
			at := time.Date(2026, 11, 2+day, hour, 0, 0, 0, time.UTC)
			if at.Weekday() != time.Saturday && at.Weekday() != time.Sunday {
				w.Observe(at)
			}
		}
	}
	for at, want := range map[time.Time]bool{
		monday:                    false,
		after(8 * time.Hour):      false, // 18:00, next to an hour in use
		after(17 * time.Hour):     true,  // Tuesday 3:00
		after(5 * 24 * time.Hour): true,  // Saturday
	} {
		if got := w.OffHours(at); got != want {
			t.Errorf("got off hours %v at %v, want %v", got, at, want)
		}
	}
	before := w.Total()
	w.Observe(monday) // four weeks late: no decay backwards
	near(t, "total", w.Total(), before+1, 1e-3)
	w.Observe(after(52 * 7 * 24 * time.Hour))
	if got := w.Total(); got > 0.3*before {
		t.Errorf("got %v of %v left after a year, want under 30 %%", got, before)
	}
}

func TestBucket(t *testing.T) {
	b := Bucket{Rate: 2, Burst: 10}
	for i := range 10 {
		if !b.Take(monday, 1) {
			t.Fatalf("refused the %dth of a burst of 10", i+1)
		}
	}
	if b.Take(monday, 1) || b.Take(after(-time.Hour), 1) {
		t.Error("an eleventh passed")
	}
	if !b.Take(after(time.Second), 2) || b.Take(after(time.Second), 1) {
		t.Error("a second brought other than 2")
	}
}

func TestCountersAllocateNothing(t *testing.T) {
	var r Ring
	var w Welford
	var week Week
	var h Histogram
	b := NewBuckets(12, 5*time.Minute)
	e := EWMA{HalfLife: time.Hour}
	d := Decay{HalfLife: time.Hour}
	rate := Rate{Shape: 0.5, Prior: 16.7, Window: 10 * time.Minute, HalfLife: 720 * time.Hour}
	now := monday
	n := testing.AllocsPerRun(100, func() {
		now = now.Add(time.Second)
		r.Observe(now)
		r.Count(now)
		w.Observe(1)
		w.CV()
		week.Observe(now)
		h.Observe(3)
		h.Quantile(0.999)
		b.Add(now, 1)
		b.Sum(now)
		e.Observe(now, 1)
		d.Add(now, 1)
		rate.Observe(now, 1)
		rate.Surprise(5)
	})
	if n != 0 {
		t.Errorf("got %v allocations, want 0", n)
	}
}
