package window

import "time"

// RingSize is how many events a Ring remembers.
const RingSize = 16

// Ring holds the times of the last 16 events; 136 bytes.
type Ring struct {
	stamps [RingSize]int64 // Unix nanoseconds
	next   uint8
	n      uint8
}

// Observe notes an event.
func (r *Ring) Observe(now time.Time) {
	t := now.UnixNano()
	if r.n > 0 {
		t = max(t, r.stamps[(r.next+RingSize-1)%RingSize])
	}
	r.stamps[r.next] = t
	r.next = (r.next + 1) % RingSize
	r.n = min(r.n+1, RingSize)
}

// Count returns how many of the remembered events happened at since or later;
// RingSize means at least that many.
func (r *Ring) Count(since time.Time) int {
	t, count := since.UnixNano(), 0
	for i := range r.n {
		if r.stamps[i] >= t {
			count++
		}
	}
	return count
}

// Last returns the time of the latest event, the zero time when there was none.
func (r *Ring) Last() time.Time {
	if r.n == 0 {
		return time.Time{}
	}
	return time.Unix(0, r.stamps[(r.next+RingSize-1)%RingSize])
}

// Reset forgets everything.
func (r *Ring) Reset() { *r = Ring{} }
