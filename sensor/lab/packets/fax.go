package packets

import (
	"encoding/binary"
	"math/rand/v2"

	"tollwatch/sensor/lab/truth"
)

// Fax over UDPTL (ITU-T T.38 §9.1), as its ASN.1 of 1998 is packed, which is
// that of T38FaxVersion 0: an indicator has one byte, data a type, a count of
// fields, and each field its kind and its bytes.
const (
	faxEvery  = 30 * ms
	pageBytes = 54   // 30 ms at 14,400 bit/s
	noSignal  = 0x00 // indicator 0
	preamble  = 0x06 // indicator 3: flags of V.21
	pageData  = 0xd0 // data of V.17 at 14,400 bit/s
	pageField = 0xe0 // t4-non-ecm-data, with bytes
	faxHello  = 100  // packets of the negotiation, before the page
)

// facsimile is the UDPTL of one leg in one direction.
type facsimile struct {
	tap    *tap
	talk   talk
	end    int // 0 = the caller sends the page, 1 = the callee listens
	rng    *rand.Rand
	done   func()
	i      int
	count  int
	before []byte // the primary of the packet before
	buf    []byte
}

func newFacsimile(t *tap, tk talk, end int, done func()) *facsimile {
	f := &facsimile{tap: t, talk: tk, end: end, done: done, rng: rand.New(rand.NewPCG(blend(tk.leg.seed, 40+uint64(end)), 1))}
	f.count = max(int((tk.fax.end-tk.fax.begin)/faxEvery), 1)
	return f
}

// at is when packet i is sent.
func (f *facsimile) at(i int) int64 { return f.talk.fax.begin + int64(i)*faxEvery + int64(f.end)*ms }

func (f *facsimile) step(now int64) (int64, bool) {
	l := f.talk.leg
	f.build()
	f.tap.totals.FaxPackets++
	f.tap.write(now, f.tap.builder.UDP(l.mediaPort(f.end), l.mediaPort(1-f.end), voiceService, f.buf))
	f.i++
	if f.i < f.count {
		return f.at(f.i), true
	}
	f.done()
	return 0, false
}

// build writes a packet: its number, what it says, and what the one before said
// (§9.1.2, redundancy).
func (f *facsimile) build() {
	said := f.primary()
	f.buf = binary.BigEndian.AppendUint16(f.buf[:0], uint16(f.i))
	f.buf = append(append(f.buf, byte(len(said))), said...)
	if f.i == 0 {
		f.buf = append(f.buf, 0, 0)
	} else {
		f.buf = append(append(f.buf, 0, 1, byte(len(f.before))), f.before...)
	}
	f.before = said
}

// primary is the page, once both sides have agreed how.
func (f *facsimile) primary() []byte {
	switch {
	case f.i < faxHello:
		return []byte{preamble}
	case f.end == 1:
		return []byte{noSignal}
	}
	b := append(make([]byte, 0, pageBytes+5), pageData, 1, pageField)
	b = binary.BigEndian.AppendUint16(b, pageBytes-1)
	for range pageBytes {
		b = append(b, byte(f.rng.Uint32()))
	}
	return b
}

func (f *facsimile) describe() truth.Stream {
	l := f.talk.leg
	return truth.Stream{CallID: l.callID, Fax: true, Packets: f.count,
		Src: l.mediaPort(f.end).AddrPort().String(), Dst: l.mediaPort(1 - f.end).AddrPort().String()}
}
