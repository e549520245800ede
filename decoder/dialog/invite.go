package dialog

import (
	"math"

	"tollwatch/decoder/call"
	"tollwatch/decoder/sip"
)

// invite takes an INVITE: the first of a leg, one of the same attempt, or one
// inside the dialog.
func (t *Tracker) invite(m *sip.Message, meta *Meta) {
	l, reverse := t.find(m, meta)
	switch {
	case l == nil || l.stranger(m, meta):
		t.openLeg(m, meta, nil)
		return
	case !l.Live():
		if !reverse && m.CSeq > l.cseq { // else a late retransmission
			t.openLeg(m, meta, l)
		}
		return
	case reverse || l.answered() && !m.To.Tag.Empty():
		t.alive(l, meta)
	default:
		t.attempt(l, m, meta)
	}
	t.describe(l, !reverse, m, meta)
}

// stranger says that an INVITE with this leg's Call-ID and tag is of two others,
// who happened to choose alike: neither has a part in the leg, and it is no
// further hop, which would have more Vias (RFC 3261 §16.6 step 8).
func (l *leg) stranger(m *sip.Message, meta *Meta) bool {
	return m.To.Tag.Empty() && m.Vias <= l.vias && !l.firstHop(m) && !l.knows(meta.Src.Addr()) && !l.knows(meta.Dst.Addr())
}

// attempt merges an INVITE into the attempt that it belongs to: a
// retransmission, the next hop of a proxy, a fork, or a retry under the same
// Call-ID and From-tag. Each counts once in Attempts; an INVITE inside the
// dialog (with a To-tag, once the call is answered) is no attempt.
func (t *Tracker) attempt(l *leg, m *sip.Message, meta *Meta) {
	if l.Attempts < math.MaxInt32 {
		l.Attempts++
	}
	l.Anomalies |= uint64(m.Anomalies)
	l.follow(meta)
	if l.answered() || m.CSeq < l.cseq {
		return
	}
	t.credentials(l, m)
	t.copy.done()
	if m.Vias > l.vias || m.CSeq == l.cseq && l.firstHop(m) {
		return // a hop further on, or sent again
	}
	t.renew(l, m, meta)
}

// renew makes the caller's transaction that of m.
func (t *Tracker) renew(l *leg, m *sip.Message, meta *Meta) {
	l.vias, l.cseq = m.Vias, m.CSeq
	l.branch, l.asked = hash(clip(m.Text(m.Branch))), meta.Time
	l.awaitsRetry, l.refusal = false, 0
	if l.chain == &t.challenged {
		l.move(&t.halfOpen)
	}
	l.sign = meta.Time
	t.arm(l)
}

// inviteAnswer takes a response to an INVITE.
func (t *Tracker) inviteAnswer(m *sip.Message, meta *Meta) {
	l, reverse := t.find(m, meta)
	switch {
	case l == nil && m.Status > 100 && m.Status < 300:
		l = t.openLate(m, meta)
	case l == nil, !l.firstHop(m) && !l.knows(meta.Src.Addr()):
		t.counters.Strays++ // also of who has no part in it, and has not even seen the INVITE
		return
	case !l.Live() && !reverse && !l.answered() && m.Status >= 200 && m.Status < 300:
		l = t.revive(l, meta.Time)
	case !l.Live():
		return
	case !reverse:
		t.heard(l, meta)
	}
	if l == nil {
		return
	}
	rings, answered := l.Ringing.IsZero(), l.answered()
	if reverse {
		t.alive(l, meta)
	} else {
		t.forward(l, m, meta)
	}
	if m.Status >= 300 {
		return
	}
	t.agreeSession(l, m, meta)
	t.describe(l, reverse, m, meta)
	if rings && !l.Ringing.IsZero() {
		t.steps(l, rang)
	}
	if !answered && l.answered() {
		t.steps(l, picked)
	}
}

// forward takes a response on its way to the caller.
func (t *Tracker) forward(l *leg, m *sip.Message, meta *Meta) {
	if !l.answered() && m.CSeq > l.cseq && m.Vias <= l.vias && meta.Dst == l.Src {
		t.renew(l, m, meta) // the caller's retry was not seen
	}
	if m.Status > 100 {
		l.learnTag(m.Text(m.To.Tag))
	}
	switch {
	case l.answered():
		t.alive(l, meta)
	case m.Status < 200:
		t.provisional(l, m, meta)
	case m.Status < 300:
		l.learnHost(m.Text(m.Contact.URI))
		t.answer(l, m.Status, meta)
	default:
		t.refuse(l, m, meta)
	}
}

