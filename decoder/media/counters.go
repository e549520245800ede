package media

import "time"

// window is how many sequence numbers back a late packet is told from a
// duplicate. At 50 packets a second it is 20 seconds.
const window = 1024

// maxDropout is how far a sequence number may jump ahead and still be loss;
// a longer jump must prove itself with its successor (RFC 3550 A.1).
const maxDropout = 3000

// maxTransit is the difference between two packets' transit times from which
// on it is no jitter: the sender set its time stamps anew, or let them stand
// while it was silent. No network holds a packet for so long.
const maxTransit = 10 * time.Second

// Counters are the figures of one stream, filled packet by packet here and by
// the kernel's own books elsewhere: both keep the same bitmap, so that both
// count the same loss. Counts are packets, jitter is in nanoseconds.
type Counters struct {
	Packets, Bytes uint64
	Unique         uint64 // sequence numbers received
	Duplicates     uint64
	Reordered      uint64
	Restarts       uint32  // jumps of the sequence: a new sender under an old SSRC
	JitterMax      float64 // ns

	started, jumped bool
	next            uint16 // after a jump: what proves it
	base, highest   int64  // extended sequence numbers of the present run
	expectedBefore  uint64 // of the runs before
	seen            [window / 64]uint64

	timed         bool // a time stamp to compare with is there
	lastTimestamp uint32
	lastArrival   time.Time
	jitter        float64 // ns
	jitterSum     float64 // over jitterCount packets
	jitterCount   uint64
}

// Expected is how many packets should have come (RFC 3550 A.3).
func (c *Counters) Expected() uint64 {
	if !c.started {
		return 0
	}
	return c.expectedBefore + uint64(c.highest-c.base+1)
}

// Lost is expected less received, each sequence number counted once; it is
// never negative.
func (c *Counters) Lost() uint64 {
	if e := c.Expected(); e > c.Unique {
		return e - c.Unique
	}
	return 0
}

// ObservePacket counts a packet. timed packets take part in the jitter: the
// media itself, not telephone-events, whose time stamp stands still.
func (c *Counters) ObservePacket(sequence uint16, timestamp uint32, payload int, clockRate int, timed bool, now time.Time) {
	c.Packets++
	c.Bytes += uint64(payload)
	if c.sequence(sequence) && timed && clockRate > 0 {
		c.observeJitter(timestamp, clockRate, now)
	}
}

// sequence places a sequence number; false for a duplicate and for a jump that
// has yet to prove itself: they say nothing of jitter.
func (c *Counters) sequence(s uint16) bool {
	if !c.started {
		c.begin(s)
		return true
	}
	step := int64(int16(s - uint16(c.highest)))
	switch {
	case step > 0 && step < maxDropout:
		c.jumped = false
		c.advance(step)
		return true
	case step <= 0 && step > -window:
		return c.late(-step)
	}
	if c.jumped && s == c.next {
		c.restart(s)
		return true
	}
	if c.jumped && s == c.next-1 {
		c.Duplicates++
		return false
	}
	c.jumped, c.next = true, s+1
	c.Unique++ // received and expected, whether the next one follows it or not
	c.expectedBefore++
	return false
}

// advance takes a packet that is step positions ahead.
func (c *Counters) advance(step int64) {
	c.shift(step)
	c.highest += step
	c.Unique++
	c.mark(0)
}

func (c *Counters) begin(s uint16) {
	c.started = true
	c.base, c.highest = int64(s)+1<<32, int64(s)+1<<32
	c.seen = [window / 64]uint64{}
	c.mark(0)
	c.Unique++
}

// restart begins a new run with the packet that jumped and with s, the one
// after it. What was counted when it jumped is taken back: it is in the new run.
func (c *Counters) restart(s uint16) {
	c.expectedBefore--
	c.Unique--
	c.expectedBefore = c.Expected()
	c.Restarts++
	c.jumped, c.timed = false, false
	c.begin(s - 1)
	c.advance(1)
}

// late takes a packet that is back positions behind the highest.
func (c *Counters) late(back int64) bool {
	word, bit := back/64, uint(back%64)
	if c.seen[word]>>bit&1 == 1 {
		c.Duplicates++
		return false
	}
	c.mark(back)
	c.Reordered++
	c.Unique++
	c.base = min(c.base, c.highest-back)
	return true
}

// seen holds, at bit i, whether highest-i was received.
func (c *Counters) mark(back int64) { c.seen[back/64] |= 1 << uint(back%64) }

func (c *Counters) shift(n int64) {
	if n >= window {
		c.seen = [window / 64]uint64{}
		return
	}
	words, rest := int(n/64), uint(n%64)
	for i := len(c.seen) - 1; i >= 0; i-- {
		var v uint64
		if from := i - words; from >= 0 {
			v = c.seen[from] << rest
			if rest > 0 && from > 0 {
				v |= c.seen[from-1] >> (64 - rest)
			}
		}
		c.seen[i] = v
	}
}

// observeJitter is RFC 3550 §6.4.1: J += (|D| - J) / 16.
func (c *Counters) observeJitter(timestamp uint32, clockRate int, now time.Time) {
	media := time.Duration(int64(int32(timestamp-c.lastTimestamp)) * int64(time.Second) / int64(clockRate))
	d := (now.Sub(c.lastArrival) - media).Abs()
	if c.timed && d < maxTransit {
		c.jitter += (float64(d) - c.jitter) / 16
		c.jitterSum += c.jitter
		c.jitterCount++
		c.JitterMax = max(c.JitterMax, c.jitter)
	}
	c.timed, c.lastTimestamp, c.lastArrival = true, timestamp, now
}

// JitterMean is the mean over all packets, in nanoseconds.
func (c *Counters) JitterMean() float64 {
	if c.jitterCount == 0 {
		return 0
	}
	return c.jitterSum / float64(c.jitterCount)
}
