package dialog

import (
	"time"

	"tollwatch/decoder/call"
	"tollwatch/decoder/sip"
)

// bye is a BYE that did not end its leg at once, because it came from an
// address that has no part in the dialog, or with a tag that nobody bears.
type bye struct {
	time time.Time // zero when there is none
	cseq uint32
	by   call.Side
	tags bool // the tags were the dialog's
}

// takeBye takes a BYE of a live leg. Tags and address must be those of the
// dialog; else it is doubted, and waits for its answer.
func (t *Tracker) takeBye(l *leg, reverse bool, m *sip.Message, meta *Meta) {
	b := bye{time: meta.Time, cseq: m.CSeq, by: call.Caller}
	other := m.To.Tag
	if reverse {
		b.by, other = call.Callee, m.From.Tag
	}
	b.tags = l.hasTag(m.Text(other))
	if b.tags && l.knows(meta.Src.Addr()) {
		t.hangUp(l, b, meta.Time)
		return
	}
	if l.bye.time.IsZero() || b.tags && !l.bye.tags {
		l.bye = b
		t.counters.DoubtedByes++
		t.armEarlier(l)
	}
}

// answerBye takes the answer to a doubted BYE. It counts when a party of the
// dialog gave it: a 2xx, or, where the tags were right, any final answer but a
// challenge.
func (t *Tracker) answerBye(l *leg, m *sip.Message, meta *Meta) {
	b := l.bye
	switch {
	case b.time.IsZero() || m.CSeq != b.cseq || m.Status < 200 || !l.knows(meta.Src.Addr()):
	case m.Status < 300, b.tags && m.Status != 401 && m.Status != 407:
		t.hangUp(l, b, meta.Time)
	}
}

// byeAnswered tells, once, that the BYE that ended a call was answered.
func (t *Tracker) byeAnswered(l *leg, m *sip.Message, meta *Meta) {
	accepted := m.Method == sip.Bye && m.Status >= 200 && m.Status < 300
	if !accepted || l.released || !l.answered() || l.EndBy == call.NoSide || !l.knows(meta.Src.Addr()) {
		return
	}
	l.released = true
	t.emit(call.EventReleased, l, meta.Time)
}

// hangUp ends a leg with a BYE. Before the answer it is the caller's way to
// give up (RFC 3261 §15); the callee may send none then, so that its BYE tells
// that the answer was lost.
func (t *Tracker) hangUp(l *leg, b bye, now time.Time) {
	if !l.answered() && b.by == call.Caller {
		t.end(l, call.Cancelled, call.Caller, b.time, now)
		return
	}
	if !l.answered() {
		t.answer(l, 0, &Meta{Time: b.time})
	}
	t.end(l, call.Answered, b.by, b.time, now)
}

// expireBye decides on a doubted BYE that got no answer: with the right tags,
// and no media since, the party that sent it has gone (RFC 3261 §15.1.1).
func (t *Tracker) expireBye(l *leg, now time.Time) {
	b := l.bye
	l.bye = bye{}
	if b.tags && !l.lastMedia.After(b.time.Add(mediaTail)) {
		t.hangUp(l, b, now)
	}
}

// mediaTail is how long media may go on after a BYE: what is under way, and
// what the other side sends until it hears of it.
const mediaTail = 2 * time.Second
