//go:build linux

package bpf

import (
	"encoding/binary"
	"net/netip"
	"slices"
)

// The parties of the stories.
var (
	phone  = netip.MustParseAddrPort("192.0.2.10:20000")
	server = netip.MustParseAddrPort("192.0.2.20:30000")
	phone6 = netip.MustParseAddrPort("[2001:db8::10]:20000")
	serv6  = netip.MustParseAddrPort("[2001:db8::20]:30000")
)

var be = binary.BigEndian

// ethernet puts a link header before a packet, and the tags between.
func ethernet(packet []byte, tags ...uint16) []byte {
	b := []byte{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2}
	for _, protocol := range tags {
		b = append(be.AppendUint16(b, protocol), 0, 7)
	}
	b = append(b, 8, 0)
	if packet[0]>>4 == 6 {
		b[len(b)-2], b[len(b)-1] = 0x86, 0xdd
	}
	return append(b, packet...)
}

// ip puts an IP header before a payload, of the family of the addresses.
func ip(src, dst netip.AddrPort, protocol byte, payload []byte) []byte {
	if src.Addr().Is6() {
		b := []byte{0x60, 0, 0, 0, byte(len(payload) >> 8), byte(len(payload)), protocol, 64}
		return append(slices.Concat(b, src.Addr().AsSlice(), dst.Addr().AsSlice()), payload...)
	}
	n := 20 + len(payload)
	b := []byte{0x45, 0, byte(n >> 8), byte(n), 0, 1, 0, 0, 64, protocol, 0, 0}
	return append(slices.Concat(b, src.Addr().AsSlice(), dst.Addr().AsSlice()), payload...)
}

func udp(src, dst netip.AddrPort, payload []byte) []byte {
	return ip(src, dst, 17, datagram(src, dst, payload))
}

func datagram(src, dst netip.AddrPort, payload []byte) []byte {
	b := be.AppendUint16(be.AppendUint16(nil, src.Port()), dst.Port())
	return append(append(be.AppendUint16(b, uint16(8+len(payload))), 0, 0), payload...)
}

func tcp(src, dst netip.AddrPort, seq uint32, flags byte, payload []byte) []byte {
	b := be.AppendUint16(be.AppendUint16(nil, src.Port()), dst.Port())
	b = append(be.AppendUint32(be.AppendUint32(b, seq), 1), 0x50, flags, 255, 255, 0, 0, 0, 0)
	return ip(src, dst, 6, append(b, payload...))
}

// id sets the identification of an IPv4 packet.
func id(packet []byte, n uint16) []byte {
	be.PutUint16(packet[4:], n)
	return packet
}

// fragment makes an IPv4 packet a fragment at an offset of bytes.
func fragment(packet []byte, offset uint16, more bool) []byte {
	flags := offset / 8
	if more {
		flags |= 0x2000
	}
	be.PutUint16(packet[6:], flags)
	return packet
}

// options gives an IPv4 packet four bytes of options.
func options(packet []byte) []byte {
	packet = slices.Insert(packet, 20, 1, 1, 1, 0)
	packet[0] = 0x46
	be.PutUint16(packet[2:], uint16(len(packet)))
	return packet
}

// extended gives an IPv6 packet extension headers of 8 bytes.
func extended(packet []byte, headers ...byte) []byte {
	next, chain := packet[6], []byte(nil)
	packet[6] = headers[0]
	for i := range headers {
		following := next
		if i+1 < len(headers) {
			following = headers[i+1]
		}
		chain = append(chain, following, 0, 0, 0, 0, 0, 0, 0)
	}
	packet = slices.Insert(packet, 40, chain...)
	be.PutUint16(packet[4:], uint16(len(packet)-40))
	return packet
}

const ssrc = 0xcafe0001

// rtpPacket has n bytes of payload.
func rtpPacket(payloadType byte, sequence uint16, timestamp uint32, source uint32, n int) []byte {
	b := be.AppendUint16([]byte{0x80, payloadType}, sequence)
	b = be.AppendUint32(be.AppendUint32(b, timestamp), source)
	return append(b, make([]byte, n)...)
}

func voice(sequence uint16) []byte { return rtpPacket(0, sequence, uint32(sequence)*160, ssrc, 160) }
