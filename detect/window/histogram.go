package window

import "math"

// HistogramBins is how many values a Histogram tells apart: 0 to 39.
const HistogramBins = 40

// Histogram counts small numbers, such as calls at once, to know what they
// almost never exceed. 160 bytes.
type Histogram struct {
	bins [HistogramBins]uint32
}

// Observe counts v; what lies outside 0 to 39 counts as the nearest of them.
// When a bin is full all are halved: old counts fade.
func (h *Histogram) Observe(v int) {
	bin := &h.bins[min(max(v, 0), HistogramBins-1)]
	if *bin == math.MaxUint32 {
		for i := range h.bins {
			h.bins[i] /= 2
		}
	}
	*bin++
}

// Total returns how many values were counted.
func (h *Histogram) Total() uint64 {
	total := uint64(0)
	for _, n := range h.bins {
		total += uint64(n)
	}
	return total
}

// Quantile returns the smallest value that a share of at least q of all
// values does not exceed; 0 when nothing was counted.
func (h *Histogram) Quantile(q float64) int {
	need, below := q*float64(h.Total()), 0.0
	for v, n := range h.bins {
		if below += float64(n); n > 0 && below >= need {
			return v
		}
	}
	return 0
}

// AppendBinary appends the state, 321 bytes.
func (h *Histogram) AppendBinary(dst []byte) ([]byte, error) {
	dst = appendVersion(dst)
	for _, n := range h.bins {
		dst = appendInt(dst, int64(n))
	}
	return dst, nil
}

// UnmarshalBinary takes back what AppendBinary wrote.
func (h *Histogram) UnmarshalBinary(data []byte) error {
	var read Histogram
	d := newDecoder(data)
	for i := range read.bins {
		n := d.int()
		if n < 0 || n > math.MaxUint32 {
			return ErrState
		}
		read.bins[i] = uint32(n)
	}
	if err := d.end(); err != nil {
		return err
	}
	*h = read
	return nil
}
