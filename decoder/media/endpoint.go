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

// place is an announced endpoint in the table.
type place struct {
	Endpoint
	key        addrKey
	leg        *legMedia
	prev, next *place // in the order of announcement
}

// codec is what a payload type means at the endpoint: as announced, else the
// static meaning of RFC 3551 §6.
func (p *place) codec(pt uint8) Codec {
	if p != nil {
		for _, c := range p.Codecs {
			if c.PayloadType == pt {
				return c
			}
		}
	}
	for _, c := range static {
		if c.PayloadType == pt {
			return c
		}
	}
	return Codec{PayloadType: pt}
}

// static payload types (RFC 3551 §6, Tables 4 and 5). G722 runs at 8000 Hz by
// the clock of RTP.
var static = [...]Codec{
	{0, "PCMU", 8000}, {3, "GSM", 8000}, {4, "G723", 8000}, {5, "DVI4", 8000}, {6, "DVI4", 16000}, {7, "LPC", 8000},
	{8, "PCMA", 8000}, {9, "G722", 8000}, {10, "L16", 44100}, {11, "L16", 44100}, {12, "QCELP", 8000}, {13, "CN", 8000},
	{14, "MPA", 90000}, {15, "G728", 8000}, {16, "DVI4", 11025}, {17, "DVI4", 22050}, {18, "G729", 8000},
	{25, "CelB", 90000}, {26, "JPEG", 90000}, {28, "nv", 90000}, {31, "H261", 90000}, {32, "MPV", 90000},
	{33, "MP2T", 90000}, {34, "H263", 90000},
}

// noVoice says that a codec's packets are no media of their own: digits and
// comfort noise.
func noVoice(name string) bool {
	return strings.EqualFold(name, "telephone-event") || strings.EqualFold(name, "CN")
}

// legMedia is what the tracker knows of a leg.
type legMedia struct {
	id       call.LegID
	call     call.ID
	places   []*place
	streams  int       // live ones
	last     time.Time // its latest packet
	active   bool      // in the list of Activity
	released bool      // its leg ended, its grace too
}
