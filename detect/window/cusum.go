package window

// CUSUM adds up how far samples lie above what is usual, and forgets what lies
// below: S = max(0, S + x − μ − kσ) (E. S. Page, 1954). It finds a small
// lasting rise sooner than any threshold on single samples. 16 bytes.
type CUSUM struct {
	K float64 // slack in deviations; 0.5 finds a rise of one deviation soonest

	s float64
}

// Observe takes a sample with the mean and deviation to compare it with, and
// returns S in deviations. A deviation that is not positive counts as none:
// give a floor.
func (c *CUSUM) Observe(x, mean, deviation float64) float64 {
	if !(deviation > 0) {
		return 0
	}
	c.s = max(0, c.s+x-mean-c.K*deviation)
	return c.s / deviation
}

// Reset forgets the rise, as after an incident that was closed.
func (c *CUSUM) Reset() { c.s = 0 }
