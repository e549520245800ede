package media

// window is how many sequence numbers back a late packet is told from a
// duplicate: 20 seconds of voice, one of video at 1000 packets a second. It is
// a power of two, so that a number's place in the bitmap is its low bits, in Go
// as in C.
const window = 1024

// maxDropout is how far a sequence number may jump ahead and still be loss;
// a longer jump must prove itself with its successor (RFC 3550 A.1).
const maxDropout = 3000

// maxTransit is the difference between two packets' transit times, in ns, from
// which on it is no jitter: the sender set its time stamps anew, or let them
// stand while it was silent. No network holds a packet for so long.
const maxTransit = 10e9

// Counters are the figures of one stream, filled packet by packet here and by
// the kernel's own books elsewhere: both keep the same bitmap, so that both
// count the same loss. Counts are packets, jitter is in nanoseconds.
type Counters struct {
	Packets, Bytes uint64
	Unique         uint64 // sequence numbers received
	Duplicates     uint64
	Reordered      uint64
	Gaps           uint64  // runs of lost packets
	JitterMax      float64 // ns
	Restarts       uint32  // jumps of the sequence: a new sender under an old SSRC

	started, jumped bool
	next            uint16 // after a jump: what proves it
	base, highest   uint64 // extended sequence numbers of the present run
	expectedBefore  uint64 // of the runs before

	tick          float64 // ns of a time stamp's unit at the packet before; 0: none to compare with
	lastTimestamp uint32
	jitterCount   uint32
	lastArrival   int64   // ns since 1970
	jitter        float64 // ns
	jitterSum     float64 // over jitterCount packets

	// seen holds at bit n%window whether the extended number n was received, for
	// the window that ends at highest.
	seen [window / 64]uint64
}

// Expected is how many packets should have come (RFC 3550 A.3).
func (c *Counters) Expected() uint64 {
	if !c.started {
		return 0
	}
	return c.expectedBefore + c.highest - c.base + 1
}

// Lost is expected less received, each sequence number counted once; it is
// never negative.
func (c *Counters) Lost() uint64 {
	if e := c.Expected(); e > c.Unique {
		return e - c.Unique
	}
	return 0
}

// BurstRatio is how much longer the runs of lost packets are than chance alone
// would make them (ITU-T G.107 §7.5): 1 for loss that hits at random.
func (c *Counters) BurstRatio() float64 {
	lost := float64(c.Lost())
	if lost == 0 || c.Gaps == 0 {
		return 1
	}
	random := 1 / (1 - lost/float64(c.Expected()))
	return max(lost/float64(c.Gaps)/random, 1)
}

// JitterMean is the mean over all packets, in nanoseconds.
func (c *Counters) JitterMean() float64 {
	if c.jitterCount == 0 {
		return 0
	}
	return c.jitterSum / float64(c.jitterCount)
}

// ObservePacket counts a packet of so many bytes of payload that arrived at
// nanoseconds since 1970. tick is how many nanoseconds one unit of its time
// stamp lasts; packets without one take no part in the jitter: those of an
// unknown clock, and telephone-events, whose time stamp stands still.
func (c *Counters) ObservePacket(sequence uint16, timestamp uint32, payload int, tick float64, at int64) {
	c.Packets++
	c.Bytes += uint64(payload)
	if c.sequence(sequence) && tick > 0 {
		c.observeJitter(timestamp, tick, at)
	}
}

// sequence places a sequence number; false for a duplicate and for a jump that
// has yet to prove itself: they say nothing of jitter.
func (c *Counters) sequence(s uint16) bool {
	step := int16(s - uint16(c.highest))
	switch {
	case !c.started:
		c.begin(s)
		return true
	case step == 1:
		c.jumped = false
		c.highest++
		c.Unique++
		c.mark(c.highest)
		return true
	case step > 0 && step < maxDropout:
		c.jumped = false
		c.skip(uint64(step))
		return true
	case step <= 0 && step > -window:
		return c.late(c.highest - uint64(-step))
	}
	return c.jump(s)
}

// jump takes a number that is far from all others. It was received and was to
// be expected, whether the next one follows it or not.
func (c *Counters) jump(s uint16) bool {
	switch {
	case c.jumped && s == c.next:
		c.restart(s)
		return true
	case c.jumped && s == c.next-1:
		c.Duplicates++
		return false
	}
	c.jumped, c.next = true, s+1
	c.Unique++
	c.expectedBefore++
	return false
}

// begin starts a run. It leaves room below for packets that come late.
func (c *Counters) begin(s uint16) {
	c.started = true
	c.base = uint64(s) + 1<<32
	c.highest = c.base
	c.seen = [window / 64]uint64{}
	c.mark(c.highest)
	c.Unique++
}

// restart begins a new run with the packet that jumped and with s, the one
// after it. What was counted when it jumped is taken back: it is in the new run.
func (c *Counters) restart(s uint16) {
	c.expectedBefore--
	c.Unique--
	c.expectedBefore = c.Expected()
	c.Restarts++
	c.jumped, c.tick = false, 0
	c.begin(s - 1)
	c.highest++
	c.Unique++
	c.mark(c.highest)
}

// skip takes a packet that is step ahead: those between are lost so far.
func (c *Counters) skip(step uint64) {
	if step >= window {
		c.seen = [window / 64]uint64{}
	} else {
		for n := c.highest + 1; n < c.highest+step; n++ {
			c.seen[n%window/64] &^= 1 << (n % 64)
		}
	}
	c.highest += step
	c.Unique++
	c.Gaps++
	c.mark(c.highest)
}

// late takes the number n, not above the highest; false for a duplicate.
func (c *Counters) late(n uint64) bool {
	if c.has(n) {
		c.Duplicates++
		return false
	}
	c.Reordered++
	c.Unique++
	c.mark(n)
	switch before, after := c.has(n-1), c.has(n+1); {
	case n < c.base: // before the first: the run begins with it
		c.base = n
		if !after {
			c.Gaps++
		}
	case before && after:
		c.Gaps--
	case !before && !after:
		c.Gaps++
	}
	return true
}

func (c *Counters) mark(n uint64) { c.seen[n%window/64] |= 1 << (n % 64) }

func (c *Counters) has(n uint64) bool { return c.seen[n%window/64]>>(n%64)&1 == 1 }

// observeJitter is RFC 3550 §6.4.1: J += (|D| - J) / 16. Packets of two clocks
// are not compared.
func (c *Counters) observeJitter(timestamp uint32, tick float64, at int64) {
	d := float64(at-c.lastArrival) - float64(int32(timestamp-c.lastTimestamp))*tick
	if d < 0 {
		d = -d
	}
	if c.tick == tick && d < maxTransit {
		c.jitter += (d - c.jitter) / 16
		c.jitterSum += c.jitter
		c.jitterCount++
		c.JitterMax = max(c.JitterMax, c.jitter)
	}
	c.tick, c.lastTimestamp, c.lastArrival = tick, timestamp, at
}
