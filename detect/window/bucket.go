package window

import "time"

// Bucket is a token bucket: so many events a second on average, so many at
// once. It starts full. 32 bytes.
type Bucket struct {
	Rate  float64 // tokens a second
	Burst float64 // tokens it holds

	spent float64
	at    int64 // Unix nanoseconds
}

// Take takes n tokens at now, or none and returns false when there are fewer.
func (b *Bucket) Take(now time.Time, n float64) bool {
	if t := now.UnixNano(); t > b.at {
		b.spent = max(0, b.spent-b.Rate*float64(t-b.at)/float64(time.Second))
		b.at = t
	}
	if b.spent+n > b.Burst {
		return false
	}
	b.spent += n
	return true
}
