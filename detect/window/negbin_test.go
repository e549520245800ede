package window

import (
	"math"
	"testing"
	"time"
)

// exactTail adds up the probabilities below k in the plain way.
func exactTail(k int, r, p float64) float64 {
	below := 0.0
	term := math.Pow(p, r) // P(X = 0)
	for j := range k {
		below += term
		term *= (r + float64(j)) / float64(j+1) * (1 - p)
	}
	return 1 - below
}

func TestTailNegBin(t *testing.T) {
	for _, r := range []float64{0.5, 1, 3.7, 40, 900} {
		for _, p := range []float64{0.05, 0.3, 0.6, 0.9434, 0.999} {
			for _, k := range []int{0, 1, 2, 3, 5, 10, 30, 200} {
				want := exactTail(k, r, p)
				got := TailNegBin(k, r, p)
				if math.Abs(got-want) > 1e-9+1e-9*want {
					t.Errorf("got %g for k %d r %g p %g, want %g", got, k, r, p, want)
				}
			}
		}
	}
}

func TestTailNegBinFarOut(t *testing.T) {
	// r = 1 is geometric: P(X ≥ k) = (1−p)^k.
	for _, k := range []int{10, 100, 1000} {
		near(t, "surprise", SurpriseNegBin(k, 1, 0.99), 2*float64(k), 1e-6*float64(k))
	}
	for _, c := range []struct {
		k    int
		r, p float64
		want float64
	}{{5, 0.5, 1, 0}, {0, 0.5, 0.9, 1}, {-3, 0.5, 0.9, 1}, {3, 0, 0.9, 1}, {3, math.NaN(), 0.9, 1}, {3, 1, math.NaN(), 1}} {
		if got := TailNegBin(c.k, c.r, c.p); got != c.want {
			t.Errorf("got %v for %+v", got, c)
		}
	}
}

func TestTailNegBinFallsWithK(t *testing.T) {
	last := 1.0
	for k := range 400 {
		got := TailNegBin(k, 12.5, 0.7)
		if got > last*(1+1e-12) || got < 0 {
			t.Fatalf("got %g at k %d after %g", got, k, last)
		}
		last = got
	}
}

// A site that calls Niger twice a week: three calls in ten minutes are strange.
// One that calls it all day long is not surprised.
func TestRate(t *testing.T) {
	quiet := Rate{Shape: 0.5, Prior: 0.5 / 0.03, Window: 10 * time.Minute, HalfLife: 30 * 24 * time.Hour}
	busy := quiet
	first := quiet.Surprise(3)
	for hour := range 24 * 90 {
		now := after(time.Duration(hour) * time.Hour)
		calls := 0
		if hour%84 == 0 {
			calls = 1
		}
		quiet.Observe(now, calls)
		busy.Observe(now, 12)
	}
	near(t, "surprise on day one", first, -math.Log10(exactTail(3, 0.5, 16.667/17.667)), 1e-3)
	if got := quiet.Surprise(3); got < 6 {
		t.Errorf("got surprise %v at the quiet site, want at least 6", got)
	}
	if got := busy.Surprise(3); got > 1 {
		t.Errorf("got surprise %v at the busy site, want under 1", got)
	}
	near(t, "mean at the busy site", busy.Mean(), 2, 0.05)
	before := busy
	busy.Observe(monday, 0)
	if busy != before {
		t.Error("a step back in time changed what was learned")
	}
}

func BenchmarkTailNegBin(b *testing.B) {
	for b.Loop() {
		TailNegBin(4, 3.5, 0.97)
	}
}

// TestSeriesIsTheFraction: both ways to the tail give the same, far out too.
func TestSeriesIsTheFraction(t *testing.T) {
	compared := 0
	for _, r := range []float64{0.5, 1, 3.7, 40, 900} {
		for _, p := range []float64{0.6, 0.9434, 0.999, 0.99999} {
			for k := 1; k <= 32; k++ {
				got := seriesTail(k, r, p)
				if got == 0 {
					continue
				}
				compared++
				want := lnBetaFraction(1-p, float64(k), r)
				if x := (1 - p) * (float64(k) + r + 2); x > float64(k)+1 {
					continue // the fraction converges at the other end
				}
				if math.Abs(math.Log(got)-want) > 1e-9*(1-want) {
					t.Errorf("ln tail of k %d r %g p %g: got %g, want %g", k, r, p, math.Log(got), want)
				}
			}
		}
	}
	if compared < 300 {
		t.Errorf("compared %d, want 300 at least", compared)
	}
}
