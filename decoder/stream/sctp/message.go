package sctp

import (
	"bytes"
	"net/netip"
	"slices"
	"time"

	"tollwatch/decoder/sip"
	"tollwatch/decoder/stream/lru"
)

// message is what waits of a message; of unordered ones without a number, of
// all those of a stream.
type message struct {
	src, dst netip.AddrPort
	last     time.Time // when it last got on
	pieces   []piece   // by position
	bytes    int

	// The latest that was whole: its fragments may come again.
	whole     bool
	from, end uint32

	deaf bool // it was too long: nothing more is kept until it rests
}

type piece struct {
	position   uint32
	begin, end bool
	data       []byte
}

// ahead is how far position a is behind b, in the arithmetic of RFC 1982.
func ahead(a, b uint32) int { return int(int32(a - b)) }

// keep takes a fragment, and hands on the message that it makes whole.
func (a *Assembler) keep(src, dst netip.AddrPort, f *fragment, now time.Time) bool {
	k := key{addressesOf(src, dst), f.message}
	e := a.waiting.Get(k)
	if f.begin && !mayBegin(f.data) { // somebody else's
		if e != nil && !f.message.unordered {
			a.remove(e)
		}
		return false
	}
	if e == nil {
		if e = a.add(k, f.begin); e == nil {
			return false
		}
		e.Value = message{src: src, dst: dst}
	}
	m := &e.Value
	at, known := slices.BinarySearchFunc(m.pieces, f.position, func(p piece, position uint32) int { return ahead(p.position, position) })
	if known || m.deaf || m.repeats(f.position) {
		a.counters.Repeated++
		return false
	}
	m.insert(at, f)
	m.last = now
	a.bytes += len(f.data)
	a.counters.Fragments++
	rank := e.Rank()
	if f.begin {
		rank = lru.Proven
	}
	a.waiting.Touch(e, rank)
	first, last, whole := m.run(at)
	switch {
	case whole:
		a.complete(e, first, last)
	case len(m.pieces) >= maxFragments || m.bytes > maxMessage:
		a.counters.Oversized++
		a.cut(m)
		a.drop(m, 0, len(m.pieces))
		m.deaf = true
	}
	a.bound()
	return rank == lru.Proven
}

// mayBegin says whether b begins a SIP message, or is too short to say.
func mayBegin(b []byte) bool {
	if sip.LooksLike(b) {
		return true
	}
	letter := b[0] | 0x20
	return letter >= 'a' && letter <= 'z' && len(b) <= maxUndecided && bytes.IndexByte(b, '\n') < 0
}

func (m *message) repeats(position uint32) bool {
	return m.whole && ahead(position, m.from) >= 0 && ahead(position, m.end) <= 0
}

func (m *message) insert(at int, f *fragment) {
	m.pieces = slices.Insert(m.pieces, at, piece{f.position, f.begin, f.end, bytes.Clone(f.data)})
	m.bytes += len(f.data)
}

// run finds the pieces without a gap around the one at i: whole says that the
// first of them begins a message and the last ends it.
func (m *message) run(i int) (first, last int, whole bool) {
	p := m.pieces
	for first = i; first > 0 && !p[first].begin && p[first-1].position+1 == p[first].position; first-- {
	}
	for last = i; last+1 < len(p) && !p[last].end && !p[last+1].begin && p[last+1].position == p[last].position+1; last++ {
	}
	return first, last, p[first].begin && p[last].end
}

// complete hands on the message from piece first to last. What it consisted of
// is remembered until it has rested: its fragments may come again.
func (a *Assembler) complete(e *lru.Entry[key, message], first, last int) {
	m := &e.Value
	if b := m.join(first, last); sip.LooksLike(b) {
		if len(b) > maxMessage {
			a.counters.Oversized++
		}
		a.emit(m.src, m.dst, b, false)
	}
	m.whole, m.from, m.end = true, m.pieces[first].position, m.pieces[last].position
	a.drop(m, first, last+1)
	if len(m.pieces) == 0 {
		a.waiting.Touch(e, lru.Unproven)
	}
}

func (m *message) join(first, last int) []byte {
	var b []byte
	for _, p := range m.pieces[first : last+1] {
		b = append(b, p.data...)
	}
	return b
}

// cut hands on the beginnings that m holds.
func (a *Assembler) cut(m *message) {
	for i := range m.pieces {
		if !m.pieces[i].begin {
			continue
		}
		_, last, _ := m.run(i)
		if b := m.join(i, last); sip.LooksLike(b) {
			a.emit(m.src, m.dst, b, true)
		}
	}
}

// drop forgets the pieces of m from first up to last.
func (a *Assembler) drop(m *message, first, last int) {
	before := m.bytes
	for _, p := range m.pieces[first:last] {
		m.bytes -= len(p.data)
	}
	a.bytes -= before - m.bytes
	m.pieces = slices.Delete(m.pieces, first, last)
}

// add makes room for a message. One whose beginning is not there finds no
// place where all others have theirs.
func (a *Assembler) add(k key, begun bool) *lru.Entry[key, message] {
	rank := lru.Unproven
	if begun {
		rank = lru.Proven
	}
	if a.waiting.Full() {
		victim := a.waiting.Victim(rank)
		if victim == nil {
			a.counters.Refused++
			return nil
		}
		a.evict(victim)
	}
	return a.waiting.Add(k, rank)
}

// evict forgets a message. To forget one that was whole loses nothing.
func (a *Assembler) evict(e *lru.Entry[key, message]) {
	if len(e.Value.pieces) > 0 {
		a.counters.Evicted++
	}
	a.remove(e)
}

// expire gives up a message, which is returned as far as it came.
func (a *Assembler) expire(e *lru.Entry[key, message]) {
	if len(e.Value.pieces) > 0 {
		a.counters.Expired++
		a.cut(&e.Value)
	}
	a.remove(e)
}

func (a *Assembler) remove(e *lru.Entry[key, message]) {
	a.drop(&e.Value, 0, len(e.Value.pieces))
	a.waiting.Remove(e)
}

// bound forgets the messages that have waited longest until the rest fits.
func (a *Assembler) bound() {
	for a.bytes > MaxBytes {
		a.evict(a.waiting.Victim(lru.Proven))
	}
}

func addressesOf(src, dst netip.AddrPort) (k [36]byte) {
	from, to := src.Addr().As16(), dst.Addr().As16()
	copy(k[:16], from[:])
	copy(k[16:32], to[:])
	k[32], k[33] = byte(src.Port()>>8), byte(src.Port())
	k[34], k[35] = byte(dst.Port()>>8), byte(dst.Port())
	return k
}
