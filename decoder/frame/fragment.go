package frame

import (
	"bytes"
	"net/netip"
	"slices"
	"time"
)

// Caps of the fragment table. A site has a handful of datagrams in pieces at a
// time (SIP beyond the MTU); these hold a thousand.
const (
	maxDatagram   = 65535
	MaxDatagrams  = 1024    // that wait for fragments
	maxPieces     = 128     // of one datagram: 64 KiB at the 576 bytes that RFC 791 guarantees
	MaxHeldBytes  = 4 << 20 // of all, each piece charged for its own bookkeeping
	pieceOverhead = 64

	// fragmentTimeout is Linux's net.ipv4.ipfrag_time. RFC 8200 §4.5 says 60 s
	// for hosts; a tap that waits longer only holds garbage.
	fragmentTimeout = 30 * time.Second

	// duplicateTime is how long a datagram that was put together is remembered,
	// with its fragments, to know their doubles: a mirror gives them within
	// milliseconds. What comes under the same identification and is not the same
	// to the byte is another datagram: nobody hides one by forging its like.
	duplicateTime = time.Second
)

// fragment is what an IP header says of a fragment.
type fragment struct {
	id       uint32
	version  uint8
	protocol byte
	offset   int // bytes
	more     bool
}

// fragmentKey tells datagrams apart: RFC 791 §2.3, RFC 8200 §4.5. In IPv6 the
// protocol is no part of it. The VLAN is, so that a frame mirrored with and
// without its tag makes two whole datagrams instead of a spoilt one.
type fragmentKey struct {
	src, dst netip.Addr
	id       uint32
	version  uint8
	protocol byte
	vlan     uint16
}

type piece struct {
	offset, length int
	data           []byte // shorter than length when the snaplen cut it
}

func (p *piece) end() int { return p.offset + p.length }

func (p *piece) cost() int { return len(p.data) + pieceOverhead }

// state of a datagram in the table.
type state uint8

const (
	collecting state = iota
	complete         // remembered, with its pieces, to know duplicates
	spoilt           // fragments contradicted each other: what follows is refused too (RFC 5722 §4)
)

// datagram is one that is not whole yet, or its memory.
type datagram struct {
	key      fragmentKey
	state    state
	protocol byte    // of the fragment at offset 0
	pieces   []piece // by offset, not overlapping
	length   int     // of all pieces
	total    int     // known when the last one came; else -1
	until    time.Time
}

// fragments is the table: what waits, and a memory of what was whole. Both
// queues are in the order in which their time is up.
type fragments struct {
	table   map[fragmentKey]*datagram
	waiting queue // collecting or spoilt, by first fragment
	done    queue // complete, by last fragment
	held    int   // datagrams that are collecting
	bytes   int   // cost of all pieces
	whole   [maxDatagram]byte
}

func newFragments() fragments {
	return fragments{table: make(map[fragmentKey]*datagram)}
}

// fragment takes in one fragment. The one that completes its datagram goes on
// to what that carries.
func (d *Decoder) fragment(f fragment, v view) Outcome {
	d.counters.Fragments++
	end := f.offset + v.wire
	if v.wire == 0 || end > maxDatagram || f.more && v.wire%8 != 0 {
		return MalformedIP
	}
	key := fragmentKey{src: d.p.Src.Addr(), dst: d.p.Dst.Addr(), id: f.id, version: f.version, vlan: d.p.VLAN}
	if f.version == 4 {
		key.protocol = f.protocol
	}
	t, p := &d.fragments, piece{f.offset, v.wire, v.b}
	g := t.find(key, d.now, &d.counters)
	if g.knows(f, &p) {
		d.counters.Duplicate++
		return IgnoredDuplicate
	}
	switch {
	case g.state == complete: // and this is another one
		t.forget(g, &d.counters.Evicted)
		g = t.find(key, d.now, &d.counters)
	case g.state == spoilt:
		return DroppedFragments
	case len(g.pieces) == maxPieces:
		t.spoil(g, &d.counters.Refused)
		return DroppedFragments
	}
	if !t.insert(g, f, p) {
		t.spoil(g, &d.counters.Overlapping)
		return DroppedFragments
	}
	if g.length != g.total {
		return t.bound(g, &d.counters)
	}
	d.counters.Reassembled++
	protocol, whole := g.protocol, t.assemble(g)
	t.remember(g, d.now, &d.counters)
	if d.joined++; d.joined > maxNesting {
		return MalformedTunnel
	}
	if f.version == 6 {
		return d.extensions(protocol, whole)
	}
	return d.protocol(protocol, whole)
}

// find returns the datagram of key, a new one when there is none.
func (t *fragments) find(key fragmentKey, now time.Time, c *Counters) *datagram {
	t.expire(now, c)
	g := t.table[key]
	if g != nil && !g.ahead(now) {
		return g
	}
	if g != nil {
		t.forget(g, &c.Expired)
	}
	if len(t.waiting) >= MaxDatagrams {
		t.forget(t.waiting[0], &c.Evicted)
	}
	g = &datagram{key: key, total: -1, until: now.Add(fragmentTimeout)}
	t.table[key] = g
	t.waiting = append(t.waiting, g)
	t.held++
	return g
}

