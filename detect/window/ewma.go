package window

import (
	"math"
	"time"
)

// EWMA is the exponentially weighted mean and deviation of samples that come
// at any times: a sample weighs more the longer the last one is ago. 40 bytes.
type EWMA struct {
	HalfLife time.Duration // after this long without a sample the next weighs half

	mean, variance float64
	at             int64 // Unix nanoseconds of the last sample
	any            bool
}

// Observe takes a sample. The first one is the mean.
func (e *EWMA) Observe(now time.Time, x float64) {
	t := now.UnixNano()
	if !e.any {
		e.mean, e.variance, e.at, e.any = x, 0, t, true
		return
	}
	weight := 1.0
	if e.HalfLife > 0 {
		weight = -math.Expm1(-math.Ln2 * float64(max(t-e.at, 0)) / float64(e.HalfLife))
	}
	difference := x - e.mean
	e.mean += weight * difference
	e.variance = (1 - weight) * (e.variance + weight*difference*difference)
	e.at = max(e.at, t)
}

// Mean returns the mean, and whether there was any sample.
func (e *EWMA) Mean() (float64, bool) { return e.mean, e.any }

// Deviation returns the standard deviation.
func (e *EWMA) Deviation() float64 { return math.Sqrt(e.variance) }

// AppendBinary appends the state, 26 bytes; the half-life is not part of it.
func (e *EWMA) AppendBinary(dst []byte) ([]byte, error) {
	dst = appendFloat(appendFloat(appendVersion(dst), e.mean), e.variance)
	return appendBool(appendInt(dst, e.at), e.any), nil
}

// UnmarshalBinary takes back what AppendBinary wrote.
func (e *EWMA) UnmarshalBinary(data []byte) error {
	d := newDecoder(data)
	mean, variance, at, started := d.float(), d.amount(), d.int(), d.bool()
	if err := d.end(); err != nil {
		return err
	}
	e.mean, e.variance, e.at, e.any = mean, variance, at, started
	return nil
}
