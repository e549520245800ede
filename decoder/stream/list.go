package stream

// The two lists that a flow can be in at once.
const (
	byUse  = iota // of its phase, the longest silent first
	byWait        // holds bytes, the longest waiting first
)

type links struct {
	prev, next *flow
	in         *list
}

// list is a queue of flows without memory of its own.
type list struct {
	which       int
	first, last *flow
	n           int
}

// push puts f at the end, out of whichever list of this kind it was in.
func (l *list) push(f *flow) {
	k := &f.links[l.which]
	if k.in == l && l.last == f {
		return
	}
	unlink(f, l.which)
	k.in, k.prev = l, l.last
	if l.last != nil {
		l.last.links[l.which].next = f
	} else {
		l.first = f
	}
	l.last = f
	l.n++
}

// unlink takes f out of its list of this kind, if it is in one.
func unlink(f *flow, which int) {
	k := &f.links[which]
	l := k.in
	if l == nil {
		return
	}
	if k.prev != nil {
		k.prev.links[which].next = k.next
	} else {
		l.first = k.next
	}
	if k.next != nil {
		k.next.links[which].prev = k.prev
	} else {
		l.last = k.prev
	}
	l.n--
	*k = links{}
}
