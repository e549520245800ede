package tls

import (
	"net/netip"
	"time"
)

// sipsPort is that of SIP over TLS (RFC 3261 §18.1).
const sipsPort = 5061

// Peer is a server endpoint that speaks TLS.
type Peer struct {
	Server    netip.AddrPort
	SIP       bool   // a client offered the protocol sip/2 (ALPN, RFC 7301)
	Name      string // host name that a client asked for (SNI), of signalling peers only: others are nobody's business
	Answered  bool   // a record of the server was seen
	First     time.Time
	Last      time.Time
	Connected uint64  // connections whose ClientHello was seen, or that were joined later and are signalling
	FromPeer  Traffic // sent by the server
	ToPeer    Traffic // sent to it
}

// Traffic is application data one way. A record approximates a message.
type Traffic struct {
	Records uint64
	Bytes   uint64 // as encrypted, without the record headers
}

// Signalling says whether the peer's records are SIP, as far as can be known
// without reading them: by its port, or by what clients asked of it.
func (p *Peer) Signalling() bool { return p.Server.Port() == sipsPort || p.SIP }

// hear takes what a client said to the peer.
func (p *Peer) hear(o offer) {
	p.SIP = p.SIP || o.sip
	if p.Name == "" && p.Signalling() {
		p.Name = string(o.name)
	}
}

func (p *Peer) way(toServer bool) *Traffic {
	if toServer {
		return &p.ToPeer
	}
	return &p.FromPeer
}

// endpoint is an address and a port, packed: cheaper to hash than a
// netip.AddrPort.
type endpoint [18]byte

func endpointOf(a netip.AddrPort) (e endpoint) {
	b := a.Addr().As16()
	copy(e[:16], b[:])
	e[16], e[17] = byte(a.Port()>>8), byte(a.Port())
	return e
}
