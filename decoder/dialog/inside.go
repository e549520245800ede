package dialog

import (
	"bytes"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/decoder/sip"
)

// alive notes a sign of life inside the dialog, from somebody who takes part.
func (t *Tracker) alive(l *leg, meta *Meta) {
	if !l.knows(meta.Src.Addr()) {
		return
	}
	l.learn(meta.Dst.Addr())
	l.sign = later(l.sign, meta.Time)
	if !l.HeardOther && meta.Src.Addr() == l.Src.Addr() && l.Attempts == 0 {
		t.confirm(l) // it was rebuilt from answers: now the caller was seen as well
	}
}

// ack takes an ACK. That of a 2xx is a transaction of its own, with another
// branch than the INVITE (RFC 3261 §13.2.2.4): where the 2xx was lost it tells
// that there was one. That of a refusal has the INVITE's branch (§17.1.1.3).
func (t *Tracker) ack(l *leg, reverse bool, m *sip.Message, meta *Meta) {
	if !l.Live() {
		return
	}
	t.alive(l, meta)
	if reverse {
		t.describe(l, false, m, meta)
		return
	}
	if !l.answered() {
		t.ackUnanswered(l, m, meta)
	}
	if l.answered() {
		l.Acknowledged = true
		t.describe(l, true, m, meta)
	}
}

func (t *Tracker) ackUnanswered(l *leg, m *sip.Message, meta *Meta) {
	if m.CSeq != l.cseq || m.Vias > l.vias || l.awaitsRetry || m.To.Tag.Empty() || !l.knows(meta.Src.Addr()) {
		return
	}
	if l.firstHop(m) {
		l.refusal, l.refused = 0, meta.Time
		t.awaitRetry(l, meta)
		return
	}
	l.learnTag(m.Text(m.To.Tag))
	t.answer(l, 0, meta)
}

// inside takes a request inside a dialog.
func (t *Tracker) inside(l *leg, reverse bool, m *sip.Message, meta *Meta) {
	if !l.Live() {
		return
	}
	if m.Method == sip.Bye {
		t.takeBye(l, reverse, m, meta)
		return
	}
	t.alive(l, meta)
	switch m.Method {
	case sip.Prack, sip.Update:
		t.describe(l, !reverse, m, meta)
	case sip.Refer:
		if t.newest(l, reverse, m, meta) && !m.ReferTo.URI.Empty() {
			l.Transferred = t.userText(m.Text(m.ReferTo.URI))
			t.emit(call.EventTransfer, l, meta.Time).Target = l.Transferred
			t.deflect(l, l.Transferred, meta)
		}
	case sip.Info:
		if isDigit(m.Text(m.ContentType)) && t.newest(l, reverse, m, meta) {
			t.emit(call.EventDTMF, l, meta.Time).Separator = isSeparator(m.Text(m.Body))
		}
	}
}

// newest says that the request is no retransmission, comes from the dialog and
// in its order: receivers refuse what runs backwards (RFC 3261 §12.2.2).
func (t *Tracker) newest(l *leg, reverse bool, m *sip.Message, meta *Meta) bool {
	s := side(!reverse)
	if m.CSeq <= l.inDialog[s] || !l.knows(meta.Src.Addr()) {
		return false
	}
	l.inDialog[s] = m.CSeq
	return true
}

// isDigit recognises the bodies in which telephones send a digit by INFO.
func isDigit(contentType []byte) bool {
	media, _, _ := bytes.Cut(contentType, []byte{';'})
	media = bytes.TrimSpace(media)
	return bytes.EqualFold(media, []byte("application/dtmf-relay")) || bytes.EqualFold(media, []byte("application/dtmf"))
}

// isSeparator says that the body of an INFO is the key # or *: "Signal=#" in
// application/dtmf-relay, the key or its code (RFC 4733 §3.2) in application/dtmf.
func isSeparator(body []byte) bool {
	line, _, _ := bytes.Cut(bytes.TrimSpace(body), []byte{'\n'})
	if name, value, found := bytes.Cut(line, []byte{'='}); found && bytes.EqualFold(bytes.TrimSpace(name), []byte("Signal")) {
		line = value
	}
	switch string(bytes.TrimSpace(line)) {
	case "*", "#", "10", "11":
		return true
	}
	return false
}

// insideAnswer takes a response to a request inside a dialog.
func (t *Tracker) insideAnswer(l *leg, reverse bool, m *sip.Message, meta *Meta) {
	if !l.Live() {
		t.byeAnswered(l, m, meta)
		return
	}
	if m.Method == sip.Bye {
		t.answerBye(l, m, meta)
		return
	}
	t.alive(l, meta)
	if m.Status >= 200 && m.Status < 300 && (m.Method == sip.Update || m.Method == sip.Prack) {
		if m.Method == sip.Update {
			t.agreeSession(l, m, meta)
		}
		t.describe(l, reverse, m, meta)
	}
}

// agreeSession takes the session timer from a 2xx to an INVITE or UPDATE: each
// refreshes the session, and one without the header switches the timer off
// (RFC 4028 §7.2, §10).
func (t *Tracker) agreeSession(l *leg, m *sip.Message, meta *Meta) {
	if m.Status < 200 {
		return
	}
	l.refresh, l.session = meta.Time, 0
	seconds := 0
	for _, c := range m.Text(m.SessionExpire) {
		if c < '0' || c > '9' || seconds > 1<<20 {
			break
		}
		seconds = 10*seconds + int(c-'0')
	}
	if seconds > 0 {
		l.session = max(time.Duration(seconds)*time.Second, shortestSession)
	}
	if l.answered() {
		t.armEarlier(l)
	}
}
