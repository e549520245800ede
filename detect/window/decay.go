package window

import (
	"math"
	"time"
)

// Decay is a sum that halves with time: failed logins with a half-life of 15
// minutes, calls with one of 30 days. 24 bytes.
type Decay struct {
	HalfLife time.Duration // zero: nothing decays

	sum float64
	at  int64 // Unix nanoseconds of sum
}

// Add adds x at now and returns the sum.
func (d *Decay) Add(now time.Time, x float64) float64 {
	d.sum = d.Value(now) + x
	d.at = max(d.at, now.UnixNano())
	return d.sum
}

// Value returns the sum as of now.
func (d *Decay) Value(now time.Time) float64 {
	age := now.UnixNano() - d.at
	if d.sum == 0 || age <= 0 || d.HalfLife <= 0 {
		return d.sum
	}
	return d.sum * math.Exp2(-float64(age)/float64(d.HalfLife))
}

// AppendBinary appends the state, 17 bytes; the half-life is not part of it.
func (d *Decay) AppendBinary(dst []byte) ([]byte, error) {
	return appendInt(appendFloat(appendVersion(dst), d.sum), d.at), nil
}

// UnmarshalBinary takes back what AppendBinary wrote.
func (d *Decay) UnmarshalBinary(data []byte) error {
	in := newDecoder(data)
	sum, at := in.float(), in.int()
	if err := in.end(); err != nil {
		return err
	}
	d.sum, d.at = sum, at
	return nil
}
