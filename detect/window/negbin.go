package window

import "math"

// TailNegBin returns P(X ≥ k) for X negative binomial with shape r > 0 and
// success probability 0 < p ≤ 1 (mean r(1−p)/p): how probable k or more calls
// are, when r and p are what was learned. Below 1e-300 it is 0; ask
// [SurpriseNegBin] then.
func TailNegBin(k int, r, p float64) float64 {
	return math.Exp(lnTailNegBin(k, r, p))
}

// SurpriseNegBin returns −log10 P(X ≥ k): 3 is one in a thousand. It stays
// exact where the probability itself is too small for a number.
func SurpriseNegBin(k int, r, p float64) float64 {
	return max(0, -lnTailNegBin(k, r, p)/math.Ln10)
}

// lnTailNegBin is ln I(1−p; k, r), the regularized incomplete beta function
// (DLMF 8.17.24). Whichever end of the interval the continued fraction
// converges at is used.
func lnTailNegBin(k int, r, p float64) float64 {
	if k <= 0 || !(r > 0) || !(p > 0) {
		return 0
	}
	if p >= 1 {
		return math.Inf(-1)
	}
	if tail := seriesTail(k, r, p); tail > 0 {
		return math.Log(tail)
	}
	a := float64(k)
	if x := 1 - p; x <= (a+1)/(a+r+2) {
		return min(0, lnBetaFraction(x, a, r))
	}
	return math.Log1p(-min(1, math.Exp(lnBetaFraction(p, r, a))))
}

// seriesTail adds up P(X = k), P(X = k+1) … where k is small and the terms fall
// quickly: then it takes a tenth of the fraction's time. It is 0 where they do
// not.
func seriesTail(k int, r, p float64) float64 {
	const most, rounds, enough, least = 32, 64, 1e-15, 1e-280
	if k > most {
		return 0
	}
	q := 1 - p
	term := math.Exp(r * math.Log(p)) // P(X = 0)
	for j := range k {
		term *= (r + float64(j)) / float64(j+1) * q
	}
	if !(term > least) {
		return 0
	}
	sum := term
	for j := float64(k); j < float64(k+rounds); j++ {
		ratio := (r + j) / (j + 1) * q
		term *= ratio
		sum += term
		if ratio < 0.5 && term < enough*sum { // the rest is less than this term
			return min(sum, 1)
		}
	}
	return 0
}

// lnBetaFraction returns ln I(x; a, b) by the continued fraction DLMF 8.17.22,
// evaluated by Lentz's method. It converges quickly for x < (a+1)/(a+b+2).
func lnBetaFraction(x, a, b float64) float64 {
	ab, _ := math.Lgamma(a + b)
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	front := ab - la - lb + a*math.Log(x) + b*math.Log1p(-x) - math.Log(a)
	const tiny, enough = 1e-300, 1e-14
	c, d := 1.0, 1/nonzero(1-(a+b)*x/(a+1), tiny)
	f := d
	for m := 1.0; m <= 1000; m++ {
		even := m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		odd := -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		d, c = 1/nonzero(1+even*d, tiny), nonzero(1+even/c, tiny)
		f *= c * d
		d, c = 1/nonzero(1+odd*d, tiny), nonzero(1+odd/c, tiny)
		f *= c * d
		if math.Abs(c*d-1) < enough {
			break
		}
	}
	return front + math.Log(f)
}

func nonzero(x, tiny float64) float64 {
	if math.Abs(x) < tiny {
		return tiny
	}
	return x
}
