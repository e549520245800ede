// Package labtest holds what tests of the lab ask of many calls: a figure near
// the one that the parameters say, the moments of a sample, the memory in use.
// It knows nothing of plans or scenarios, so that tests of any package of the
// lab can use it; only tests import it.
package labtest

import (
	"fmt"
	"math"
	"runtime"
	"testing"
)

// Near holds a figure to what it should be, within by. What is no number is not near.
func Near(t testing.TB, what string, got, want, by float64) {
	t.Helper()
	if !(math.Abs(got-want) <= by) {
		t.Errorf("%s: got %.4f, want %.4f within %.4f", what, got, want, by)
	}
}

// NearMean holds the mean of n values that deviate by so much to what it should
// be, within four standard errors: a drift shows, and a seed does not.
func NearMean(t testing.TB, what string, got, want, deviation, n float64) {
	t.Helper()
	Near(t, fmt.Sprintf("%s of %.0f", what, n), got, want, 4*deviation/math.Sqrt(n))
}

// Moments are the mean and the standard deviation of a sample.
func Moments(x []float64) (mean, sigma float64) {
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		sigma += (v - mean) * (v - mean) / float64(len(x))
	}
	return mean, math.Sqrt(sigma)
}

// Heap is how many bytes are in use, once what is garbage was collected.
func Heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
