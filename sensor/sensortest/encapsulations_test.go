package sensortest

import (
	"encoding/binary"
	"net/netip"
)

// EtherTypes (IEEE 802 numbers, IANA).
const (
	typeIPv4  = 0x0800
	typeIPv6  = 0x86dd
	typeVLAN  = 0x8100
	typeQinQ  = 0x88a8
	typeMPLS  = 0x8847
	typePPPoE = 0x8864
)

// unit is what can stand behind an EtherType: an IP packet, or one in tags,
// labels or sessions.
type unit struct {
	etherType int
	b         []byte
	fragment  bool
}

func ipUnit(b []byte) unit {
	if b[0]>>4 == 6 {
		return unit{etherType: typeIPv6, b: b}
	}
	return unit{etherType: typeIPv4, b: b}
}

func tagged(etherType int, b []byte) []unit { return []unit{{etherType: etherType, b: b}} }

func (u unit) isIP() bool { return u.etherType == typeIPv4 || u.etherType == typeIPv6 }

// number is what IP calls a packet that it carries.
func (u unit) number() byte {
	switch u.etherType {
	case typeIPv6:
		return numberIPv6
	case typeMPLS:
		return numberMPLS // RFC 4023 §3
	}
	return numberIPv4
}

// ethernet is the unit in a frame.
func (u unit) ethernet() []byte { return ethernetII(u.etherType, u.b) }

// ppp is the unit behind a PPP protocol number: IPv4, IPv6 (RFC 5072 §3) or
// MPLS (RFC 3032 §4.3).
func (u unit) ppp() []byte {
	return join(u16(map[int]int{typeIPv4: 0x0021, typeIPv6: 0x0057, typeMPLS: 0x0281}[u.etherType]), u.b)
}

// tunnel is the far away pair of routers that wrap.
type tunnel struct {
	*hosts
	near, far netip.Addr
	sequence  uint32
}

// ip wraps into the routers' own IP packets.
func (t *tunnel) ip(protocol byte, p []byte) []unit {
	return []unit{ipUnit(t.hosts.ip(protocol, t.near, t.far, p))}
}

func (t *tunnel) udp(src, dst int, p []byte) []unit {
	return []unit{ipUnit(t.hosts.udp(netip.AddrPortFrom(t.near, uint16(src)), netip.AddrPortFrom(t.far, uint16(dst)), p))}
}

func (t *tunnel) next() []byte {
	t.sequence++
	return u32(t.sequence)
}

// what says what an encapsulation carries.
type what uint8

const (
	anything  what = iota // that has an EtherType
	ipOnly                // IPv4 and IPv6
	ipOrLabel             // IP, and MPLS
	wholeIP               // IP that is no fragment yet
)

func (w what) carries(u unit) bool {
	return w == anything || w == wholeIP && u.isIP() && !u.fragment || w != wholeIP && u.isIP() || w == ipOrLabel && u.etherType == typeMPLS
}

// encapsulation wraps a unit into others; only fragmentation makes several.
type encapsulation struct {
	name string
	of   what
	wrap func(t *tunnel, u unit) []unit
}

