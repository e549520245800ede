package plan

import (
	"math/rand/v2"
	"time"
)

// Desks are the telephones of the site: who is talking, and until when.
type Desks struct{ busy []time.Time }

// NewDesks makes n telephones at rest.
func NewDesks(n int) *Desks { return &Desks{busy: make([]time.Time, n)} }

// Free says that nobody talks there.
func (d *Desks) Free(i int, now time.Time) bool { return !now.Before(d.busy[i]) }

// Occupy keeps a telephone.
func (d *Desks) Occupy(i int, until time.Time) { d.busy[i] = until }

// Any returns a free desk other than not; false when all that are tried talk.
func (d *Desks) Any(rng *rand.Rand, now time.Time, not int) (int, bool) {
	for range 8 {
		if i := rng.IntN(len(d.busy)); i != not && d.Free(i, now) {
			return i, true
		}
	}
	return 0, false
}
