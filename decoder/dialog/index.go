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
	came                    // the address alone: of those that ring
	sentNumber
	sentCaller // of those that go to an extension
	sentMedia
	sent
	slots
)

// place is where a leg stands in one list, newest first. Places lie close together:
// to pass over a leg that is not meant costs no look at it.
type place struct {
	leg        *leg
	hash       uint64
	prev, next int32 // places; 0: none
}

// index finds legs by hashes. Whoever searches it compares what the hash stands
// for, and stops after maxSearch.
type index struct {
	heads  []int32
	places []place // the first is none
	free   int32   // the first place that nobody stands in, linked by next
	n      int
}

const firstHeads = 256

// add puts a leg into the list of h, unless it stands in one already. It returns
// its place.
func (x *index) add(l *leg, h uint64) int32 {
	if x.n >= len(x.heads) {
		x.grow()
	}
	i := x.free
	if i == 0 {
		i = int32(len(x.places))
		x.places = append(x.places, place{})
	} else {
		x.free = x.places[i].next
	}
	x.places[i] = place{leg: l, hash: h}
	x.n++
	x.push(i)
	return i
}

func (x *index) push(i int32) {
	p := &x.places[i]
	head := &x.heads[p.hash&uint64(len(x.heads)-1)]
	p.prev, p.next = 0, *head
	if *head != 0 {
		x.places[*head].prev = i
	}
	*head = i
}

// grow doubles the heads. Each list is turned round, so that the newest comes
// first again.
func (x *index) grow() {
	old := x.heads
	x.heads = make([]int32, max(firstHeads, 2*len(old)))
	if len(x.places) == 0 {
		x.places = append(x.places, place{})
	}
	for _, i := range old {
		turned := int32(0)
		for i != 0 {
			p := &x.places[i]
			p.next, turned, i = turned, i, p.next
		}
		for turned != 0 {
			next := x.places[turned].next
			x.push(turned)
			turned = next
		}
	}
}

func (x *index) remove(i int32) {
	p := &x.places[i]
	if p.prev == 0 {
		x.heads[p.hash&uint64(len(x.heads)-1)] = p.next
	} else {
		x.places[p.prev].next = p.next
	}
	if p.next != 0 {
		x.places[p.next].prev = p.prev
	}
	*p = place{next: x.free}
	x.free = i
	x.n--
}

// first is the newest leg under a hash, to be followed by following. Both stop
// when n, which counts what was passed, is used up.
func (t *Tracker) first(s slot, h uint64, n *int) *leg {
	x := &t.index[s]
	if h == 0 || x.n == 0 {
		return nil
	}
	return x.along(x.heads[h&uint64(len(x.heads)-1)], s, h, n)
}

func (t *Tracker) following(l *leg, s slot, n *int) *leg {
	x := &t.index[s]
	p := &x.places[l.places[s]]
	return x.along(p.next, s, p.hash, n)
}

func (x *index) along(i int32, s slot, h uint64, n *int) *leg {
	most := maxSearch
	if s == cameMedia || s == sentMedia {
		most = maxForks
	}
	for i != 0 {
		p := &x.places[i]
		if *n++; *n > most {
			*n = maxSearch + 1
			return nil
		}
		if p.hash == h {
			return p.leg
		}
		i = p.next
	}
	return nil
}

// The hashes of a leg at an address, of which h is the hash; 0 where it has
// nothing to be found by.

func (l *leg) numberAt(h uint64) uint64 { return numberHash(h, l.Request.User) }

func (l *leg) callerAt(h uint64) uint64 {
	if countDigits(l.From.User) < indexDigits {
		return 0
	}
	return numberHash(h, l.From.User)
}

func (l *leg) sessionAt(h uint64) uint64 {
	if l.SDPSession == "" {
		return 0
	}
	return mix(h, hashString(l.SDPSession)) | 1
}

// enlist makes a leg known to those that it can be joined with.
func (t *Tracker) enlist(l *leg) {
	t.enlistFirst(l)
	if l.prior != 0 {
		return
	}
	h := hashAddr(l.Src.Addr())
	t.list(l, sentNumber, l.numberAt(h))
	if isShort(l.Request.User) {
		t.list(l, sentCaller, l.callerAt(h))
	}
	t.list(l, sentMedia, mediaHash(l.offered))
}

// enlistFirst makes a leg known to those that it may have led to.
func (t *Tracker) enlistFirst(l *leg) {
	h := hashAddr(l.Dst.Addr())
	t.list(l, cameNumber, l.numberAt(h))
	t.list(l, cameCaller, l.callerAt(h))
	t.list(l, cameSession, l.sessionAt(h))
	t.list(l, cameMedia, mediaHash(l.offered))
}

// list puts a leg into one list, unless it stands there or has nothing to be
// found by.
func (t *Tracker) list(l *leg, s slot, h uint64) {
	if h != 0 && l.places[s] == 0 {
		l.places[s] = t.index[s].add(l, h)
	}
}

// delist takes a leg out of the lists from one slot to another.
func (t *Tracker) delist(l *leg, from, to slot) {
	for s := from; s <= to; s++ {
		if i := l.places[s]; i != 0 {
			t.index[s].remove(i)
			l.places[s] = 0
		}
	}
}

func mediaHash(a netip.AddrPort) uint64 {
	if !a.IsValid() {
		return 0
	}
	return mix(hashAddr(a.Addr()), uint64(a.Port())) | 1
}
