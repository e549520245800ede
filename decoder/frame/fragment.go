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
	maxDatagrams  = 1024
	maxPieces     = 128     // of one datagram: 64 KiB at the 576 bytes that RFC 791 guarantees
	maxHeldBytes  = 4 << 20 // of all, each piece charged for its own bookkeeping
	pieceOverhead = 64

	// fragmentTimeout is Linux's net.ipv4.ipfrag_time. RFC 8200 §4.5 says 60 s
	// for hosts; a tap that waits longer only holds garbage.
	fragmentTimeout = 30 * time.Second

	// duplicateTime is how long a datagram that was put together is remembered:
	// a mirror that doubles frames does so within milliseconds. No host reuses
	// an identification that soon (RFC 6864 §4.1).
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
	complete         // remembered, to know duplicates
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
	bytes   int   // cost of their pieces
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
	t := &d.fragments
	g := t.find(key, d.now, &d.counters)
	switch g.state {
	case complete:
		d.counters.Duplicate++
		return IgnoredDuplicate
	case spoilt:
		return DroppedFragments
	}
	if len(g.pieces) == maxPieces {
		t.spoil(g, &d.counters.Refused)
		return DroppedFragments
	}
	switch outcome := t.insert(g, f, piece{f.offset, v.wire, v.b}); outcome {
	case IgnoredDuplicate:
		d.counters.Duplicate++
		return outcome
	case DroppedFragments:
		t.spoil(g, &d.counters.Overlapping)
		return outcome
	}
	if g.length != g.total {
		return t.bound(g, &d.counters)
	}
	d.counters.Reassembled++
	protocol, whole := g.protocol, t.assemble(g)
	t.remember(g, d.now)
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
	if g := t.table[key]; g != nil {
		return g
	}
	if len(t.waiting) >= maxDatagrams {
		t.giveUp(&t.waiting, &c.Evicted)
	}
	g := &datagram{key: key, total: -1, until: now.Add(fragmentTimeout)}
	t.table[key] = g
	t.waiting = append(t.waiting, g)
	t.held++
	return g
}

// insert puts a copy of p into its place. Anything but Held leaves g as it was.
func (t *fragments) insert(g *datagram, f fragment, p piece) Outcome {
	i := len(g.pieces)
	for i > 0 && g.pieces[i-1].offset >= p.offset {
		i--
	}
	if i < len(g.pieces) && g.pieces[i].same(&p) && f.more == (g.pieces[i].end() != g.total) {
		return IgnoredDuplicate
	}
	overlap := i > 0 && g.pieces[i-1].end() > p.offset || i < len(g.pieces) && p.end() > g.pieces[i].offset
	beyond := g.total >= 0 && (!f.more || p.end() > g.total)
	short := !f.more && len(g.pieces) > i // an earlier piece lies behind the last
	if overlap || beyond || short {
		return DroppedFragments
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
	return Held
}

func (p *piece) same(q *piece) bool {
	return p.offset == q.offset && p.length == q.length && bytes.Equal(p.data, q.data)
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

// bound gives up the oldest datagrams until their bytes fit. The fragment that
// has just come in is dropped when g itself is the oldest.
func (t *fragments) bound(g *datagram, c *Counters) Outcome {
	for t.bytes > maxHeldBytes {
		t.giveUp(&t.waiting, &c.Evicted)
	}
	if len(g.pieces) == 0 {
		return DroppedFragments
	}
	return Held
}

// expire gives up those whose time is up.
func (t *fragments) expire(now time.Time, c *Counters) {
	for len(t.waiting) > 0 && !now.Before(t.waiting[0].until) {
		t.giveUp(&t.waiting, &c.Expired)
	}
	for len(t.done) > 0 && !now.Before(t.done[0].until) {
		t.giveUp(&t.done, &c.Expired)
	}
}

// giveUp removes the first of q; it counts only when that was still collecting.
func (t *fragments) giveUp(q *queue, counter *uint64) {
	g := (*q)[0]
	if g.state == collecting {
		*counter++
	}
	t.release(g)
	delete(t.table, g.key)
	q.remove(g)
}

// spoil lets go of g's pieces, and refuses what still comes of it.
func (t *fragments) spoil(g *datagram, counter *uint64) {
	*counter++
	t.release(g)
	g.state = spoilt
}

// remember lets go of g's pieces, and knows their duplicates for a while.
func (t *fragments) remember(g *datagram, now time.Time) {
	t.release(g)
	g.state, g.until = complete, now.Add(duplicateTime)
	t.waiting.remove(g)
	if len(t.done) >= maxDatagrams {
		t.giveUp(&t.done, nil)
	}
	t.done = append(t.done, g)
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
