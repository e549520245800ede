package media

import (
	"net/netip"

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
	addr           netip.AddrPort
	callID         string
	codecs         []Codec
	leg            *legMedia
	encrypted, t38 bool
	audio          bool
	prev, next     *place // in the order of announcement
}

// learn takes over what an SDP says.
func (p *place) learn(e *Endpoint) {
	p.addr, p.callID, p.codecs = e.Addr, e.CallID, e.Codecs
	p.encrypted, p.t38, p.audio = e.Encrypted, e.T38, e.Audio
	for _, s := range p.leg.streams {
		s.known = false
	}
}

// codec is what a payload type means at the endpoint: as announced, else the
// static meaning of RFC 3551 §6. Of a payload type that an SDP names twice the
// first meaning holds.
func (p *place) codec(pt uint8) Codec {
	if p != nil {
		for _, c := range p.codecs {
			if c.PayloadType == pt {
				return c
			}
		}
	}
	if int(pt) < len(static) && static[pt].Name != "" {
		return static[pt]
	}
	return Codec{PayloadType: pt}
}

// legMedia is what the tracker knows of a leg.
type legMedia struct {
	id      call.LegID
	call    call.ID
	places  []*place
	streams []*stream
	last    int64 // its latest packet, ns since 1970
	active  bool  // in the list of Activity
	leaving bool  // its leg ended
}

// weakest is the stream of fewest packets.
func (l *legMedia) weakest() *stream {
	out := l.streams[0]
	for _, s := range l.streams[1:] {
		if s.Packets < out.Packets {
			out = s
		}
	}
	return out
}
