package detect

import "time"

// recent keeps the times of the last 16 calls of a kind.
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

// meter sums money over a sliding span of twelve slots.
type meter struct {
	sums  [12]float64
	slot  int64 // number of the slot written last
	width time.Duration
}

func (m *meter) add(now time.Time, x float64) {
	m.roll(now)
	m.sums[m.slot%int64(len(m.sums))] += x
}

// sum is what was added in the last eleven to twelve slots.
func (m *meter) sum(now time.Time) float64 {
	m.roll(now)
	total := 0.0
	for i := range m.sums { // oldest first, so that the sum is the same each time
		total += m.sums[(m.slot+1+int64(i))%int64(len(m.sums))]
	}
	return total
}

func (m *meter) roll(now time.Time) {
	slot := now.UnixNano() / int64(m.width)
	if slot <= m.slot || slot < 0 {
		return
	}
	for i := range min(slot-m.slot, int64(len(m.sums))) {
		m.sums[(slot-i)%int64(len(m.sums))] = 0
	}
	m.slot = slot
}
