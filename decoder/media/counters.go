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
//
// A stream in good order needs no bitmap: it begins with the first packet that
// is not the next one.
type Counters struct {
	highest uint64 // extended sequence number; 0 until the first packet
	Packets uint64
	Bytes   uint64

	tick          float64 // ns of a time stamp's unit; 0: not known
	lastArrival   int64   // ns since 1970, of the packet that the next is compared with; 0: none
	jitter        float64 // ns
	jitterSum     float64 // over jitterCount packets
	JitterMax     float64 // ns
	lastTimestamp uint32
	jitterCount   uint32

	odd  *disorder
	base uint64 // extended sequence number that the present run began with
}

// Expected is how many packets should have come (RFC 3550 A.3).
func (c *Counters) Expected() uint64 {
	switch {
	case c.highest == 0:
		return 0
	case c.odd == nil:
		return c.highest - c.base + 1
	}
	return c.odd.before + c.highest - c.base + 1
}

// Unique is how many sequence numbers were received.
func (c *Counters) Unique() uint64 { return c.Packets - c.Duplicates() }

// Lost is expected less received, each sequence number counted once; it is
// never negative.
func (c *Counters) Lost() uint64 {
	if e, u := c.Expected(), c.Unique(); e > u {
		return e - u
	}
	return 0
}

// BurstRatio is how much longer the runs of lost packets are than chance alone
// would make them (ITU-T G.107 §7.5): 1 for loss that hits at random.
func (c *Counters) BurstRatio() float64 {
	lost, gaps := float64(c.Lost()), float64(c.Gaps())
	if lost == 0 || gaps == 0 {
		return 1
	}
	random := 1 / (1 - lost/float64(c.Expected()))
	return max(lost/gaps/random, 1)
}

// JitterMean is the mean over all packets, in nanoseconds.
func (c *Counters) JitterMean() float64 {
	if c.jitterCount == 0 {
		return 0
	}
	return c.jitterSum / float64(c.jitterCount)
}

// SetTick tells how many nanoseconds a unit of the time stamps to come lasts; 0
// when nobody knows. Packets of two clocks are not compared.
func (c *Counters) SetTick(tick float64) {
	if tick != c.tick {
		c.tick = tick
		c.Pause()
	}
}

// Pause tells that the packet to come is the first after a silence: its distance
// to the one before says nothing of the network.
func (c *Counters) Pause() { c.lastArrival = 0 }

// ObservePacket counts a packet of so many bytes of payload that arrived at
// nanoseconds since 1970. Packets that are not timed take no part in the jitter:
// telephone-events, whose time stamp stands still.
func (c *Counters) ObservePacket(sequence uint16, timestamp uint32, payload int, timed bool, at int64) {
	c.Packets++
	c.Bytes += uint64(payload)
	step := int16(sequence - uint16(c.highest))
	switch {
	case step == 1 && c.odd == nil && c.highest != 0:
		c.highest++
	case !c.sequence(sequence, step):
		return
	}
	if timed && c.tick > 0 {
		c.observeJitter(timestamp, at)
	}
}

// Transit is how much longer a packet was under way than the one before it, or
// shorter, in ns (D of RFC 3550 §6.4.1).
func (c *Counters) Transit(timestamp uint32, at int64) float64 {
	d := float64(at-c.lastArrival) - float64(int32(timestamp-c.lastTimestamp))*c.tick
	if d < 0 {
		return -d
	}
	return d
}

// observeJitter is RFC 3550 §6.4.1: J += (|D| - J) / 16.
func (c *Counters) observeJitter(timestamp uint32, at int64) {
	if d := c.Transit(timestamp, at); c.lastArrival != 0 && d < maxTransit {
		c.jitter += (d - c.jitter) / 16
		c.jitterSum += c.jitter
		c.jitterCount++
		if c.jitter > c.JitterMax {
			c.JitterMax = c.jitter
		}
	}
	c.lastTimestamp, c.lastArrival = timestamp, at
}
