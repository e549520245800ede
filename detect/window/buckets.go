package window

import "time"

// Buckets is a sum over a sliding window, in steps of one bucket: 12 of five
// minutes are the last hour, give or take five minutes. 8 bytes a bucket.
type Buckets struct {
	sums  []float64
	width int64 // nanoseconds
	slot  int64 // number of the current bucket since 1970
	any   bool
}

// NewBuckets returns a window of count buckets, each width long. Both are
// raised to at least 1.
func NewBuckets(count int, width time.Duration) *Buckets {
	return &Buckets{sums: make([]float64, max(count, 1)), width: max(int64(width), 1)}
}

// Add adds x (euro, calls) to the bucket of now.
func (b *Buckets) Add(now time.Time, x float64) {
	b.advance(now)
	b.sums[b.at(b.slot)] += x
}

// Sum returns the sum over the window that ends at now.
func (b *Buckets) Sum(now time.Time) float64 {
	b.advance(now)
	sum := 0.0
	for _, x := range b.sums {
		sum += x
	}
	return sum
}

// Latest returns the sum of the bucket of now alone.
func (b *Buckets) Latest(now time.Time) float64 {
	b.advance(now)
	return b.sums[b.at(b.slot)]
}

// Reset forgets everything but the shape.
func (b *Buckets) Reset() {
	clear(b.sums)
	b.any = false
}

func (b *Buckets) at(slot int64) int {
	n := int64(len(b.sums))
	return int((slot%n + n) % n)
}

// advance empties the buckets that lie between the last time and now.
func (b *Buckets) advance(now time.Time) {
	slot := now.UnixNano() / b.width
	if !b.any {
		b.slot, b.any = slot, true
		return
	}
	for n := 0; b.slot < slot && n < len(b.sums); n++ {
		b.slot++
		b.sums[b.at(b.slot)] = 0
	}
	if b.slot < slot { // longer away than the window: all are empty
		b.slot = slot
	}
}

// AppendBinary appends the state, 18 bytes and 8 for each bucket.
func (b *Buckets) AppendBinary(dst []byte) ([]byte, error) {
	dst = appendInt(appendVersion(dst), b.slot)
	dst = appendBool(dst, b.any)
	dst = appendInt(dst, int64(len(b.sums)))
	for _, x := range b.sums {
		dst = appendFloat(dst, x)
	}
	return dst, nil
}

// UnmarshalBinary takes back what a window of the same number of buckets wrote.
func (b *Buckets) UnmarshalBinary(data []byte) error {
	d := newDecoder(data)
	slot, started := d.int(), d.bool()
	if d.int() != int64(len(b.sums)) {
		return ErrState
	}
	sums := make([]float64, len(b.sums))
	for i := range sums {
		sums[i] = d.float()
	}
	if err := d.end(); err != nil {
		return err
	}
	b.slot, b.any, b.sums = slot, started, sums
	return nil
}
