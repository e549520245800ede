package window

import "math"

// WelfordSize is how many values a Welford looks back.
const WelfordSize = 8

// Welford is the mean and spread of the last 8 values, by B. P. Welford's
// updating formulas (1962), which lose no digits to values that are large and
// alike. 72 bytes.
type Welford struct {
	values [WelfordSize]float64
	next   uint8
	n      uint8
}

// Observe takes a value and forgets the ninth last.
func (w *Welford) Observe(x float64) {
	w.values[w.next] = x
	w.next = (w.next + 1) % WelfordSize
	w.n = min(w.n+1, WelfordSize)
}

// N returns how many values Mean and CV are over.
func (w *Welford) N() int { return int(w.n) }

// Mean returns the mean, 0 of none.
func (w *Welford) Mean() float64 {
	mean, _ := w.moments()
	return mean
}

// CV returns the coefficient of variation: sample deviation over mean. It is
// infinite for fewer than two values and for a mean of 0.
func (w *Welford) CV() float64 {
	mean, squares := w.moments()
	if w.n < 2 || mean == 0 {
		return math.Inf(1)
	}
	return math.Sqrt(squares/float64(w.n-1)) / math.Abs(mean)
}

func (w *Welford) moments() (mean, squares float64) {
	for i := range w.n {
		x := w.values[i]
		difference := x - mean
		mean += difference / float64(i+1)
		squares += difference * (x - mean)
	}
	return mean, squares
}

// Reset forgets everything.
func (w *Welford) Reset() { *w = Welford{} }
