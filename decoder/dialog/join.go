package dialog

import (
	"bytes"
	"net/netip"

	"tollwatch/decoder/sip"
)

// relation is what two legs have in common, the strongest first.
type relation uint8

const (
	byCallID  relation = iota // the later leg names the earlier one's Call-ID, or bears it
	byNumber                  // the dialled numbers agree from the right, or the users are the same
	byCaller                  // the callers' numbers agree, and the later leg goes to an extension
	bySession                 // the media descriptions bear the same sess-id
	kinds
)

// joinKey is where a leg is found that waits for its next leg: at the address
// that its INVITE went to, and by what the next leg will have in common.
type joinKey struct {
	addr netip.Addr
	kind relation
	num  uint32 // last six digits
	text string
}

// link is a leg's place in the list under one of its keys, newest first.
type link struct {
	prev, next *leg
	key        joinKey
	in         bool
}

const (
	indexDigits = 6 // that two numbers must have in common at least
	equalDigits = 9 // of two long ones: a national number without its prefix
)

// join finds the call of a new leg: that of the leg whose INVITE went to the
// address that this one comes from, and that is still being set up; else a call
// of its own.
func (t *Tracker) join(l *leg, m *sip.Message) {
	if a := t.former(l, m); a != nil {
		a.joins++
		l.Call = a.Call
		t.counters.Joined++
		return
	}
	l.Call = t.newCall(l.Start)
}

func (t *Tracker) former(l *leg, m *sip.Message) *leg {
	addr := l.Src.Addr()
	if a := t.pick(l, joinKey{addr: addr, kind: byCallID, text: l.CallID}); a != nil {
		return a
	}
	for _, name := range [...]string{"X-CID", "X-Call-ID"} {
		if v, next := m.Header(name, 0); next >= 0 {
			if a := t.pickText(l, addr, m.Text(v)); a != nil {
				return a
			}
		}
	}
	if base, found := bytes.CutSuffix(m.Text(m.CallID), []byte("_b2b-1")); found {
		if a := t.pickText(l, addr, base); a != nil {
			return a
		}
	}
	if k := numberKey(addr, l.Request.User); k.addr.IsValid() {
		if a := t.pick(l, k); a != nil {
			return a
		}
	}
	if k, ok := callerKey(addr, l); ok && countDigits(l.Request.User) < indexDigits {
		if a := t.pick(l, k); a != nil {
			return a
		}
	}
	if l.SDPSession == "" {
		return nil
	}
	return t.pick(l, joinKey{addr: addr, kind: bySession, text: l.SDPSession})
}

func (t *Tracker) pickText(l *leg, addr netip.Addr, callID []byte) *leg {
	callID = bytes.TrimSpace(callID)
	return t.pick(l, joinKey{addr: addr, kind: byCallID, text: string(clip(callID))})
}

// pick chooses among the legs under a key. Where several could be the one: that
// whose caller is the same, then the one that has waited longest for its next
// leg, since a B2BUA works in order. It chooses none when all have their next
// leg already and no caller decides: a wrong join is worse than none.
func (t *Tracker) pick(l *leg, k joinKey) *leg {
	var best *leg
	tied := false
	a := t.index[k]
	for n := 0; a != nil && n < maxSearch; a, n = a.links[k.kind].next, n+1 {
		if !t.leadsTo(a, l, k.kind) {
			continue
		}
		switch {
		case best == nil:
			best = a
		case sameCaller(a, l) != sameCaller(best, l):
			if sameCaller(a, l) {
				best, tied = a, false
			}
		case (a.joins == 0) != (best.joins == 0):
			if a.joins == 0 {
				best, tied = a, false
			}
		case a.joins > 0 || k.kind == bySession:
			tied = true
		default:
			best = a // older: the list is newest first
		}
	}
	if tied {
		return nil
	}
	return best
}

