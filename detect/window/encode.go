package window

import (
	"encoding/binary"
	"errors"
	"math"
)

// ErrState is what UnmarshalBinary returns for bytes that are cut, damaged, of
// another version or of another shape. The receiver is then unchanged.
var ErrState = errors.New("learned state: unknown version, other shape or damaged")

// version is the first byte of every encoded state.
const version = 1

func appendVersion(dst []byte) []byte { return append(dst, version) }

func appendInt(dst []byte, x int64) []byte {
	return binary.LittleEndian.AppendUint64(dst, uint64(x))
}

func appendFloat(dst []byte, x float64) []byte {
	return binary.LittleEndian.AppendUint64(dst, math.Float64bits(x))
}

func appendBool(dst []byte, b bool) []byte {
	if b {
		return append(dst, 1)
	}
	return append(dst, 0)
}

// decoder reads values one after the other; after the first that is missing
// or impossible all are zero, and end tells.
type decoder struct {
	b   []byte
	bad bool
}

func newDecoder(b []byte) *decoder {
	if len(b) == 0 || b[0] != version {
		return &decoder{bad: true}
	}
	return &decoder{b: b[1:]}
}

func (d *decoder) take(n int) []byte {
	if d.bad || len(d.b) < n {
		d.bad = true
		return nil
	}
	b := d.b[:n]
	d.b = d.b[n:]
	return b
}

func (d *decoder) int() int64 {
	b := d.take(8)
	if b == nil {
		return 0
	}
	return int64(binary.LittleEndian.Uint64(b))
}

// float reads a finite number.
func (d *decoder) float() float64 {
	x := math.Float64frombits(uint64(d.int()))
	if math.IsNaN(x) || math.IsInf(x, 0) {
		d.bad = true
		return 0
	}
	return x
}

// amount reads a finite number that is not negative.
func (d *decoder) amount() float64 {
	x := d.float()
	if x < 0 {
		d.bad = true
	}
	return x
}

func (d *decoder) bool() bool {
	b := d.take(1)
	if b == nil || b[0] > 1 {
		d.bad = true
		return false
	}
	return b[0] == 1
}

func (d *decoder) end() error {
	if d.bad || len(d.b) > 0 {
		return ErrState
	}
	return nil
}
