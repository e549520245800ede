package window

import "math"

const (
	countMinRows = 4
	countMinCols = 2048
)

// CountMin counts how often each of any number of hashes came. It never counts
// too few; it counts too many by more than e/2048 of the stream with a
// probability of e^−4 (Cormode and Muthukrishnan, 2005; conservative update:
// Estan and Varghese, 2002). 16 KiB.
type CountMin struct {
	cells [countMinRows][countMinCols]uint16
}

// Add counts a hash and returns how often it came so far, at most 65535.
func (c *CountMin) Add(hash uint64) uint16 {
	n := c.Count(hash)
	if n < math.MaxUint16 {
		n++
	}
	for row := range c.cells {
		cell := &c.cells[row][column(hash, row)]
		*cell = max(*cell, n)
	}
	return n
}

// Count returns how often the hash came.
func (c *CountMin) Count(hash uint64) uint16 {
	n := uint16(math.MaxUint16)
	for row := range c.cells {
		n = min(n, c.cells[row][column(hash, row)])
	}
	return n
}

// Halve halves every count, so that the old fades: call it at fixed times.
func (c *CountMin) Halve() {
	for row := range c.cells {
		for i := range c.cells[row] {
			c.cells[row][i] /= 2
		}
	}
}

// column takes eleven bits of the hash for each row: 44 of 64.
func column(hash uint64, row int) uint64 { return hash >> (row * 11) % countMinCols }
