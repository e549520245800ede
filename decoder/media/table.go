package media

import (
	"encoding/binary"
	"math/bits"
	"net/netip"
)

// streamKey names a stream: both endpoints and the SSRC, or that it is fax.
type streamKey struct {
	src, dst netip.AddrPort
	ssrc     uint32
	fax      bool
}

// maxProbes bounds the search for a stream. In a table half full chance makes no
// search half as long; who knows the seed of the hash could.
const maxProbes = 64

// streamTable finds a stream by its key: open addressing with linear probing, at
// most half full. A packet looks at a slot or two, side by side, and at one
// stream.
type streamTable struct {
	seed  uint64
	slots []slot // their number is a power of two
	n     int
}

// slot holds a stream and what most others differ in.
type slot struct {
	hash   uint64
	stream *stream
}

func newStreamTable(seed uint64) streamTable {
	return streamTable{seed: seed, slots: make([]slot, 1024)}
}

// Odd constants without structure, the first digits of the golden ratio and of π.
const (
	phi = 0x9e3779b97f4a7c15
	pi  = 0x243f6a8885a308d3
)

// hash mixes what names a stream with the seed.
func (t *streamTable) hash(src, dst *netip.AddrPort, ssrc uint32) uint64 {
	ports := uint64(ssrc)<<32 | uint64(src.Port())<<16 | uint64(dst.Port())
	var addresses uint64
	if a, b := src.Addr(), dst.Addr(); a.Is4() && b.Is4() {
		a4, b4 := a.As4(), b.As4()
		addresses = uint64(binary.LittleEndian.Uint32(a4[:]))<<32 | uint64(binary.LittleEndian.Uint32(b4[:]))
	} else {
		addresses = bits.RotateLeft64(t.folded(a), 32) ^ t.folded(b)
	}
	hi, lo := bits.Mul64(t.seed^phi^addresses, t.seed^pi^ports)
	return hi ^ lo
}

// folded is a long address in 64 bits.
func (t *streamTable) folded(a netip.Addr) uint64 {
	b := a.As16()
	hi, lo := bits.Mul64(t.seed^phi^binary.LittleEndian.Uint64(b[:8]), t.seed^pi^binary.LittleEndian.Uint64(b[8:]))
	return hi ^ lo
}

// find is the stream of a packet, or nil.
func (t *streamTable) find(src, dst *netip.AddrPort, ssrc uint32) *stream {
	h := t.hash(src, dst, ssrc)
	mask := uint64(len(t.slots) - 1)
	for i := h & mask; t.slots[i].stream != nil; i = (i + 1) & mask {
		if t.slots[i].hash != h {
			continue
		}
		if s := t.slots[i].stream; s.ssrc == ssrc && s.src == *src && s.dst == *dst && !s.fax {
			return s
		}
	}
	return nil
}

func (t *streamTable) get(k *streamKey) *stream {
	h := t.hash(&k.src, &k.dst, k.ssrc)
	mask := uint64(len(t.slots) - 1)
	for i := h & mask; t.slots[i].stream != nil; i = (i + 1) & mask {
		if s := t.slots[i].stream; s.streamKey == *k {
			return s
		}
	}
	return nil
}

// hasRoom says that a stream may be put in; a table half full grows first.
func (t *streamTable) hasRoom(k *streamKey) bool {
	if 2*(t.n+1) > len(t.slots) {
		t.grow()
	}
	mask := uint64(len(t.slots) - 1)
	i, n := t.hash(&k.src, &k.dst, k.ssrc)&mask, 0
	for ; t.slots[i].stream != nil; i = (i + 1) & mask {
		n++
	}
	return n < maxProbes
}

func (t *streamTable) insert(s *stream) {
	h := t.hash(&s.src, &s.dst, s.ssrc)
	mask := uint64(len(t.slots) - 1)
	i := h & mask
	for t.slots[i].stream != nil {
		i = (i + 1) & mask
	}
	t.slots[i] = slot{h, s}
	t.n++
}

// remove takes a stream out and moves those behind it up that the hole would cut
// off from where their search begins.
func (t *streamTable) remove(s *stream) {
	mask := uint64(len(t.slots) - 1)
	i := t.hash(&s.src, &s.dst, s.ssrc) & mask
	for t.slots[i].stream != s {
		i = (i + 1) & mask
	}
	for j := (i + 1) & mask; t.slots[j].stream != nil; j = (j + 1) & mask {
		if (j-t.slots[j].hash)&mask >= (j-i)&mask {
			t.slots[i] = t.slots[j]
			i = j
		}
	}
	t.slots[i] = slot{}
	t.n--
}

// grow doubles the slots.
func (t *streamTable) grow() {
	old := t.slots
	t.slots, t.n = make([]slot, 2*len(old)), 0
	for _, s := range old {
		if s.stream != nil {
			t.insert(s.stream)
		}
	}
}
