package dialog

import (
	"net/netip"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/decoder/sip"
)

// transactionKey names a request outside calls: what RFC 3261 §17.2.3 compares,
// and whom it asks for, so that a sender who never changes its branch does not
// hide its other targets.
type transactionKey struct {
	text   string // Call-ID, branch and To URI, parted by zero bytes
	cseq   uint32
	method sip.Method
}

// transaction is a request that waits for its final answer.
type transaction struct {
	message  call.Message
	time     time.Time
	asks     bool // it is a REGISTER
	register register
}

// keyText puts together the text of a message's key. It is valid until the next
// call.
func (t *Tracker) keyText(m *sip.Message) []byte {
	b := append(t.scratch[:0], clip(m.Text(m.CallID))...)
	b = append(append(b, 0), clip(m.Text(m.Branch))...)
	b = append(append(b, 0), clip(m.Text(m.To.URI))...)
	t.scratch = b
	return b
}

// open keeps a request outside any call until it is answered. One that is
// known is a retransmission.
func (t *Tracker) open(m *sip.Message, meta *Meta) {
	text := t.keyText(m)
	if t.transactions.m[transactionKey{string(text), m.CSeq, m.Method}] != nil {
		return
	}
	e, _ := t.transactions.add(transactionKey{string(text), m.CSeq, m.Method}, transaction{time: meta.Time})
	x := &e.value.message
	x.Src, x.Dst, x.Transport, x.Anomalies = meta.Src, meta.Dst, meta.Transport, uint64(m.Anomalies)
	x.Method = m.Method.String()
	x.Credentials = !m.Authorization.Empty()
	c := &t.copy
	if m.Method == sip.Other {
		c.add(&x.Method, m.Text(m.MethodText), maxText)
	}
	c.userOf(&x.User, m.Text(m.To.URI))
	c.userOf(&x.FromUser, m.Text(m.From.URI))
	c.add(&x.UserAgent, m.Text(m.UserAgent), maxText)
	if m.Method == sip.Register {
		e.value.asks = true
		t.readRegister(&e.value.register, m)
	}
	c.done()
}

// close takes a response to a request outside calls. It returns false when
// there is none that it answers.
func (t *Tracker) close(m *sip.Message, meta *Meta) bool {
	e := t.transactions.m[transactionKey{string(t.keyText(m)), m.CSeq, m.Method}]
	if e == nil {
		return false
	}
	if m.Status >= 200 {
		t.transactions.remove(e)
		t.conclude(&e.value, m, meta)
		t.transactions.release(e)
	}
	return true
}

// conclude takes the final response to a request outside calls.
func (t *Tracker) conclude(asked *transaction, m *sip.Message, meta *Meta) {
	x := &asked.message
	x.Status = m.Status
	if stale, ok := sip.DigestParam(m.Text(m.Challenge), "stale"); ok {
		x.Stale = len(stale) == 4 && stale[0]|0x20 == 't'
	}
	if asked.asks && m.Status < 300 {
		t.granted(asked, m, meta.Time)
		return
	}
	failures := 0
	if asked.asks && refusesLogin(x) {
		failures = t.failed(asked)
	}
	if !t.afford(x.Src.Addr(), meta.Time) {
		return
	}
	if failures > 0 {
		t.bindingEvent(asked.binding("", call.BindingRefused, 0, failures), meta.Time)
	}
	t.messageEvent(*x, meta.Time)
}

func (t *Tracker) messageEvent(x call.Message, now time.Time) {
	t.events = append(t.events, call.Event{Kind: call.EventMessage, Time: now, Message: &x})
}

// expireTransactions gives up requests that got no answer. They lie in the
// order in which they were made.
func (t *Tracker) expireTransactions(now time.Time) {
	for e := t.transactions.first; e != nil && !e.value.time.Add(transactionTime).After(now); e = t.transactions.first {
		t.unanswered(e, now)
	}
}

func (t *Tracker) unanswered(e *entry[transactionKey, transaction], now time.Time) {
	t.transactions.remove(e)
	if t.afford(e.value.message.Src.Addr(), now) {
		t.messageEvent(e.value.message, now)
	}
	t.transactions.release(e)
}

// budget is a token bucket: what a source may still report, and since when.
type budget struct {
	tokens float64
	time   time.Time
}

// afford says whether a source may report another message now. The sources of
// one IPv6 network count as one, as they belong to one.
func (t *Tracker) afford(source netip.Addr, now time.Time) bool {
	if source.Is6() && !source.Is4In6() {
		if p, err := source.Prefix(64); err == nil {
			source = p.Addr()
		}
	}
	e := t.budgets.m[source]
	if e == nil {
		e, _ = t.budgets.add(source, budget{t.cfg.MessageBurst, now})
	}
	t.budgets.use(e)
	b := &e.value
	if passed := now.Sub(b.time); passed > 0 {
		b.tokens = min(t.cfg.MessageBurst, b.tokens+passed.Seconds()*t.cfg.MessageRate)
		b.time = now
	}
	if b.tokens < 1 {
		t.counters.MessagesSuppressed++
		return false
	}
	b.tokens--
	return true
}
