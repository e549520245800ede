package detect

import (
	"encoding/binary"
	"math"
)

// maxWord bounds the strings of an encoded state.
const maxWord = 255

// writer appends to a state. Numbers are varints, fractions eight bytes.
type writer struct{ b []byte }

func (w *writer) int(n int64) { w.b = binary.AppendVarint(w.b, n) }

func (w *writer) float(f float64) {
	w.b = binary.BigEndian.AppendUint64(w.b, math.Float64bits(max(f, 0)))
}

func (w *writer) hash(h uint64) { w.b = binary.BigEndian.AppendUint64(w.b, h) }

func (w *writer) bool(v bool) {
	w.b = append(w.b, 0)
	if v {
		w.b[len(w.b)-1] = 1
	}
}

func (w *writer) string(s string) {
	s = s[:min(len(s), maxWord)]
	w.b = append(append(w.b, byte(len(s))), s...)
}

// reader takes a state apart. After the first fault it gives zeros only, so
// that whoever reads looks at failed once, at the end.
type reader struct {
	version byte
	b       []byte
	failed  bool
}

// take returns the next n bytes; nil after a fault.
func (r *reader) take(n int) []byte {
	if r.failed || n > len(r.b) {
		r.failed = true
		return nil
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b
}

func (r *reader) byte() byte {
	if b := r.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *reader) bool() bool { return r.byte() == 1 }

func (r *reader) bytes(into []byte) { copy(into, r.take(len(into))) }

func (r *reader) string() string { return string(r.take(int(r.byte()))) }

func (r *reader) int() int64 {
	n, size := binary.Varint(r.b)
	if r.failed || size <= 0 {
		r.failed = true
		return 0
	}
	r.b = r.b[size:]
	return n
}

// count is an integer from 0 to most.
func (r *reader) count(most int64) int64 {
	n := r.int()
	if n < 0 || n > most {
		r.failed = true
		return 0
	}
	return n
}

func (r *reader) dayNumber() int32 { return int32(r.count(math.MaxInt32)) }

func (r *reader) hash() uint64 {
	if b := r.take(8); b != nil {
		return binary.BigEndian.Uint64(b)
	}
	return 0
}

// float is a finite number that is not negative: nothing learned is.
func (r *reader) float() float64 {
	b := r.take(8)
	if b == nil {
		return 0
	}
	f := math.Float64frombits(binary.BigEndian.Uint64(b))
	if !(f >= 0 && f < math.MaxFloat64) {
		r.failed = true
		return 0
	}
	return f
}
