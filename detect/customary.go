package detect

import (
	"math"

	"tollwatch/detect/window"
)

// custom is a number that the site calls itself. A forward that leads there is
// nobody's theft.
type custom struct {
	first, last int32 // days with an answered call
	days        int32 // how many there were
}

// maxCustoms bounds those numbers.
const maxCustoms = 1024

func newCustoms() *window.LRU[uint64, custom] { return window.NewLRU[uint64, custom](maxCustoms) }

// teachNumber notes an ordinary answered call to a number of a watched class.
func (m *memory) teachNumber(number uint64) {
	n := put(m.customs, number)
	if n.last == m.day {
		return
	}
	if n.first == 0 {
		n.first = m.day
	}
	n.last = m.day
	n.days++
}

// customary says that the number was called on two days, and first before the
// quarantine.
func (m *memory) customary(number uint64) bool {
	n := m.customs.Get(number)
	return n != nil && n.days >= 2 && m.day-n.first > quarantine && m.day-n.last <= knownFor
}

func (n *custom) restart(back int32) {
	n.first, n.last = max(n.first-back, 1), max(n.last-back, 1)
}

func (w *writer) customs(l *window.LRU[uint64, custom]) {
	w.int(int64(l.Len()))
	for number, n := range l.OldestFirst() {
		w.int(int64(number))
		w.int(int64(n.first))
		w.int(int64(n.last))
		w.int(int64(n.days))
	}
}

func (r *reader) customs(l *window.LRU[uint64, custom]) {
	for range r.count(maxCustoms) {
		*put(l, uint64(r.int())) = custom{r.dayNumber(), r.dayNumber(), int32(r.count(math.MaxInt32))}
	}
}
