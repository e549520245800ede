package dialog

import (
	"bytes"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/decoder/sip"
)

// evidence is what tells that a B2BUA made one leg of another, the weakest
// first.
type evidence uint8

const (
	none           evidence = iota
	byFork                  // as by the caller, while another leg of the same call rings
	byCaller                // the callers' numbers agree, and the later leg goes to an extension
	byNumber                // the dialled numbers agree from the right, or the users are the same
	bySession               // the offers bear the same sess-id (RFC 8866 §5.2)
	byNumberCaller          // both numbers agree
	byMedia                 // the offers bear the same media endpoint; so do the answers, where the B2BUA has two addresses
)

const (
	// mirrorSkew is how much earlier the later leg may be captured where two
	// ports of a switch are mirrored.
	mirrorSkew = 200 * time.Millisecond
	streamSkew = 4 * time.Second
	// forkTime is how soon after the first a call for several telephones goes to the
	// last of them. A later one is of another call, whose beginning was lost.
	forkTime = 500 * time.Millisecond
	// shortestSessionID is of a sess-id that tells something: devices that number
	// from one, or always say 0, are many.
	shortestSessionID = 4
)

// join finds the call of a leg that is about to open. An ambiguous one gets a
// call of its own, until evidence decides.
func (t *Tracker) join(l *leg, m *sip.Message) {
	a := t.named(l, m)
	if a == nil {
		a = t.certain(l)
	}
	if a != nil && t.attach(a, l) {
		return
	}
	l.Call = t.newCall(l.Start)
}

// named is the leg that the INVITE itself names: by the same Call-ID, by a
// header in which B2BUAs hand it on, by a dialog that it replaces, or as the
// target of a transfer or a forward.
func (t *Tracker) named(l *leg, m *sip.Message) *leg {
	if a := t.withCallID(l, m.Text(m.CallID)); a != nil {
		return a
	}
	for _, name := range [...]string{"X-CID", "X-Call-ID"} {
		if !mayBear(m.Text(m.Headers)) {
			break
		}
		if v, next := m.Header(name, 0); next >= 0 {
			if a := t.withCallID(l, bytes.TrimSpace(m.Text(v))); a != nil {
				return a
			}
		}
	}
	if base, found := bytes.CutSuffix(m.Text(m.CallID), []byte("_b2b-1")); found {
		if a := t.withCallID(l, base); a != nil {
			return a
		}
	}
	if a := t.replaced(l, m); a != nil {
		return a
	}
	return t.deflected(l)
}

// mayBear says that there is a header whose name begins with X-. To look for one
// by name costs more.
func mayBear(headers []byte) bool {
	return bytes.Contains(headers, []byte("\nX-")) || bytes.Contains(headers, []byte("\nx-"))
}

// withCallID is the leg with a Call-ID that can have led to l.
func (t *Tracker) withCallID(l *leg, id []byte) *leg {
	for a := t.legs[string(clip(id))]; a != nil; a = a.same {
		if a.Live() && t.mayLead(a, l) && a.leadsTo(l) {
			return a
		}
	}
	return nil
}

// evidence is what speaks for it that a led to l.
func (t *Tracker) evidence(a, l *leg) evidence {
	if !t.mayLead(a, l) {
		return none
	}
	leads := a.leadsTo(l)
	if a.offered == l.offered && a.offered.IsValid() && (leads || a.accepted == l.accepted && a.accepted.IsValid()) {
		return byMedia
	}
	if !leads || a.awaitsRetry {
		return none
	}
	number := a.behind == 0 && sameNumber(a.Request.User, l.Request.User)
	switch {
	case number && sameCaller(a, l):
		return byNumberCaller
	case l.SDPSession != "" && len(l.SDPSession) >= shortestSessionID && a.SDPSession == l.SDPSession:
		return bySession
	case number:
		return byNumber
	case !isShort(l.Request.User) || !sameNumber(a.From.User, l.From.User):
		return none
	case a.behind == 0:
		return byCaller
	case l.Start.Sub(a.forked) <= forkTime:
		return byFork
	}
	return none
}

// mayLead says that nothing speaks against it that a led to l: they are two
// calls yet, a began before, and is being set up, or was answered just now.
func (t *Tracker) mayLead(a, l *leg) bool {
	return a != l && a.joins < maxForks && (a.Call != l.Call || l.Call == 0) && !l.Start.Before(a.asked.Add(-a.skew())) &&
		!(a.answered() && l.Start.Sub(a.Start) >= t.cfg.JoinWindow)
}

// skew is how much later than the leg that it led to a leg may have been seen: a
// message on a stream also waits until what is missing before it is given up.
func (a *leg) skew() time.Duration {
	if a.Transport == call.UDP {
		return mirrorSkew
	}
	return streamSkew
}

// leadsTo says that a went to where l comes from. Where several programs have
// one address, only the port tells them apart.
func (a *leg) leadsTo(l *leg) bool {
	if a.Dst.Addr() != l.Src.Addr() || a.Src == l.Src && a.CallID != l.CallID {
		return false
	}
	return a.Src.Addr() != a.Dst.Addr() || a.Dst == l.Src
}

func sameCaller(a, l *leg) bool {
	for _, u := range [...]string{a.From.User, a.Asserted} {
		if u != "" && (sameNumber(u, l.From.User) || sameNumber(u, l.Asserted)) {
			return true
		}
	}
	return false
}
