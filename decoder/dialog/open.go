package dialog

import (
	"bytes"
	"slices"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/decoder/sip"
)

// newLeg opens a leg in the table, with neither facts nor times. It returns nil
// when there is no room: calls in progress do not give way.
func (t *Tracker) newLeg(now time.Time) *leg {
	if t.live() >= t.cfg.Legs {
		oldest := t.challenged.first
		if oldest == nil {
			oldest = t.halfOpen.first
		}
		if oldest == nil {
			t.counters.LegsRefused++
			return nil
		}
		t.counters.LegsEvicted++
		t.end(oldest, call.TimedOut, call.NoSide, now, now)
		t.forget(oldest)
	}
	t.lastLeg++
	l := t.take()
	l.ID, l.State, l.EndBy = t.lastLeg, call.Trying, call.NoSide
	l.sign = now
	l.alarm.owner = l
	t.byID[l.ID] = l
	l.move(&t.halfOpen)
	t.counters.Opened++
	return l
}

// callsASecond is how many IDs lie between those of two trackers that began a
// second apart.
const callsASecond = 1 << 20

// newCall gives a leg a call of its own. IDs count from the time of the first
// call, so that those of a sensor started anew do not repeat what it stored
// before.
func (t *Tracker) newCall(start time.Time) call.ID {
	if t.lastCall == 0 {
		t.lastCall = call.ID(max(start.Unix(), 0)) * callsASecond
	}
	t.lastCall++
	return t.lastCall
}

// openLeg opens the leg of an INVITE. former is the leg that bore the same tags
// and has ended, or nil: an INVITE that follows a refusal is the same call.
func (t *Tracker) openLeg(m *sip.Message, meta *Meta, former *leg) {
	if former == nil && !t.roomFor(m, meta) {
		return
	}
	was := former.heritage()
	l := t.newLeg(meta.Time)
	if l == nil {
		return
	}
	described := t.description(m)
	if described {
		t.copy.add(&l.SDPSession, t.session.ID, maxText)
		l.offered = t.firstEndpoint()
		l.spoken[0] = hash(m.Text(m.Body))
	}
	t.facts(l, m)
	l.Src, l.Dst, l.Transport, l.Source, l.Start = meta.Src, meta.Dst, meta.Transport, meta.Source, meta.Time
	l.Partial, l.Anomalies, l.Recording = !m.To.Tag.Empty(), uint64(m.Anomalies), m.Recording()
	l.learnTag(m.Text(m.To.Tag))
	l.cseq, l.vias, l.Attempts, l.asked = m.CSeq, m.Vias, 1, meta.Time
	l.learnParties(m, meta)
	t.succeed(l, was)
	if l.Call == 0 {
		t.join(l, m)
	}
	t.enlist(l)
	t.wait(l)
	t.arm(l)
	t.emit(call.EventAttempt, l, meta.Time)
	if described {
		t.described(l, true, meta)
	}
}

// heritage is what a leg that ended leaves to the one that follows it under the
// same tags: its call, unless it was answered.
type heritage struct {
	id, prior call.LegID
	call      call.ID
}

func (l *leg) heritage() heritage {
	switch {
	case l == nil:
		return heritage{}
	case l.answered():
		return heritage{id: l.ID}
	}
	return heritage{l.ID, l.prior, l.Call}
}

// succeed has l follow a leg that has ended. To make room for l that may have
// been forgotten.
func (t *Tracker) succeed(l *leg, was heritage) {
	former := t.byID[was.id]
	if was.call != 0 {
		l.Call, l.prior = was.call, was.prior
		if former != nil && former.mate() != former {
			l.gather(former.mate())
		}
		if a := t.byID[l.prior]; a != nil {
			a.behind++
			a.joins++
		}
	}
	if former != nil {
		t.forget(former)
	}
}

