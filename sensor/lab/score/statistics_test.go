package score

import (
	"math"
	"testing"
)

// TestPoissonUpper: the values of the tables (Garwood 1936; chi-square
// quantiles halved).
func TestPoissonUpper(t *testing.T) {
	for n, want := range map[int]float64{0: 2.9957, 1: 4.7439, 2: 6.2958, 5: 10.5130, 10: 16.9622, 100: 118.0793} {
		if got := PoissonUpper(n); math.Abs(got-want) > 1e-3 {
			t.Errorf("%d: got %.4f, want %.4f", n, got, want)
		}
	}
}

func TestQuantile(t *testing.T) {
	for _, c := range []struct {
		values  []float64
		q, want float64
	}{
		{[]float64{3, 1, 2}, .5, 2}, {[]float64{3, 1, 2}, .95, 3}, {[]float64{4, 1, 2, 3}, .5, 2},
		{[]float64{math.Inf(1), 1}, .95, math.Inf(1)}, {[]float64{7}, 0, 7},
	} {
		if got := Quantile(c.values, c.q); got != c.want {
			t.Errorf("%v at %g: got %g, want %g", c.values, c.q, got, c.want)
		}
	}
	if got := Quantile(nil, .5); !math.IsNaN(got) {
		t.Errorf("of nothing: got %g, want NaN", got)
	}
}
