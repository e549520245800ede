package dialog

import "tollwatch/decoder/call"

// ring is a leg's place among the legs of its call; empty when it is alone.
type ring struct{ prev, next *leg }

// gather puts the ring of l into that of a.
func (l *leg) gather(a *leg) {
	if a.mates.next == nil {
		a.mates = ring{a, a}
	}
	if l.mates.next == nil {
		l.mates = ring{l, l}
	}
	last, tail := a.mates.prev, l.mates.prev
	last.mates.next, l.mates.prev = l, last
	tail.mates.next, a.mates.prev = a, tail
}

// part takes a leg out of its ring.
func (l *leg) part() {
	if l.mates.next == nil {
		return
	}
	l.mates.next.mates.prev, l.mates.prev.mates.next = l.mates.prev, l.mates.next
	l.mates = ring{}
}

// attach makes l a leg behind a, and both legs of one call. One of them may be
// about to open: it takes the call of the other. Otherwise the younger call's
// legs move to the older. It says whether that could be.
func (t *Tracker) attach(a, l *leg) bool {
	switch {
	case l.Call == 0:
		l.Call = a.Call
	case a.Call == 0:
		a.Call = l.Call
	case a.Call != l.Call && !t.merge(a, l):
		return false
	}
	l.gather(a)
	if a.behind == 0 {
		a.forked = l.Start
	}
	a.joins++
	a.behind++
	l.prior = a.ID
	t.delist(l, sentNumber, sent)
	t.delist(a, cameNumber, cameNumber) // by its number it leads to no other
	t.delist(a, came, came)
	t.counters.Joined++
	return true
}

// merge moves the legs of the younger call to the older. A leg moves once: its
// call would else change under those who were told of it, again and again.
func (t *Tracker) merge(a, l *leg) bool {
	older, younger := a, l
	if l.Call < a.Call {
		older, younger = l, a
	}
	for m, first := younger, true; first || m != younger; m, first = m.mate(), false {
		if m.moved {
			return false
		}
	}
	former := younger.Call
	for m, first := younger, true; first || m != younger; m, first = m.mate(), false {
		if m.Live() {
			t.rejoin(m, former, older.Call)
		}
	}
	return true
}

// mate is the next leg of the same call, in the end l itself.
func (l *leg) mate() *leg {
	if l.mates.next == nil {
		return l
	}
	return l.mates.next
}

// rejoin gives a leg to an older call, and tells.
func (t *Tracker) rejoin(l *leg, former, older call.ID) {
	l.Call, l.moved = older, true
	for i := range l.media {
		l.media[i].Call = older
	}
	for i := range t.endpoints {
		if t.endpoints[i].Leg == l.ID {
			t.endpoints[i].Call = older
		}
	}
	t.emit(call.EventJoined, l, t.now).Former = former
}

// leave takes an ended leg out of the index, and frees the leg that led to it for
// another try. One that ends alone leaves its partner unknown: those that could
// have been it are no longer certain by being the only ones.
func (t *Tracker) leave(l *leg) {
	t.delist(l, cameNumber, sent)
	if l.prior == 0 && l.joins == 0 {
		unsettle := func(y *leg, _ evidence) { y.vague = true }
		t.partners(l, up, anyLeg, unsettle)
		t.partners(l, down, anyLeg, unsettle)
	}
	a := t.byID[l.prior]
	if a == nil || a.behind == 0 {
		return
	}
	if a.behind--; a.behind == 0 && a.Live() && !t.stale(a) {
		t.enlistFirst(a)
	}
}
