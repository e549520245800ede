package window

import (
	"math"
	"math/bits"
)

// HLL estimates how many different hashes it saw (HyperLogLog: Flajolet and
// others, 2007; the estimator for small counts is linear counting). 2^p bytes:
// p = 6 errs by 13 %, p = 10 by 3 %.
type HLL struct {
	registers []uint8
	p         uint8
}

// NewHLL returns an empty sketch of precision p, 4 to 16.
func NewHLL(p uint8) *HLL {
	p = min(max(p, 4), 16)
	return &HLL{registers: make([]uint8, 1<<p), p: p}
}

// Add notes a hash whose bits are as good as random, see [Hash].
func (h *HLL) Add(hash uint64) {
	rank := uint8(bits.LeadingZeros64(hash<<h.p|1<<(h.p-1))) + 1
	register := &h.registers[hash>>(64-h.p)]
	*register = max(*register, rank)
}

// Count returns the estimate.
func (h *HLL) Count() int {
	m := float64(len(h.registers))
	sum, zeros := 0.0, 0
	for _, r := range h.registers {
		sum += math.Ldexp(1, -int(r))
		if r == 0 {
			zeros++
		}
	}
	estimate := alpha(len(h.registers)) * m * m / sum
	if estimate <= 2.5*m && zeros > 0 {
		estimate = m * math.Log(m/float64(zeros))
	}
	return int(math.Round(estimate))
}

// Reset forgets everything.
func (h *HLL) Reset() { clear(h.registers) }

// alpha corrects the bias of the harmonic mean, by number of registers.
func alpha(m int) float64 {
	switch m {
	case 16:
		return 0.673
	case 32:
		return 0.697
	case 64:
		return 0.709
	}
	return 0.7213 / (1 + 1.079/float64(m))
}
