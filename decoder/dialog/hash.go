package dialog

import (
	"encoding/binary"
	"math/bits"
	"net/netip"
)

// Odd constants without structure, the first digits of the golden ratio and of π.
const (
	hashSeed = 0x9e3779b97f4a7c15
	hashStep = 0x243f6a8885a308d3
)

// hash stands for text that is only compared: tags, branches, descriptions.
// Who does not know a text cannot find another with its hash; who knows it has
// no need to. Where the hashes themselves are looked up the search is bounded.
func hash(b []byte) uint64 {
	h := uint64(hashSeed) ^ uint64(len(b))
	for ; len(b) >= 8; b = b[8:] {
		h = mix(h, binary.LittleEndian.Uint64(b))
	}
	if len(b) == 0 {
		return h
	}
	tail := uint64(0)
	for i, c := range b {
		tail |= uint64(c) << (8 * i)
	}
	return mix(h, tail)
}

func hashString(s string) uint64 {
	h := uint64(hashSeed)
	for i := range len(s) {
		h = mix(h, uint64(s[i]))
	}
	return h
}

func hashAddr(a netip.Addr) uint64 {
	b := a.As16()
	return mix(mix(hashSeed, binary.LittleEndian.Uint64(b[:8])), binary.LittleEndian.Uint64(b[8:]))
}

// mix adds one word to a hash.
func mix(h, v uint64) uint64 {
	hi, lo := bits.Mul64(h^v, hashStep)
	return hi ^ lo ^ bits.RotateLeft64(h, 29)
}
