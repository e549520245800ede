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

// maxChain bounds the search for a stream. Chance makes no chain half as long;
// who knows the seed of the hash could.
const maxChain = 32

// streamTable finds a stream by its key, through chains of one on average or
// less. One look at a chain and one at the stream is all that a packet costs.
type streamTable struct {
	seed   uint64
	chains []*stream // their number is a power of two
	n      int
}

func newStreamTable(seed uint64) streamTable {
	return streamTable{seed: seed, chains: make([]*stream, 1024)}
}

// Odd constants without structure, the first digits of the golden ratio and of π.
const (
	phi = 0x9e3779b97f4a7c15
	pi  = 0x243f6a8885a308d3
)

// chain is where the stream of a packet hangs.
func (t *streamTable) chain(src, dst *netip.AddrPort, ssrc uint32) **stream {
	a, b := src.Addr().As16(), dst.Addr().As16()
	hi, lo := bits.Mul64(t.seed^phi^binary.LittleEndian.Uint64(a[8:]), t.seed^pi^bits.RotateLeft64(binary.LittleEndian.Uint64(b[8:]), 32))
	h := hi ^ lo ^ binary.LittleEndian.Uint64(a[:8]) ^ bits.RotateLeft64(binary.LittleEndian.Uint64(b[:8]), 32)
	hi, lo = bits.Mul64(h^phi, t.seed^pi^(uint64(ssrc)<<32|uint64(src.Port())<<16|uint64(dst.Port())))
	return &t.chains[(hi^lo)&uint64(len(t.chains)-1)]
}

// find is the stream of a packet, or nil.
func (t *streamTable) find(src, dst *netip.AddrPort, ssrc uint32) *stream {
	s := *t.chain(src, dst, ssrc)
	for s != nil && (s.ssrc != ssrc || s.src != *src || s.dst != *dst || s.fax) {
		s = s.chained
	}
	return s
}

func (t *streamTable) get(k *streamKey) *stream {
	s := *t.chain(&k.src, &k.dst, k.ssrc)
	for s != nil && s.streamKey != *k {
		s = s.chained
	}
	return s
}

// hasRoom says that a stream may still be hung up; a table of as many streams as
// chains grows first.
func (t *streamTable) hasRoom(k *streamKey) bool {
	if t.n >= len(t.chains) {
		t.grow()
	}
	n := 0
	for s := *t.chain(&k.src, &k.dst, k.ssrc); s != nil; s = s.chained {
		n++
	}
	return n < maxChain
}

func (t *streamTable) insert(s *stream) {
	at := t.chain(&s.src, &s.dst, s.ssrc)
	s.chained, *at = *at, s
	t.n++
}

func (t *streamTable) remove(s *stream) {
	at := t.chain(&s.src, &s.dst, s.ssrc)
	for *at != s {
		at = &(*at).chained
	}
	*at, s.chained = s.chained, nil
	t.n--
}

// grow doubles the chains.
func (t *streamTable) grow() {
	old := t.chains
	t.chains, t.n = make([]*stream, 2*len(old)), 0
	for _, s := range old {
		for s != nil {
			next := s.chained
			t.insert(s)
			s = next
		}
	}
}
