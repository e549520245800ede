package stream

import "math/bits"

const (
	minBuffer   = 4 << 10 // two segments of Ethernet
	spareSizes  = 6       // each twice the one before: up to two messages of the cap
	spareMemory = 256 << 10
)

// buffers lends the memory of unfinished messages and counts it. What messages
// were cut from is taken back one Observe later, when they are dead, and kept
// for reuse up to spareMemory of each size.
type buffers struct {
	used    int // bytes lent: capacities, and the pieces behind gaps
	spare   [spareSizes][][]byte
	retired [][]byte
}

// append adds p to b, which was lent, or nil.
func (u *buffers) append(b, p []byte) []byte {
	need := len(b) + len(p)
	if need <= cap(b) {
		return append(b, p...)
	}
	size := max(minBuffer, 2*cap(b))
	for size < need {
		size *= 2
	}
	out := append(u.take(size), b...)
	u.retire(b)
	return append(out, p...)
}

// sizeOf is the place of a size among the spare ones.
func sizeOf(n int) int { return bits.Len(uint(n/minBuffer)) - 1 }

func (u *buffers) take(size int) []byte {
	u.used += size
	if i := sizeOf(size); i < spareSizes {
		if n := len(u.spare[i]); n > 0 {
			b := u.spare[i][n-1]
			u.spare[i] = u.spare[i][:n-1]
			return b[:0]
		}
	}
	return make([]byte, 0, size)
}

// retire ends the loan of b; messages may point into it until reclaim.
func (u *buffers) retire(b []byte) {
	if b != nil {
		u.used -= cap(b)
		u.retired = append(u.retired, b)
	}
}

func (u *buffers) reclaim() {
	for n, b := range u.retired {
		if i := sizeOf(cap(b)); i < spareSizes && len(u.spare[i]) < spareMemory/cap(b) {
			u.spare[i] = append(u.spare[i], b)
		}
		u.retired[n] = nil
	}
	u.retired = u.retired[:0]
}