// facts copies what an INVITE tells of its leg, and puts the leg under its
// Call-ID.
func (t *Tracker) facts(l *leg, m *sip.Message) {
	c := &t.copy
	c.add(&l.CallID, m.Text(m.CallID), maxKey)
	c.party(&l.From, m.Text(m.From.URI))
	c.party(&l.To, m.Text(m.To.URI))
	c.party(&l.Request, m.Text(m.RequestURI))
	c.userOf(&l.Asserted, m.Text(asserted(m)))
	contact := &t.contact
	*contact = call.Party{}
	c.party(contact, m.Text(m.Contact.URI))
	c.add(&l.UserAgent, m.Text(m.UserAgent), maxText)
	c.userOf(&l.Diversion, diversion(m))
	replaces, _, _ := bytes.Cut(m.Text(m.Replaces), []byte{';'})
	c.add(&l.Replaces, bytes.TrimSpace(replaces), maxKey)
	t.credentials(l, m)
	c.done()
	l.ContactUser, l.ContactHost = contact.User, contact.Host
	l.tag, l.branch = hash(clip(m.Text(m.From.Tag))), hash(clip(m.Text(m.Branch)))
	t.put(l)
}

// credentials adds what the first INVITE with credentials tells.
func (t *Tracker) credentials(l *leg, m *sip.Message) {
	value := m.Text(m.Authorization)
	if len(value) == 0 || l.Credentials {
		return
	}
	l.Credentials = true
	user, _ := sip.DigestParam(value, "username")
	realm, _ := sip.DigestParam(value, "realm")
	t.copy.add(&l.AuthUser, user, maxText)
	t.copy.add(&l.AuthRealm, realm, maxText)
}

func asserted(m *sip.Message) sip.Span {
	for _, a := range [...]*sip.Address{&m.Asserted, &m.Preferred, &m.RemoteParty} {
		if !a.URI.Empty() {
			return a.URI
		}
	}
	return sip.Span{}
}

func diversion(m *sip.Message) []byte {
	if !m.Diversion.URI.Empty() || m.HistoryInfo.Empty() {
		return m.Text(m.Diversion.URI)
	}
	return lastButOne(m)
}

// openLate opens a leg at an answer to an INVITE that was not seen. The answer
// went from the callee to the caller; that the caller exists is yet to be seen.
func (t *Tracker) openLate(m *sip.Message, meta *Meta) *leg {
	if !t.roomFor(m, meta) {
		return nil
	}
	l := t.newLeg(meta.Time)
	if l == nil {
		return nil
	}
	t.facts(l, m)
	// What the answer says of its sender is not the caller's.
	l.ContactUser, l.ContactHost, l.UserAgent, l.Diversion = "", "", "", ""
	l.Request, l.Asserted = l.To, ""
	l.Src, l.Dst, l.Transport, l.Source, l.Start = meta.Dst, meta.Src, meta.Transport, meta.Source, meta.Time
	l.Partial, l.Recording = true, m.Recording()
	l.cseq, l.vias = m.CSeq, m.Vias
	l.learnParties(m, meta)
	l.Call = t.newCall(l.Start)
	t.enlist(l)
	t.wait(l)
	t.arm(l)
	t.emit(call.EventAttempt, l, meta.Time)
	return l
}

// revive opens a leg anew that had ended unanswered, and is answered all the
// same: a 2xx always wins (RFC 3261 §16.7 step 5), and an attacker who forged a
// refusal must not hide the call.
func (t *Tracker) revive(old *leg, now time.Time) *leg {
	was, o := old.heritage(), *old // making room may forget it
	l := t.newLeg(now)
	if l == nil {
		return nil
	}
	id := l.ID
	l.Leg, l.remote, l.nTags, l.peers, l.nPeers, l.others = o.Leg, o.remote, o.nTags, o.peers, o.nPeers, slices.Clone(o.others)
	l.tag, l.branch, l.cseq, l.vias, l.asked, l.offered = o.tag, o.branch, o.cseq, o.vias, o.asked, o.offered
	t.put(l)
	l.ID, l.State, l.Status, l.EndBy, l.End = id, call.Trying, 0, call.NoSide, time.Time{}
	t.succeed(l, was)
	t.enlist(l)
	t.arm(l)
	t.emit(call.EventAttempt, l, now)
	return l
}
