package sensortest

import (
	"encoding/binary"
	"net/netip"
)

// Headers, written down from the standards that each names, and not from the
// decoder: a mistake made twice in the same way is the one that tests miss.

func u16(n int) []byte { return binary.BigEndian.AppendUint16(nil, uint16(n)) }

func u32(n uint32) []byte { return binary.BigEndian.AppendUint32(nil, n) }

func join(parts ...[]byte) []byte {
	var out []byte
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

// checksum is that of RFC 1071.
func checksum(parts ...[]byte) []byte {
	sum := uint32(0)
	b := join(parts...)
	if len(b)%2 == 1 {
		b = append(b, 0)
	}
	for i := 0; i < len(b); i += 2 {
		sum += uint32(binary.BigEndian.Uint16(b[i:]))
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return u16(int(^uint16(sum)))
}

// IP protocol numbers (IANA).
const (
	numberIPv4 = 4
	numberTCP  = 6
	numberUDP  = 17
	numberIPv6 = 41
	numberGRE  = 47
	numberMPLS = 137
)

// hosts writes IP packets. An identification is used once only, as RFC 6864
// §4.3 wants it of what may be fragmented.
type hosts struct {
	id uint16
}

// ip is a packet of the version of its addresses (RFC 791 §3.1, RFC 8200 §3).
func (h *hosts) ip(protocol byte, src, dst netip.Addr, p []byte) []byte {
	if src.Is6() {
		return join([]byte{0x60, 0, 0, 0}, u16(len(p)), []byte{protocol, 64}, src.AsSlice(), dst.AsSlice(), p)
	}
	h.id++
	return ipv4(protocol, src, dst, h.id, 0, p)
}

// ipv4 has flags and fragment offset in one number.
func ipv4(protocol byte, src, dst netip.Addr, id uint16, flags int, p []byte) []byte {
	b := join([]byte{0x45, 0}, u16(20+len(p)), u16(int(id)), u16(flags), []byte{64, protocol, 0, 0}, src.AsSlice(), dst.AsSlice())
	copy(b[10:], checksum(b))
	return append(b, p...)
}

// pseudo is the header that UDP and TCP sum with their own (RFC 768, RFC 9293
// §3.1, RFC 8200 §8.1).
func pseudo(protocol byte, src, dst netip.Addr, length int) []byte {
	return join(src.AsSlice(), dst.AsSlice(), u32(uint32(length)), []byte{0, 0, 0, protocol})
}

// udp is a datagram in its IP packet (RFC 768).
func (h *hosts) udp(src, dst netip.AddrPort, p []byte) []byte {
	b := join(u16(int(src.Port())), u16(int(dst.Port())), u16(8+len(p)), u16(0), p)
	copy(b[6:], checksum(pseudo(numberUDP, src.Addr(), dst.Addr(), len(b)), b))
	return h.ip(numberUDP, src.Addr(), dst.Addr(), b)
}

// TCP flags (RFC 9293 §3.1).
const (
	flagFIN = 0x01
	flagSYN = 0x02
	flagPSH = 0x08
	flagACK = 0x10
)

// tcp is a segment in its IP packet (RFC 9293 §3.1), with a time stamp option
// as most have it (RFC 7323 §3.2).
func (h *hosts) tcp(src, dst netip.AddrPort, seq uint32, flags byte, p []byte) []byte {
	options := []byte{1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2}
	b := join(u16(int(src.Port())), u16(int(dst.Port())), u32(seq), u32(1), []byte{8 << 4, flags}, u16(4096), u16(0), u16(0), options, p)
	copy(b[16:], checksum(pseudo(numberTCP, src.Addr(), dst.Addr(), len(b)), b))
	return h.ip(numberTCP, src.Addr(), dst.Addr(), b)
}

// ethernetII is a frame (IEEE 802.3 §3.2.6).
func ethernetII(etherType int, p []byte) []byte {
	return join([]byte{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2}, u16(etherType), p)
}
