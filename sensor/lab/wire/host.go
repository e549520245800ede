package wire

import "net/netip"

// Host is one end of a frame: an address and the card that answers for it,
// which is the router's for all that is not on the local network.
type Host struct {
	MAC  [6]byte
	Addr netip.Addr
	Hops uint8 // routers passed when its packets reach the tap

	ident uint16 // IPv4 identification of its last packet
}

// MAC is the n-th of the addresses that RFC 9542 §2.1.2 sets aside for
// documents.
func MAC(n uint8) [6]byte { return [6]byte{0x00, 0x00, 0x5e, 0x00, 0x53, n} }

// firstTTL is what a host sends with.
const firstTTL = 64

func (h *Host) ttl() uint8 { return firstTTL - h.Hops }

func (h *Host) nextIdent() uint16 {
	h.ident++
	return h.ident
}

// Port is a UDP or TCP endpoint.
type Port struct {
	*Host
	Number uint16
}

// AddrPort is its address as Go writes it.
func (p Port) AddrPort() netip.AddrPort { return netip.AddrPortFrom(p.Addr, p.Number) }
