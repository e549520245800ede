package media

import (
	"net/netip"
	"strings"
	"time"

	"tollwatch/decoder/call"
)

// Endpoint is where SDP says that media of a leg will arrive.
type Endpoint struct {
	Addr, RTCP     netip.AddrPort
	Call           call.ID
	Leg            call.LegID
	CallID         string
	Caller         bool // announced by the caller's SDP, else by the callee's
	Encrypted, T38 bool
	Audio          bool    // audio, else video or image
	Codecs         []Codec // as announced, telephone-event among them
}

// Codec is what a payload type means.
type Codec struct {
	PayloadType uint8
	Name        string
	ClockRate   int // Hz
}

// addrKey is an endpoint as a map's key: sixteen bytes of address, two of port.
type addrKey [18]byte

func keyOf(a netip.AddrPort) (k addrKey) {
	ip := a.Addr().As16()
	copy(k[:], ip[:])
	k[16], k[17] = byte(a.Port()>>8), byte(a.Port())
	return k
}

func (k addrKey) addrPort() netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom16([16]byte(k[:16])).Unmap(), uint16(k[16])<<8|uint16(k[17]))
}

// place is an announced endpoint in the table.
type place struct {
	Endpoint
	key        addrKey
	leg        *legMedia
	meaning    [128]uint8 // by payload type: 1 + its place in Codecs; 0: not announced
	prev, next *place     // in the order of announcement
}

// learn takes over what an SDP says. Of a payload type that it names twice the
// first meaning holds.
func (p *place) learn(e Endpoint) {
	p.Endpoint = e
	p.meaning = [128]uint8{}
	for i, c := range e.Codecs[:min(len(e.Codecs), 255)] {
		if c.PayloadType < 128 && p.meaning[c.PayloadType] == 0 {
			p.meaning[c.PayloadType] = uint8(i + 1)
		}
	}
}

// codec is what a payload type means at the endpoint: as announced, else the
// static meaning of RFC 3551 §6.
func (p *place) codec(pt uint8) Codec {
	if p != nil && p.meaning[pt&127] != 0 {
		return p.Codecs[p.meaning[pt&127]-1]
	}
	if int(pt) < len(static) && static[pt].Name != "" {
		return static[pt]
	}
	return Codec{PayloadType: pt}
}

// static payload types (RFC 3551 §6, Tables 4 and 5). G722 runs at 8000 Hz by
// the clock of RTP.
var static = [...]Codec{
	0: {0, "PCMU", 8000}, 3: {3, "GSM", 8000}, 4: {4, "G723", 8000}, 5: {5, "DVI4", 8000}, 6: {6, "DVI4", 16000}, 7: {7, "LPC", 8000},
	8: {8, "PCMA", 8000}, 9: {9, "G722", 8000}, 10: {10, "L16", 44100}, 11: {11, "L16", 44100}, 12: {12, "QCELP", 8000}, 13: {13, "CN", 8000},
	14: {14, "MPA", 90000}, 15: {15, "G728", 8000}, 16: {16, "DVI4", 11025}, 17: {17, "DVI4", 22050}, 18: {18, "G729", 8000},
	25: {25, "CelB", 90000}, 26: {26, "JPEG", 90000}, 28: {28, "nv", 90000}, 31: {31, "H261", 90000}, 32: {32, "MPV", 90000},
	33: {33, "MP2T", 90000}, 34: {34, "H263", 90000},
}

// use is what packets of a payload type are: the medium itself, digits, or
// comfort noise. Only the medium has a time stamp that goes on with the packets.
type use uint8

const (
	medium use = iota + 1
	digits
	noise
)

func (c Codec) use() use {
	switch {
	case strings.EqualFold(c.Name, "telephone-event"):
		return digits
	case strings.EqualFold(c.Name, "CN"):
		return noise
	}
	return medium
}

// legMedia is what the tracker knows of a leg.
type legMedia struct {
	id       call.LegID
	call     call.ID
	places   []*place
	streams  int       // live ones
	last     time.Time // its latest packet
	active   bool      // in the list of Activity
	leaving  bool      // its leg ended
	released bool      // and its grace too
}
