package sdp

import "net/netip"

// Limits of what one description may hold; the rest is counted in Dropped.
const (
	MaxMedia   = 8
	MaxFormats = 24
)

// Kind is the media type of an m= line.
type Kind uint8

// The kinds that matter; Image is T.38.
const (
	OtherKind Kind = iota + 1
	Audio
	Video
	Image
)

// Direction is the a= direction attribute (RFC 3264 §5.1).
type Direction uint8

// SendRecv is the default.
const (
	SendRecv Direction = iota + 1
	SendOnly
	RecvOnly
	Inactive
)

// Format is one payload type of an m= line.
type Format struct {
	PayloadType uint8
	Codec       []byte // encoding name of a=rtpmap, else the static name of RFC 3551; nil when unknown
	ClockRate   int    // Hz; 0 when unknown
}

// Media is one m= section. The bytes of its formats live as long as the text
// that Parse was given.
type Media struct {
	Kind      Kind
	Port      uint16         // 0: refused or switched off
	Addr      netip.Addr     // not valid when c= is missing or names a host; IPv4-mapped addresses as IPv4
	RTCP      netip.AddrPort // a=rtcp, else the next port; a=rtcp-mux gives the RTP endpoint itself
	Direction Direction
	Encrypted bool // RTP/SAVP(F), or a=crypto, or a=fingerprint
	T38       bool // udptl or tcptl
	Ptime     int  // ms; 0 when absent
	Formats   [MaxFormats]Format
	N         int // formats used
}

// Endpoint is where the sender of the description wants to receive this media.
// It is not valid when there is no address, and has port 0 when the media is
// refused.
func (m *Media) Endpoint() netip.AddrPort { return netip.AddrPortFrom(m.Addr, m.Port) }

// Held says that the other side is put on hold: by direction (RFC 3264 §8.4)
// or, in the old way, by the address 0.0.0.0 or :: (RFC 2543 §B.5).
func (m *Media) Held() bool {
	return m.Direction == SendOnly || m.Direction == Inactive || m.Addr.IsValid() && m.Addr.IsUnspecified()
}

// Session is a session description (RFC 8866), as much of it as a sensor wants.
type Session struct {
	ID      []byte // sess-id of o=
	Version []byte // sess-version of o=
	Origin  []byte // unicast-address of o=
	Media   [MaxMedia]Media
	N       int // media sections used
	Dropped int // sections and formats beyond the limits
}
