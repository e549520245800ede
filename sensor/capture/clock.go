package capture

import (
	"math/bits"
	"time"
)

// ngClock turns the time stamps of one pcapng interface into times
// (draft-ietf-opsawg-pcapng §4.2, if_tsresol and if_tsoffset).
type ngClock struct {
	units  uint64 // of a stamp, a second
	scale  uint64 // nanoseconds a unit, where that is a whole number; else 0
	offset int64  // seconds added to every stamp
}

// defaultClock counts microseconds.
var defaultClock = ngClock{units: 1e6, scale: 1000}

// maxSecond is the last second that fits in 64 bits of nanoseconds.
const maxSecond = 1<<63/1_000_000_000 - 1

// setResolution takes if_tsresol: a negative power of ten, or of two when the
// top bit is set. It refuses one that no 64-bit stamp can count a second in.
func (c *ngClock) setResolution(v byte) bool {
	exponent := v & 0x7f
	c.units = 1
	if v&0x80 != 0 {
		if exponent > 63 {
			return false
		}
		c.units <<= exponent
	} else {
		if exponent > 19 {
			return false
		}
		for range exponent {
			c.units *= 10
		}
	}
	c.scale = 0
	if 1_000_000_000%c.units == 0 {
		c.scale = 1_000_000_000 / c.units
	}
	return true
}

// time is false for a stamp outside 1970 to 2262.
func (c *ngClock) time(stamp uint64) (time.Time, bool) {
	seconds, rest := stamp/c.units, stamp%c.units
	nanos := rest * c.scale
	if c.scale == 0 {
		high, low := bits.Mul64(rest, 1_000_000_000)
		nanos, _ = bits.Div64(high, low, c.units) // rest < units, so the quotient fits
	}
	// Each bound is checked before the sum, which could otherwise wrap.
	if seconds > maxSecond || c.offset > maxSecond || c.offset < -maxSecond {
		return time.Time{}, false
	}
	s := int64(seconds) + c.offset
	if s < 0 || s > maxSecond {
		return time.Time{}, false
	}
	return time.Unix(s, int64(nanos)).UTC(), true
}