// heard notes that the other side exists: the answer came to the caller, or
// from a known peer. A leg rebuilt from answers has no INVITE that they answer.
func (t *Tracker) heard(l *leg, meta *Meta) {
	l.follow(meta)
	if l.HeardOther || l.Attempts == 0 || meta.Dst.Addr() != l.Src.Addr() && !l.knows(meta.Src.Addr()) {
		return
	}
	t.confirm(l)
}

// confirm notes that both sides exist. Only then are media endpoints handed
// out, and is an answered leg safe from giving way.
func (t *Tracker) confirm(l *leg) {
	l.HeardOther = true
	t.tellEndpoints(l)
	if l.answered() {
		l.move(&t.firm)
	}
}

func (t *Tracker) provisional(l *leg, m *sip.Message, meta *Meta) {
	if m.Status > 100 {
		l.sign = later(l.sign, meta.Time)
	}
	rings := l.Ringing.IsZero() && (m.Status == 180 || m.Status == 183)
	if rings {
		l.Ringing = later(l.Start, meta.Time)
	}
	if !l.progressed {
		l.progressed = true
		t.emit(call.EventProgress, l, meta.Time)
	}
	if rings {
		t.emit(call.EventRinging, l, meta.Time)
	}
}

// answer sets the call up. status is 0 when the answer was not seen but what
// follows it.
func (t *Tracker) answer(l *leg, status int, meta *Meta) {
	l.State, l.Status = call.Answered, status
	l.Answer = later(l.Start, meta.Time)
	l.sign, l.awaitsRetry = meta.Time, false
	switch {
	case l.HeardOther:
		l.move(&t.firm)
	case l.chain == &t.challenged:
		l.move(&t.halfOpen)
	}
	t.arm(l)
	t.emit(call.EventAnswered, l, meta.Time)
}

// refuse takes a final answer that is no 2xx. It ends the leg when it is the
// one that reaches the caller; the refusal of a single fork waits for that one.
func (t *Tracker) refuse(l *leg, m *sip.Message, meta *Meta) {
	if m.CSeq < l.cseq {
		return // of an attempt that was already replaced
	}
	if m.Status == 401 || m.Status == 407 {
		l.Challenged = true
	}
	decisive := l.firstHop(m)
	if m.Status < 400 && !l.forwarded {
		l.forwarded = true
		target := t.userText(m.Text(m.Contact.URI))
		t.emit(call.EventForwarded, l, meta.Time).Target = target
		if decisive {
			t.deflect(l, target, meta)
		}
	}
	if !l.awaitsRetry && (decisive || better(m.Status, l.refusal)) {
		l.refusal, l.refused = m.Status, meta.Time
	}
	switch {
	case !decisive:
	case !asksForRetry(m.Status):
		t.endRefused(l, meta)
	case !l.awaitsRetry:
		t.awaitRetry(l, meta)
	}
}

// awaitRetry keeps a refused leg for the INVITE that may follow. Of too many the
// oldest ends: an INVITE that follows all the same is of the same call.
func (t *Tracker) awaitRetry(l *leg, meta *Meta) {
	l.awaitsRetry = true
	t.arm(l)
	l.move(&t.challenged)
	if t.challenged.n > t.cfg.Challenged {
		t.counters.LegsEvicted++
		t.endRefused(t.challenged.first, meta)
	}
}

// endRefused ends a leg with the refusal that counts.
func (t *Tracker) endRefused(l *leg, meta *Meta) {
	t.decide(l)
	state, by := outcome(l.refusal)
	l.Status = l.refusal
	t.end(l, state, by, l.refused, meta.Time)
}

// cancel takes a CANCEL. It only asks: the leg ends with the answer to the
// INVITE, which may be a 2xx all the same, or when none comes.
func (t *Tracker) cancel(l *leg, m *sip.Message, meta *Meta) {
	if l.Live() && l.State == call.Trying && l.cancelled.IsZero() && m.CSeq >= l.cseq {
		l.cancelled = meta.Time
		if l.Attempts == 0 && l.knows(meta.Src.Addr()) && meta.Src.Addr() == l.Src.Addr() {
			t.confirm(l)
		}
		t.gaveUp(l)
		t.arm(l)
	}
}
