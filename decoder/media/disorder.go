package media

// disorder is what a stream needs once a packet came that was not the next one.
type disorder struct {
	before                      uint64 // packets expected in the runs before the present one
	duplicates, reordered, gaps uint32
	restarts                    uint32
	jumped                      bool
	next                        uint16   // after a jump: what proves it
	foreign                     *foreign // what somebody else counted; nil: nobody did

	// missing holds at bit n%window whether the extended number n of the run has
	// not been received, for the window that ends at the highest.
	missing [window / 64]uint64
}

func (d *disorder) miss(n uint64)       { d.missing[n%window/64] |= 1 << (n % 64) }
func (d *disorder) take(n uint64)       { d.missing[n%window/64] &^= 1 << (n % 64) }
func (d *disorder) lacks(n uint64) bool { return d.missing[n%window/64]>>(n%64)&1 == 1 }

// Duplicates is how many packets bore a number that had been received.
func (c *Counters) Duplicates() uint64 {
	if c.odd == nil {
		return 0
	}
	return uint64(c.odd.duplicates)
}

// Reordered is how many packets came for the first time after a later one.
func (c *Counters) Reordered() uint64 {
	if c.odd == nil {
		return 0
	}
	return uint64(c.odd.reordered)
}

// Gaps is how many runs of lost packets there are.
func (c *Counters) Gaps() uint64 {
	if c.odd == nil {
		return 0
	}
	return uint64(c.odd.gaps)
}

// Restarts is how often the sequence jumped: a new sender under an old SSRC.
func (c *Counters) Restarts() uint32 {
	if c.odd == nil {
		return 0
	}
	return c.odd.restarts
}

// sequence places a sequence number that is so many steps from the highest;
// false for a duplicate and for a jump that has yet to prove itself: they say
// nothing of jitter.
func (c *Counters) sequence(s uint16, step int16) bool {
	if c.highest == 0 {
		c.begin(s)
		return true
	}
	if c.odd == nil {
		c.odd = &disorder{}
	}
	switch {
	case step == 1:
		c.odd.jumped = false
		c.highest++
		c.odd.take(c.highest)
		return true
	case step > 0 && step < maxDropout:
		c.odd.jumped = false
		c.skip(uint64(step))
		return true
	case step <= 0 && step > -window:
		return c.late(c.highest - uint64(-step))
	}
	return c.jump(s)
}

// begin starts a run. It leaves room below for packets that come late.
func (c *Counters) begin(s uint16) {
	c.base = uint64(s) + 1<<32
	c.highest = c.base
}

// jump takes a number that is far from all others. It was received and was to
// be expected, whether the next one follows it or not.
func (c *Counters) jump(s uint16) bool {
	d := c.odd
	switch {
	case d.jumped && s == d.next:
		c.restart(s)
		return true
	case d.jumped && s == d.next-1:
		d.duplicates++
		return false
	}
	d.jumped, d.next = true, s+1
	d.before++
	return false
}

// restart begins a new run with the packet that jumped and with s, the one
// after it. What was counted when it jumped is taken back: it is in the new run.
func (c *Counters) restart(s uint16) {
	d := c.odd
	d.before--
	d.before = c.Expected()
	d.restarts++
	d.jumped = false
	c.begin(s - 1)
	d.take(c.highest)
	c.highest++
	d.take(c.highest)
	c.Pause()
}

// skip takes a packet that is step ahead: those between are lost so far.
func (c *Counters) skip(step uint64) {
	for n := max(c.highest, c.highest+step-min(step, window)) + 1; n < c.highest+step; n++ {
		c.odd.miss(n)
	}
	c.highest += step
	c.odd.gaps++
	c.odd.take(c.highest)
}

// late takes the number n, not above the highest; false for a duplicate.
func (c *Counters) late(n uint64) bool {
	d := c.odd
	if c.has(n) {
		d.duplicates++
		return false
	}
	d.reordered++
	before, after := c.has(n-1), c.has(n+1)
	d.take(n)
	switch {
	case n < c.base: // before the first: the run begins with it
		for lost := n + 1; lost < c.base; lost++ {
			d.miss(lost)
		}
		c.base = n
		if !after {
			d.gaps++
		}
	case before && after:
		d.gaps--
	case !before && !after:
		d.gaps++
	}
	return true
}

// has says that the number n of the window was received.
func (c *Counters) has(n uint64) bool { return n >= c.base && !c.odd.lacks(n) }