var encapsulations = []encapsulation{
	// IEEE 802.1Q-2018 §9.6: priority and identifier, then the EtherType.
	{"802.1Q", anything, func(_ *tunnel, u unit) []unit {
		return tagged(typeVLAN, join(u16(5<<13|70), u16(u.etherType), u.b))
	}},
	{"QinQ", anything, func(_ *tunnel, u unit) []unit {
		return tagged(typeQinQ, join(u16(900), u16(typeVLAN), u16(70), u16(u.etherType), u.b))
	}},
	// RFC 3032 §2.1: label, traffic class, bottom of stack, time to live.
	{"MPLS", ipOnly, func(_ *tunnel, u unit) []unit {
		return tagged(typeMPLS, join(u32(16000<<12|64), u32(16001<<12|1<<8|64), u.b))
	}},
	// RFC 4448 §4.6: an Ethernet pseudowire with its control word.
	{"MPLS pseudowire", anything, func(_ *tunnel, u unit) []unit {
		return tagged(typeMPLS, join(u32(16002<<12|1<<8|64), u32(0), u.ethernet()))
	}},
	// RFC 2516 §4: version 1, type 1, code 0, session, length.
	{"PPPoE", ipOrLabel, func(_ *tunnel, u unit) []unit {
		p := u.ppp()
		return tagged(typePPPoE, join([]byte{0x11, 0}, u16(77), u16(len(p)), p))
	}},
	// RFC 2003, RFC 4213 §3 (6in4), RFC 2473, RFC 4023.
	{"IP", ipOrLabel, func(t *tunnel, u unit) []unit { return t.ip(u.number(), u.b) }},
	// RFC 2784 §2.1 and RFC 2890 §2: C, K and S announce a field each.
	{"GRE", anything, func(t *tunnel, u unit) []unit { return t.ip(numberGRE, join(u16(0), u16(u.etherType), u.b)) }},
	{"GRE with checksum, key and sequence", anything, func(t *tunnel, u unit) []unit {
		header := join(u16(0xb000), u16(u.etherType), u16(0), u16(0), u32(0xfeed), t.next())
		copy(header[4:], checksum(header, u.b))
		return t.ip(numberGRE, join(header, u.b))
	}},
	{"GRE with a key and Ethernet", anything, func(t *tunnel, u unit) []unit {
		return t.ip(numberGRE, join(u16(0x2000), u16(0x6558), u32(7), u.ethernet()))
	}},
	// RFC 2637 §4.1: version 1, the key is payload length and call.
	{"GRE with PPP", ipOrLabel, func(t *tunnel, u unit) []unit {
		p := u.ppp()
		return t.ip(numberGRE, join(u16(0x3081), u16(0x880b), u16(len(p)), u16(3), t.next(), u32(1), p))
	}},
	// draft-foschiano-erspan §4: type I has no header of its own, II has 8
	// bytes (version 1), III 12 (version 2), and 8 more when its O bit is set.
	{"ERSPAN I", anything, func(t *tunnel, u unit) []unit { return t.ip(numberGRE, join(u16(0), u16(0x88be), u.ethernet())) }},
	{"ERSPAN II", anything, func(t *tunnel, u unit) []unit {
		return t.ip(numberGRE, join(u16(0x1000), u16(0x88be), t.next(), u16(1<<12|70), u16(5), u32(12), u.ethernet()))
	}},
	{"ERSPAN III", anything, func(t *tunnel, u unit) []unit {
		return t.ip(numberGRE, join(u16(0x1000), u16(0x22eb), t.next(), u16(2<<12|70), u16(5), u32(123456), u32(0), u.ethernet()))
	}},
	{"ERSPAN III with a subheader", anything, func(t *tunnel, u unit) []unit {
		return t.ip(numberGRE, join(u16(0x1000), u16(0x22eb), t.next(), u16(2<<12|70), u16(5), u32(123456), u32(1), make([]byte, 8), u.ethernet()))
	}},
	// RFC 7348 §5: the I flag and the identifier; 8472 is Linux's older port.
	{"VXLAN", anything, func(t *tunnel, u unit) []unit {
		return t.udp(49321, 4789, join(u32(8<<24), u32(4711<<8), u.ethernet()))
	}},
	{"VXLAN on 8472", anything, func(t *tunnel, u unit) []unit {
		return t.udp(49321, 8472, join(u32(8<<24), u32(4711<<8), u.ethernet()))
	}},
	// RFC 8926 §3.4: length of options in words, then the EtherType.
	{"Geneve", anything, func(t *tunnel, u unit) []unit {
		option := join(u16(0x0102), []byte{3, 1}, u32(99))
		return t.udp(49322, 6081, join([]byte{2, 0}, u16(0x6558), u32(4711<<8), option, u.ethernet()))
	}},
	{"Geneve with IP", ipOnly, func(t *tunnel, u unit) []unit {
		return t.udp(49322, 6081, join([]byte{0, 0}, u16(u.etherType), u32(4711<<8), u.b))
	}},
	// 3GPP TS 29.281 §5.1: a G-PDU; §5.2.1: with the container of a 5G session
	// (TS 38.415 §5.5.2.1).
	{"GTP-U", ipOnly, func(t *tunnel, u unit) []unit {
		return t.udp(2152, 2152, join([]byte{0x30, 0xff}, u16(len(u.b)), u32(0xcafe), u.b))
	}},
	{"GTP-U with an extension", ipOnly, func(t *tunnel, u unit) []unit {
		return t.udp(2152, 2152, join([]byte{0x34, 0xff}, u16(8+len(u.b)), u32(0xcafe), []byte{0, 0, 0, 0x85, 1, 0x10, 9, 0}, u.b))
	}},
	// TZSP: version 1, type 0 (a received packet), protocol 1 (Ethernet), tags:
	// one of the count of the original packet, one that ends them.
	{"TZSP", anything, func(t *tunnel, u unit) []unit {
		return t.udp(49323, 37008, join([]byte{1, 0, 0, 1, 40, 4}, t.next(), []byte{1}, u.ethernet()))
	}},
	{"fragments", wholeIP, func(t *tunnel, u unit) []unit { return t.fragments(u) }},
}

// fragments cuts an IP packet into pieces of 104 bytes, and lets the first come
// last (RFC 791 §3.2, RFC 8200 §4.5).
func (t *tunnel) fragments(u unit) []unit {
	const piece = 104
	v6 := u.etherType == typeIPv6
	header := 20
	if v6 {
		header = 40
	}
	t.sequence++
	var out []unit
	for at := 0; at < len(u.b)-header; at += piece {
		end := min(at+piece, len(u.b)-header)
		more := end < len(u.b)-header
		part := u.b[header+at : header+end]
		if v6 {
			part = join([]byte{u.b[6], 0}, u16(at|flag(more, 1)), u32(t.sequence), part)
			whole := join(u.b[:header], part)
			binary.BigEndian.PutUint16(whole[4:], uint16(len(part)))
			whole[6] = 44
			out = append(out, unit{typeIPv6, whole, true})
			continue
		}
		src, _ := netip.AddrFromSlice(u.b[12:16])
		dst, _ := netip.AddrFromSlice(u.b[16:20])
		out = append(out, unit{typeIPv4, ipv4(u.b[9], src, dst, binary.BigEndian.Uint16(u.b[4:]), at/8|flag(more, 0x2000), part), true})
	}
	return append(out[1:], out[0])
}

func flag(set bool, bit int) int {
	if set {
		return bit
	}
	return 0
}
