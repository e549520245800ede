package score

import (
	"math"
	"slices"
)

// Quantile is the value that a share q of the values does not exceed: the
// nearest rank. The values are sorted in place; of none it is NaN.
func Quantile(values []float64, q float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	slices.Sort(values)
	return values[max(int(math.Ceil(q*float64(len(values))))-1, 0)]
}

// PoissonUpper is the exact 95 % upper bound of the mean of a Poisson count
// (Garwood 1936, one-sided): the mean of which n or fewer are seen in one of
// twenty. PoissonUpper(0) is 3.00.
func PoissonUpper(n int) float64 {
	low, high := float64(n), 2*float64(n)+10
	for range 60 {
		mid := (low + high) / 2
		if poissonAtMost(n, mid) > .05 {
			low = mid
		} else {
			high = mid
		}
	}
	return high
}

// poissonAtMost is the chance of n or fewer where mean are expected.
func poissonAtMost(n int, mean float64) float64 {
	sum, logMean := 0.0, math.Log(mean)
	for k := range n + 1 {
		factorial, _ := math.Lgamma(float64(k) + 1)
		sum += math.Exp(float64(k)*logMean - mean - factorial)
	}
	return sum
}
