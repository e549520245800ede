package dialog

import "net/netip"

// slot is one of the lists that a leg can be found by when its call is put
// together: as the leg that came to a B2BUA, under the address that it went to,
// or as the one that the B2BUA sent on, under the address that it came from.
type slot uint8

const (
	cameNumber  slot = iota // what was dialled: its last digits, or the whole user
	cameCaller              // the caller's number
	cameSession             // the sess-id of the offer
	cameMedia               // the first media endpoint of the offer, whatever the address
	came                    // the address alone
	sentNumber
	sentCaller // of those that go to an extension
	sentMedia
	sent
	slots
)

// link is a leg's place in one list, newest first.
type link struct {
	prev, next *leg
	hash       uint64 // 0: in no list
}

// index finds legs by hashes. Its lists run through the legs: it costs nothing
// to put one in. Whoever searches it compares what the hash stands for, and
// stops after maxSearch.
type index struct {
	heads []*leg
	n     int
}

const firstHeads = 256

func (x *index) add(l *leg, s slot, h uint64) {
	if h == 0 || l.links[s].hash != 0 {
		return
	}
	if x.n >= len(x.heads) {
		x.grow(s)
	}
	l.links[s].hash = h
	x.n++
	x.push(l, s)
}

func (x *index) push(l *leg, s slot) {
	k := &l.links[s]
	head := &x.heads[k.hash&uint64(len(x.heads)-1)]
	k.prev, k.next = nil, *head
	if *head != nil {
		(*head).links[s].prev = l
	}
	*head = l
}

// grow doubles the heads. Each list is turned round, so that the newest comes
// first again.
func (x *index) grow(s slot) {
	old := x.heads
	x.heads = make([]*leg, max(firstHeads, 2*len(old)))
	for _, l := range old {
		var turned *leg
		for l != nil {
			next := l.links[s].next
			l.links[s].next, turned, l = turned, l, next
		}
		for turned != nil {
			next := turned.links[s].next
			x.push(turned, s)
			turned = next
		}
	}
}

func (x *index) remove(l *leg, s slot) {
	k := &l.links[s]
	if k.hash == 0 {
		return
	}
	if k.prev == nil {
		x.heads[k.hash&uint64(len(x.heads)-1)] = k.next
	} else {
		k.prev.links[s].next = k.next
	}
	if k.next != nil {
		k.next.links[s].prev = k.prev
	}
	*k = link{}
	x.n--
}

// first is the newest leg under a hash, to be followed by next. Both stop when
// n, which counts what was passed, is used up.
func (t *Tracker) first(s slot, h uint64, n *int) *leg {
	x := &t.index[s]
	if h == 0 || x.n == 0 {
		return nil
	}
	return along(x.heads[h&uint64(len(x.heads)-1)], s, h, n)
}

func (l *leg) following(s slot, n *int) *leg {
	return along(l.links[s].next, s, l.links[s].hash, n)
}

func along(l *leg, s slot, h uint64, n *int) *leg {
	most := maxSearch
	if s == cameMedia || s == sentMedia {
		most = maxForks
	}
	for ; l != nil; l = l.links[s].next {
		if *n++; *n > most {
			*n = maxSearch + 1
			return nil
		}
		if l.links[s].hash == h {
			return l
		}
	}
	return nil
}

// keys are the hashes of a leg at an address, 0 where it has nothing to be
// found by.
type keys struct{ number, caller, session, alone uint64 }

func (l *leg) keysAt(a netip.Addr) keys {
	h := hashAddr(a)
	k := keys{number: numberHash(h, l.Request.User), alone: h | 1}
	if countDigits(l.From.User) >= indexDigits {
		k.caller = numberHash(h, l.From.User)
	}
	if l.SDPSession != "" {
		k.session = mix(h, hashString(l.SDPSession)) | 1
	}
	return k
}

// enlist makes a leg known to those that it can be joined with.
func (t *Tracker) enlist(l *leg) {
	t.enlistFirst(l)
	if l.prior != 0 {
		return
	}
	k := l.keysAt(l.Src.Addr())
	t.index[sentNumber].add(l, sentNumber, k.number)
	if isShort(l.Request.User) {
		t.index[sentCaller].add(l, sentCaller, k.caller)
	}
	t.index[sentMedia].add(l, sentMedia, mediaHash(l.offered))
	t.index[sent].add(l, sent, k.alone)
}

// enlistFirst makes a leg known to those that it may have led to.
func (t *Tracker) enlistFirst(l *leg) {
	k := l.keysAt(l.Dst.Addr())
	t.index[cameNumber].add(l, cameNumber, k.number)
	t.index[cameCaller].add(l, cameCaller, k.caller)
	t.index[cameSession].add(l, cameSession, k.session)
	t.index[cameMedia].add(l, cameMedia, mediaHash(l.offered))
	t.index[came].add(l, came, k.alone)
}

// delist takes a leg out of the lists from one slot to another.
func (t *Tracker) delist(l *leg, from, to slot) {
	for s := from; s <= to; s++ {
		t.index[s].remove(l, s)
	}
}

func mediaHash(a netip.AddrPort) uint64 {
	if !a.IsValid() {
		return 0
	}
	return mix(hashAddr(a.Addr()), uint64(a.Port())) | 1
}