// leadsTo says that leg a can have led to leg l.
func (t *Tracker) leadsTo(a, l *leg, kind relation) bool {
	if a == l || a.joins >= maxForks || a.Src == l.Src && kind != byCallID {
		return false
	}
	if a.answered() && l.Start.Sub(a.Start) >= t.cfg.JoinWindow {
		return false
	}
	if a.Src.Addr() == a.Dst.Addr() && a.Dst != l.Src {
		return false // several programs behind one address: only the port tells them apart
	}
	switch kind {
	case byNumber:
		return sameNumber(a.Request.User, l.Request.User)
	case byCaller:
		return sameNumber(a.From.User, l.From.User)
	}
	return true
}

func sameCaller(a, l *leg) bool {
	for _, u := range [...]string{a.From.User, a.Asserted} {
		if u != "" && (sameNumber(u, l.From.User) || sameNumber(u, l.Asserted)) {
			return true
		}
	}
	return false
}

// sameNumber says that two users are the same, or agree in their last digits:
// at least six, and nine where both have as many. Prefixes for an outside line
// or a country do not matter.
func sameNumber(a, b string) bool {
	if a == b {
		return a != ""
	}
	na, nb := countDigits(a), countDigits(b)
	n := min(na, nb, equalDigits)
	if n < indexDigits {
		return false
	}
	for i, j := len(a), len(b); n > 0; n-- {
		i, j = lastDigit(a, i), lastDigit(b, j)
		if a[i] != b[j] {
			return false
		}
	}
	return true
}

func countDigits(s string) (n int) {
	for i := range len(s) {
		if s[i]-'0' <= 9 {
			n++
		}
	}
	return n
}

// lastDigit is where the last digit before end is; there is one.
func lastDigit(s string, end int) int {
	for end--; s[end]-'0' > 9; end-- {
	}
	return end
}

// numberKey is the key of a dialled user: its last digits, or the user itself
// when it has too few. Its address is not valid when there is no user.
func numberKey(addr netip.Addr, user string) joinKey {
	if user == "" {
		return joinKey{}
	}
	k := joinKey{addr: addr, kind: byNumber, text: user}
	if countDigits(user) < indexDigits {
		return k
	}
	k.text = ""
	for i, scale := len(user), uint32(1); scale < 1e6; scale *= 10 {
		i = lastDigit(user, i)
		k.num += uint32(user[i]-'0') * scale
	}
	return k
}

// callerKey is the key of a caller from outside; an extension is none.
func callerKey(addr netip.Addr, l *leg) (k joinKey, ok bool) {
	if countDigits(l.From.User) < indexDigits {
		return joinKey{}, false
	}
	k = numberKey(addr, l.From.User)
	k.kind = byCaller
	return k, true
}

// enlist makes a leg known to those that may join behind it.
func (t *Tracker) enlist(l *leg) {
	addr := l.Dst.Addr()
	t.enlistUnder(l, joinKey{addr: addr, kind: byCallID, text: l.CallID})
	if k := numberKey(addr, l.Request.User); k.addr.IsValid() {
		t.enlistUnder(l, k)
	}
	if k, ok := callerKey(addr, l); ok {
		t.enlistUnder(l, k)
	}
	if l.SDPSession != "" {
		t.enlistUnder(l, joinKey{addr: addr, kind: bySession, text: l.SDPSession})
	}
}

func (t *Tracker) enlistUnder(l *leg, k joinKey) {
	first := t.index[k]
	l.links[k.kind] = link{next: first, key: k, in: true}
	if first != nil {
		first.links[k.kind].prev = l
	}
	t.index[k] = l
}

// delist takes an ended leg out of the index.
func (t *Tracker) delist(l *leg) {
	for kind := range l.links {
		k := &l.links[kind]
		switch {
		case !k.in:
			continue
		case k.prev != nil:
			k.prev.links[kind].next = k.next
		case k.next != nil:
			t.index[k.key] = k.next
		default:
			delete(t.index, k.key)
		}
		if k.next != nil {
			k.next.links[kind].prev = k.prev
		}
		*k = link{}
	}
}
