package detect

import "time"

// recent keeps the times of the last 16 calls of a kind. Unlike window.Ring it
// can take one back.
type recent struct {
	at [16]time.Time
	n  int
}

func (r *recent) add(t time.Time) {
	if r.n == len(r.at) {
		copy(r.at[:], r.at[1:])
		r.n--
	}
	r.at[r.n] = t
	r.n++
}

// remove forgets a call that turned out to be part of another.
func (r *recent) remove(t time.Time) {
	for i := r.n - 1; i >= 0; i-- {
		if r.at[i].Equal(t) {
			copy(r.at[i:], r.at[i+1:r.n])
			r.n--
			return
		}
	}
}

// within counts calls younger than d at now; 16 at most.
func (r *recent) within(now time.Time, d time.Duration) int {
	n := 0
	for _, t := range r.at[:r.n] {
		if now.Sub(t) < d {
			n++
		}
	}
	return n
}
