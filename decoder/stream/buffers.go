package stream

const (
	minBuffer = 4 << 10 // two segments of Ethernet; only these are kept for reuse
	maxSpare  = 64
)

// buffers lends the memory of unfinished messages and counts it. What messages
// were cut from is taken back one Observe later, when they are dead.
type buffers struct {
	used    int // bytes lent: capacities, and the pieces behind gaps
	spare   [][]byte
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

func (u *buffers) take(size int) []byte {
	u.used += size
	if n := len(u.spare); n > 0 && cap(u.spare[n-1]) == size {
		b := u.spare[n-1]
		u.spare = u.spare[:n-1]
		return b[:0]
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
	for i, b := range u.retired {
		if cap(b) == minBuffer && len(u.spare) < maxSpare {
			u.spare = append(u.spare, b)
		}
		u.retired[i] = nil
	}
	u.retired = u.retired[:0]
}