// ahead says whether g is from a time that is yet to come: the clock was set
// back. Frames that overtake each other on their way are not meant.
func (g *datagram) ahead(now time.Time) bool {
	life := fragmentTimeout
	if g.state == complete {
		life = duplicateTime
	}
	return now.Before(g.until.Add(-2 * life))
}

// knows says whether p is a piece of g already, and says nothing new.
func (g *datagram) knows(f fragment, p *piece) bool {
	i := g.place(p.offset)
	return i < len(g.pieces) && g.pieces[i].covers(p) && f.more == (g.pieces[i].end() != g.total)
}

// place is where a piece of that offset is, or would be.
func (g *datagram) place(offset int) int {
	i := len(g.pieces)
	for i > 0 && g.pieces[i-1].offset >= offset {
		i--
	}
	return i
}

// covers compares to the byte; q may have been cut earlier.
func (p *piece) covers(q *piece) bool {
	return p.offset == q.offset && p.length == q.length && bytes.HasPrefix(p.data, q.data)
}

// insert puts a copy of p into its place; when it contradicts what is there, it
// leaves g as it was, and says false.
func (t *fragments) insert(g *datagram, f fragment, p piece) bool {
	i := g.place(p.offset)
	overlap := i > 0 && g.pieces[i-1].end() > p.offset || i < len(g.pieces) && p.end() > g.pieces[i].offset
	beyond := g.total >= 0 && (!f.more || p.end() > g.total)
	short := !f.more && len(g.pieces) > i // an earlier piece lies behind the last
	if overlap || beyond || short {
		return false
	}
	p.data = bytes.Clone(p.data)
	g.pieces = slices.Insert(g.pieces, i, p)
	g.length += p.length
	t.bytes += p.cost()
	if !f.more {
		g.total = p.end()
	}
	if p.offset == 0 {
		g.protocol = f.protocol
	}
	return true
}

// assemble copies the pieces together, up to the first that the snaplen cut.
func (t *fragments) assemble(g *datagram) view {
	n := 0
	for _, p := range g.pieces {
		n += copy(t.whole[n:], p.data)
		if len(p.data) < p.length {
			break
		}
	}
	return view{t.whole[:n], g.total}
}

// bound gives up the oldest datagrams until the bytes of all fit, those first
// that are whole and only remembered. The fragment that has just come in is
// dropped when g itself is the oldest.
func (t *fragments) bound(g *datagram, c *Counters) Outcome {
	for t.bytes > MaxHeldBytes {
		if len(t.done) > 0 {
			t.forget(t.done[0], &c.Evicted)
			continue
		}
		t.forget(t.waiting[0], &c.Evicted)
	}
	if len(g.pieces) == 0 {
		return DroppedFragments
	}
	return Held
}

// expire gives up those whose time is up. When the clock was set back, what is
// from before stays until its key is used again or the table is full.
func (t *fragments) expire(now time.Time, c *Counters) {
	for len(t.waiting) > 0 && !now.Before(t.waiting[0].until) {
		t.forget(t.waiting[0], &c.Expired)
	}
	for len(t.done) > 0 && !now.Before(t.done[0].until) {
		t.forget(t.done[0], &c.Expired)
	}
}

// forget removes g; it counts only when that was still collecting.
func (t *fragments) forget(g *datagram, counter *uint64) {
	if g.state == collecting {
		*counter++
	}
	t.release(g)
	delete(t.table, g.key)
	if g.state == complete {
		t.done.remove(g)
		return
	}
	t.waiting.remove(g)
}

// spoil lets go of g's pieces, and refuses what still comes of it.
func (t *fragments) spoil(g *datagram, counter *uint64) {
	*counter++
	t.release(g)
	g.state = spoilt
}

// remember keeps g, which is whole, to know the doubles of its fragments.
func (t *fragments) remember(g *datagram, now time.Time, c *Counters) {
	t.held--
	g.state, g.until = complete, now.Add(duplicateTime)
	t.waiting.remove(g)
	if len(t.done) >= MaxDatagrams {
		t.forget(t.done[0], &c.Evicted)
	}
	t.done = append(t.done, g)
	t.bound(g, c)
}

func (t *fragments) release(g *datagram) {
	for i := range g.pieces {
		t.bytes -= g.pieces[i].cost()
	}
	if g.state == collecting {
		t.held--
	}
	g.pieces = nil
}

// queue holds the oldest first. What leaves it is mostly the first, or one of
// the last.
type queue []*datagram

func (q *queue) remove(g *datagram) {
	if (*q)[0] == g {
		(*q)[0] = nil
		*q = (*q)[1:]
		return
	}
	for i := len(*q) - 1; i > 0; i-- {
		if (*q)[i] == g {
			*q = slices.Delete(*q, i, i+1)
			return
		}
	}
}
