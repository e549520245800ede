package window

// Set counts different hashes: exactly up to its cap, from then on by a sketch
// of 1 KiB that errs by 3 %. 16 bytes for each hash of the cap, rounded up to
// a power of two, and 1 KiB.
type Set struct {
	slots []uint64 // open addressing; 0 = free
	n     int
	limit int
	hll   *HLL
	over  bool
}

// setPrecision of the sketch behind a Set.
const setPrecision = 10

// NewSet returns an empty set that is exact up to limit hashes, at least 1.
func NewSet(limit int) *Set {
	limit = max(limit, 1)
	return &Set{slots: make([]uint64, tableSize(limit)), limit: limit, hll: NewHLL(setPrecision)}
}

// Add notes a hash and says whether it was certainly not there before. Beyond
// the cap nothing is certain, and it returns false.
func (s *Set) Add(hash uint64) bool {
	s.hll.Add(hash)
	if s.over {
		return false
	}
	at, found := s.find(hash)
	if found {
		return false
	}
	if s.n == s.limit {
		s.over = true
		return false
	}
	s.slots[at] = nonzeroHash(hash)
	s.n++
	return true
}

// Has says whether the hash is there. Beyond the cap only what came before it
// is known.
func (s *Set) Has(hash uint64) bool {
	_, found := s.find(hash)
	return found
}

// Count returns how many different hashes were added, and whether that is exact.
func (s *Set) Count() (n int, exact bool) {
	if s.over {
		return max(s.hll.Count(), s.limit+1), false
	}
	return s.n, true
}

// Reset forgets everything but the cap.
func (s *Set) Reset() {
	clear(s.slots)
	s.hll.Reset()
	s.n, s.over = 0, false
}

func (s *Set) find(hash uint64) (at int, found bool) {
	hash = nonzeroHash(hash)
	mask := uint64(len(s.slots) - 1)
	for i := hash & mask; ; i = (i + 1) & mask { // half of the slots are free
		switch s.slots[i] {
		case 0:
			return int(i), false
		case hash:
			return int(i), true
		}
	}
}

// nonzeroHash keeps 0 for free slots; the two hashes that become one are two
// in 2^64.
func nonzeroHash(hash uint64) uint64 {
	if hash == 0 {
		return 1
	}
	return hash
}

// tableSize is the power of two that leaves at least half of a table free.
func tableSize(n int) int {
	size := 4
	for size < 2*n {
		size *= 2
	}
	return size
}

// AppendBinary appends the state: 18 bytes, 8 for each slot, and 1 KiB.
func (s *Set) AppendBinary(dst []byte) ([]byte, error) {
	dst = appendInt(appendVersion(dst), int64(s.limit))
	dst = appendBool(dst, s.over)
	for _, h := range s.slots {
		dst = appendInt(dst, int64(h))
	}
	return append(dst, s.hll.registers...), nil
}

// UnmarshalBinary takes back what a set of the same cap wrote.
func (s *Set) UnmarshalBinary(data []byte) error {
	d := newDecoder(data)
	if d.int() != int64(s.limit) {
		return ErrState
	}
	read := NewSet(s.limit)
	read.over = d.bool()
	for range read.slots {
		if h := uint64(d.int()); h != 0 {
			if at, found := read.find(h); !found && read.n < read.limit {
				read.slots[at] = h
				read.n++
			}
		}
	}
	registers := d.take(len(read.hll.registers))
	if err := d.end(); err != nil {
		return err
	}
	for i, r := range registers {
		read.hll.registers[i] = min(r, 64-setPrecision+1)
	}
	*s = *read
	return nil
}
