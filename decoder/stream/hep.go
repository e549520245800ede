package stream

import (
	"bytes"
	"encoding/binary"
)

// A packet of HEP version 3: "HEP3", its length, and chunks, each a vendor, a
// type and a length. One chunk is the least that says anything.
const (
	hepMagic  = "HEP3"
	hepHeader = len(hepMagic) + 2
	hepChunk  = 6
)

// hepLike says whether b begins with a HEP packet: the magic, and lengths of
// the packet and of its first chunk that fit together.
func hepLike(b []byte) guess {
	n := min(len(b), len(hepMagic))
	switch {
	case n == 0 || string(b[:n]) != hepMagic[:n]:
		return no
	case len(b) < hepHeader+hepChunk:
		return maybe
	}
	length := int(binary.BigEndian.Uint16(b[len(hepMagic):]))
	chunk := int(binary.BigEndian.Uint16(b[hepHeader+4:]))
	if chunk < hepChunk || hepHeader+chunk > length {
		return no
	}
	return yes
}

// findHEP looks for the next HEP packet in b that begins before limit.
func findHEP(b []byte, limit int) (int, guess) {
	for p := 0; ; p++ {
		n := bytes.IndexByte(b[p:limit], hepMagic[0])
		if n < 0 {
			return len(b), no
		}
		p += n
		if g := hepLike(b[p:]); g != no {
			return p, g
		}
	}
}

// capsule takes one HEP packet.
func (a *Assembler) capsule(f *flow, b []byte) (int, bool) {
	switch hepLike(b) {
	case no:
		a.misread(f)
		return 0, true
	case maybe:
		return 0, false
	}
	n := int(binary.BigEndian.Uint16(b[len(hepMagic):]))
	if n > len(b) {
		return 0, false
	}
	a.prove(f)
	a.emit(f, b[:n], false)
	return n, true
}

// cutCapsule returns the beginning of a packet whose rest will not come.
func (a *Assembler) cutCapsule(f *flow) {
	if hepLike(f.held) != yes {
		a.counters.Skipped += uint64(len(f.held))
		return
	}
	a.emit(f, f.held, true)
}
