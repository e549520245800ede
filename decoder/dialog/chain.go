package dialog

// chain is a list of legs in the order in which they were put in.
type chain struct {
	first, last *leg
	n           int
}

// move takes l out of the chain it is in, and puts it at the end of c (nil: no
// chain).
func (l *leg) move(c *chain) {
	if l.chain != nil {
		l.chain.unlink(l)
	}
	l.chain, l.prev, l.next = c, nil, nil
	if c == nil {
		return
	}
	l.prev = c.last
	if c.last == nil {
		c.first = l
	} else {
		c.last.next = l
	}
	c.last = l
	c.n++
}

func (c *chain) unlink(l *leg) {
	if l.prev == nil {
		c.first = l.next
	} else {
		l.prev.next = l.next
	}
	if l.next == nil {
		c.last = l.prev
	} else {
		l.next.prev = l.prev
	}
	c.n--
}
