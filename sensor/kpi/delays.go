package kpi

import (
	"math"
	"time"
)

// Delays collects times: their mean exactly, their quantiles to 5 %.
type Delays struct {
	n    uint64
	sum  time.Duration
	bins [bins]uint32
}

// A bin is an eighth of an octave wide; they reach from 1 ms to 18 hours.
const (
	bins   = 208
	octave = 8
	least  = time.Millisecond
)

func (d *Delays) observe(t time.Duration) {
	if t < 0 {
		return // frames were captured out of order: nothing is known
	}
	d.n++
	d.sum += t
	d.bins[binOf(t)]++
}

func binOf(t time.Duration) int {
	if t <= least {
		return 0
	}
	return min(int(octave*math.Log2(float64(t)/float64(least))), bins-1)
}

// N is how many times were collected.
func (d *Delays) N() uint64 { return d.n }

// Sum is in seconds.
func (d *Delays) Sum() float64 { return d.sum.Seconds() }

// Mean is in seconds; NaN of nothing.
func (d *Delays) Mean() float64 { return mean(d.sum, d.n) }

func mean(sum time.Duration, n uint64) float64 {
	if n == 0 {
		return math.NaN()
	}
	return sum.Seconds() / float64(n)
}

// Quantile is the time in seconds that a share q of all does not exceed, to 5 %;
// NaN of nothing.
func (d *Delays) Quantile(q float64) float64 {
	if d.n == 0 {
		return math.NaN()
	}
	need, below := q*float64(d.n), 0.0
	for i, n := range d.bins {
		if below += float64(n); n > 0 && below >= need {
			return least.Seconds() * math.Exp2((float64(i)+0.5)/octave)
		}
	}
	return math.NaN()
}
