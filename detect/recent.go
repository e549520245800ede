package detect

import "time"

// recent keeps the times of the last 16 calls of a kind. Unlike window.Ring it
// can take one back.
type recent struct {
	at [16]int64 // Unix nanoseconds: they are compared much more often than told
	n  int
}

func (r *recent) add(t time.Time) {
	if r.n == len(r.at) {
		copy(r.at[:], r.at[1:])
		r.n--
	}
	r.at[r.n] = t.UnixNano()
	r.n++
}

// remove forgets a call that turned out to be part of another.
func (r *recent) remove(t time.Time) {
	for i := r.n - 1; i >= 0; i-- {
		if r.at[i] == t.UnixNano() {
			copy(r.at[i:], r.at[i+1:r.n])
			r.n--
			return
		}
	}
}

// within counts calls younger than d at now; 16 at most.
func (r *recent) within(now time.Time, d time.Duration) int {
	n, since := 0, now.Add(-d).UnixNano()
	for _, t := range r.at[:r.n] {
		if t > since {
			n++
		}
	}
	return n
}
