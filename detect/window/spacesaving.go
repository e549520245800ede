package window

// SpaceSaving finds the hashes that come most often, and keeps a value for each
// (Metwally, Agrawal, El Abbadi, 2005): whatever comes more often than once in
// Cap events is among them. When it is full the rarest makes room. 32 bytes
// and one V for each entry.
type SpaceSaving[V any] struct {
	heap  []saved[V] // the rarest first
	index []int32    // open addressing by hash: place in heap, plus one; 0 = free

	evicted uint64
}

type saved[V any] struct {
	hash  uint64
	count uint32
	error uint32
	slot  int32 // in index
	value V
}

// NewSpaceSaving returns an empty table of limit entries, at least 1.
func NewSpaceSaving[V any](limit int) *SpaceSaving[V] {
	limit = max(limit, 1)
	return &SpaceSaving[V]{heap: make([]saved[V], 0, limit), index: make([]int32, tableSize(limit))}
}

// Observe counts a hash and returns its value to be changed in place; it is
// the zero V when fresh. count may be too high by at most over. The pointer is
// good until the next Observe.
func (s *SpaceSaving[V]) Observe(hash uint64) (value *V, count, over uint32) {
	slot, at := s.find(hash)
	switch {
	case at >= 0:
	case len(s.heap) < cap(s.heap):
		at = len(s.heap)
		s.heap = append(s.heap, saved[V]{hash: hash})
		s.place(at, slot)
		at = s.up(at)
	default:
		at = 0
		s.evicted++
		least := s.heap[0].count
		s.remove(s.heap[0].slot)
		slot, _ = s.find(hash)
		s.heap[0] = saved[V]{hash: hash, count: least, error: least}
		s.place(0, slot)
	}
	if s.heap[at].count < 1<<32-1 {
		s.heap[at].count++
	}
	at = s.down(at)
	e := &s.heap[at]
	return &e.value, e.count, e.error
}

// Len returns how many entries there are, Evicted how many made room.
func (s *SpaceSaving[V]) Len() int { return len(s.heap) }

// Evicted returns how many entries made room for others.
func (s *SpaceSaving[V]) Evicted() uint64 { return s.evicted }

// Reset forgets all entries; the counter of evictions goes on.
func (s *SpaceSaving[V]) Reset() {
	clear(s.heap[:cap(s.heap)])
	s.heap = s.heap[:0]
	clear(s.index)
}

// find returns the place in the heap, or -1 and the free slot.
func (s *SpaceSaving[V]) find(hash uint64) (slot int32, at int) {
	mask := uint64(len(s.index) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		at := int(s.index[i]) - 1
		if at < 0 || s.heap[at].hash == hash {
			return int32(i), at
		}
	}
}

func (s *SpaceSaving[V]) place(at int, slot int32) {
	s.heap[at].slot = slot
	s.index[slot] = int32(at + 1)
}

// remove frees a slot and moves back those that it had pushed on.
func (s *SpaceSaving[V]) remove(slot int32) {
	mask := len(s.index) - 1
	hole := int(slot)
	for i := (hole + 1) & mask; s.index[i] != 0; i = (i + 1) & mask {
		at := int(s.index[i]) - 1
		home := int(s.heap[at].hash) & mask
		if (i-home)&mask >= (i-hole)&mask {
			s.place(at, int32(hole))
			hole = i
		}
	}
	s.index[hole] = 0
}

// up moves an entry towards the rarest and returns its new place.
func (s *SpaceSaving[V]) up(at int) int {
	for at > 0 && s.heap[at].count < s.heap[(at-1)/2].count {
		s.swap(at, (at-1)/2)
		at = (at - 1) / 2
	}
	return at
}

// down moves an entry away from the rarest and returns its new place.
func (s *SpaceSaving[V]) down(at int) int {
	for {
		least := at
		for child := 2*at + 1; child <= 2*at+2 && child < len(s.heap); child++ {
			if s.heap[child].count < s.heap[least].count {
				least = child
			}
		}
		if least == at {
			return at
		}
		s.swap(at, least)
		at = least
	}
}

func (s *SpaceSaving[V]) swap(a, b int) {
	s.heap[a], s.heap[b] = s.heap[b], s.heap[a]
	s.index[s.heap[a].slot] = int32(a + 1)
	s.index[s.heap[b].slot] = int32(b + 1)
}
