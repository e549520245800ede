package dialog

import (
	"tollwatch/decoder/call"
	"tollwatch/decoder/sip"
)

// maxSame bounds the legs that bear one Call-ID, ended ones included: forked
// dialogs, programs that call with a constant, and two peers that chose alike.
const maxSame = 32

// find returns the leg of a message, and whether the message's From is the
// callee: then it goes, or answers a request that went, from callee to caller.
func (t *Tracker) find(m *sip.Message, meta *Meta) (l *leg, reverse bool) {
	first := t.legs[string(clip(m.Text(m.CallID)))]
	if first == nil {
		return nil, false
	}
	if l := first.pick(hash(clip(m.Text(m.From.Tag))), meta); l != nil {
		return l, false
	}
	if m.To.Tag.Empty() {
		return nil, false
	}
	l = first.pick(hash(clip(m.Text(m.To.Tag))), meta)
	return l, l != nil
}

// pick finds the leg with a tag among those with one Call-ID, newest first. Two
// peers may have chosen the same of both: then it is the one that the message's
// addresses have a part in.
func (l *leg) pick(tag uint64, meta *Meta) (first *leg) {
	for ; l != nil; l = l.same {
		switch {
		case l.tag != tag:
		case l.knows(meta.Src.Addr()) || l.knows(meta.Dst.Addr()):
			return l
		case first == nil:
			first = l
		}
	}
	return first
}

// put makes a leg known by its Call-ID.
func (t *Tracker) put(l *leg) {
	l.same = t.legs[l.CallID]
	t.legs[l.CallID] = l
}

func (t *Tracker) remove(l *leg) {
	first := t.legs[l.CallID]
	switch {
	case first != l:
		for first.same != l {
			first = first.same
		}
		first.same = l.same
	case l.same == nil:
		delete(t.legs, l.CallID)
	default:
		t.legs[l.same.CallID] = l.same
	}
}

// roomFor says that another leg may bear a Call-ID. Of too many the oldest that
// has ended goes, else the oldest that is half-open; calls in progress stay.
func (t *Tracker) roomFor(m *sip.Message, meta *Meta) bool {
	n := 0
	var ended, open *leg
	for l := t.legs[string(clip(m.Text(m.CallID)))]; l != nil; l = l.same {
		n++
		switch {
		case !l.Live():
			ended = l
		case l.chain != &t.firm:
			open = l
		}
	}
	switch {
	case n < maxSame:
	case ended != nil:
		t.counters.TombsEvicted++
		t.forget(ended)
	case open != nil:
		t.counters.LegsEvicted++
		t.end(open, call.TimedOut, call.NoSide, meta.Time, meta.Time)
		t.forget(open)
	default:
		t.counters.LegsRefused++
		return false
	}
	return true
}

// live is how many legs have not ended.
func (t *Tracker) live() int { return t.halfOpen.n + t.challenged.n + t.firm.n }

// take makes a leg of one that was forgotten, or a new one.
func (t *Tracker) take() *leg {
	l := t.spare
	if l == nil {
		return &leg{}
	}
	t.spare, l.next = l.next, nil
	return l
}

// forget drops an ended leg for good. Nothing points to it afterwards.
func (t *Tracker) forget(l *leg) {
	l.move(nil)
	t.remove(l)
	l.part()
	delete(t.byID, l.ID)
	*l = leg{next: t.spare}
	t.spare = l
}
