package sensortest

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"testing"
)

const numberSCTP = 132

// association writes an SCTP association into a tape (RFC 9260).
type association struct {
	hosts
	tape *tape
	tsn  [2]uint32
	ssn  [2]int
}

// Flags of a DATA chunk (RFC 9260 §3.3.1).
const (
	chunkEnd   = 1
	chunkBegin = 2
)

// packet has the chunks behind the common header with its CRC32c (RFC 9260 §3.1,
// appendix A).
func (a *association) packet(d datum, chunks ...[]byte) {
	b := join(u16(int(d.src.Port())), u16(int(d.dst.Port())), u32(0xabad1dea), u32(0), join(chunks...))
	binary.LittleEndian.PutUint32(b[8:], crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)))
	a.tape.add(d.at, ipUnit(a.ip(numberSCTP, d.src.Addr(), d.dst.Addr(), b)).ethernet())
}

// data are the DATA chunks of a message, of at most n bytes each; the payload
// protocol of SIP is 0 (RFC 4168 §5).
func (a *association) data(d datum, n int) [][]byte {
	side := flag(!d.outward, 1)
	var out [][]byte
	for at := 0; at < len(d.payload); at += n {
		end := min(at+n, len(d.payload))
		flags := flag(at == 0, chunkBegin) | flag(end == len(d.payload), chunkEnd)
		b := d.payload[at:end]
		chunk := join([]byte{0, byte(flags)}, u16(16+len(b)), u32(a.tsn[side]), u16(3), u16(a.ssn[side]), u32(0), b)
		out = append(out, join(chunk, make([]byte, (4-len(chunk)%4)%4)))
		a.tsn[side]++
	}
	a.ssn[side]++
	return out
}

// sack acknowledges (RFC 9260 §3.3.4).
func (a *association) sack(side int) []byte {
	return join([]byte{3, 0}, u16(16), u32(a.tsn[side]-1), u32(65536), u16(0), u16(0))
}

// TestSCTP: the same call comes out of SCTP, in one chunk a message or many, in
// one packet or many, in order or not, with other chunks beside.
func TestSCTP(t *testing.T) {
	const all = 1 << 16
	type send func(a *association, d datum)
	for name, send := range map[string]send{
		"a message a packet": func(a *association, d datum) { a.packet(d, a.data(d, all)...) },
		"behind a SACK": func(a *association, d datum) {
			a.packet(d, join(a.sack(flag(d.outward, 1)), join(a.data(d, all)...)))
		},
		"many chunks in a packet": func(a *association, d datum) { a.packet(d, a.data(d, 100)...) },
		"many chunks, a packet each": func(a *association, d datum) {
			for _, c := range a.data(d, 100) {
				a.packet(d, c)
			}
		},
		"chunks in reverse order": func(a *association, d datum) {
			chunks := a.data(d, 200)
			for i := range chunks {
				a.packet(d, chunks[len(chunks)-1-i])
			}
		},
		"sent again": func(a *association, d datum) {
			chunks := a.data(d, 200)
			a.packet(d, chunks...)
			a.packet(d, chunks...)
		},
	} {
		for _, s := range sites {
			want := plain(cleanCall(s, "UDP")).play(t)
			tape := newTape(linkLayers[0].link)
			a := &association{tape: tape, tsn: [2]uint32{0xfffffffe, 17}}
			for _, d := range cleanCall(s, "SCTP") {
				if d.media {
					tape.add(d.at, ipUnit(a.udp(d.src, d.dst, d.payload)).ethernet())
					continue
				}
				send(a, d)
			}
			sameMessages(t, tape, want, fmt.Sprintf("SCTP, %s, %s", s.name, name), `"transport":"sctp"`)
		}
	}
}
