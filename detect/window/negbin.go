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
	a := float64(k)
	if x := 1 - p; x <= (a+1)/(a+r+2) {
		return min(0, lnBetaFraction(x, a, r))
	}
	return math.Log1p(-min(1, math.Exp(lnBetaFraction(p, r, a))))
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
