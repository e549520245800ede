package media

import (
	"net/netip"
	"slices"

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
	Audio          bool       // audio, else video or image
	Source         netip.Addr // whose message announced it
	Codecs         []Codec    // as announced, telephone-event among them
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
	addr, rtcp     netip.AddrPort
	codecs         []Codec
	leg            *legMedia
	source         *source // that counts it to its quota; nil: nobody is told of the endpoint
	since          int64   // its first announcement, ns since 1970
	streams        int
	caller         bool
	encrypted, t38 bool
	audio          bool
	hunch          bool   // the packet before may have been fax
	next           uint16 // then it is, if this number follows
	before, after  *place // in the order of announcement
}

// learn takes over what an SDP says.
func (p *place) learn(e *Endpoint) {
	p.addr, p.rtcp, p.codecs, p.caller = e.Addr, e.RTCP, e.Codecs, e.Caller
	p.encrypted, p.t38, p.audio = e.Encrypted, e.T38, e.Audio
	for _, s := range p.leg.streams {
		if !s.fax && !s.place.t38 { // voice that fax replaces is what it was
			s.learn()
		}
	}
}

func (p *place) key() addrKey { return keyOf(p.addr) }

// codec is what a payload type means at the endpoint: as announced, else the
// static meaning of RFC 3551 §6. Of a payload type that an SDP names twice the
// first meaning holds.
func (p *place) codec(pt uint8) *Codec {
	if p != nil {
		for i := range p.codecs {
			if p.codecs[i].PayloadType == pt {
				return &p.codecs[i]
			}
		}
	}
	return &static[pt&127]
}

// legMedia is what the tracker knows of a leg.
type legMedia struct {
	id         call.LegID
	call       call.ID
	callID     string
	places     []*place
	room       [2]*place // for the places of most
	streams    []*stream
	last       int64    // its latest packet, ns since 1970
	sent       [2]int64 // media that the callee and the caller sent since the last report, ns since 1970
	heard      [2]bool  // whether a report told of any
	digits     int      // since the last report
	separators uint32   // bit i: the i-th of them was # or *
	active     bool     // in the list of Activity
	leaving    bool     // its leg ended
}

// encrypts says that neither side of the leg is told to send in clear: an offer
// may leave the choice, as both of its answers to SRTP show.
func (l *legMedia) encrypts(p *place) bool {
	return p.encrypted && !slices.ContainsFunc(l.places, func(o *place) bool {
		return o.caller != p.caller && o.audio == p.audio && !o.encrypted
	})
}

// lists is how many lists of codecs are remembered.
const lists = 64

// codecLists keeps one copy of the lists that most descriptions repeat.
type codecLists struct {
	seen [lists][]Codec
	next int
}

func (c *codecLists) share(list []Codec) []Codec {
	for _, s := range c.seen {
		if slices.Equal(s, list) {
			return s
		}
	}
	list = slices.Clone(list)
	c.seen[c.next] = list
	c.next = (c.next + 1) % lists
	return list
}
