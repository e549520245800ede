package frame

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"net/netip"
)

// Builders of headers, written down from the standards once more, so that a
// mistake in the decoder is not repeated here by calling it.

func u16(n int) []byte { return binary.BigEndian.AppendUint16(nil, uint16(n)) }

func u32(n uint32) []byte { return binary.BigEndian.AppendUint32(nil, n) }

func join(parts ...[]byte) []byte {
	var out []byte
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

var (
	ip4a = netip.MustParseAddr("192.0.2.1")
	ip4b = netip.MustParseAddr("198.51.100.2")
	ip6a = netip.MustParseAddr("2001:db8::1")
	ip6b = netip.MustParseAddr("2001:db8::2")
)

func ethernetII(t int, p []byte) []byte {
	return join([]byte{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2}, u16(t), p)
}

func tag(id, t int, p []byte) []byte { return join(u16(id), u16(t), p) }

func ip4(protocol byte, src, dst netip.Addr, p []byte, options ...byte) []byte {
	return ip4frag(protocol, src, dst, 7, 0, p, options...)
}

func ip4frag(protocol byte, src, dst netip.Addr, id, flags int, p []byte, options ...byte) []byte {
	header := 20 + len(options)
	return join([]byte{0x40 | byte(header/4), 0}, u16(header+len(p)), u16(id), u16(flags),
		[]byte{64, protocol, 0, 0}, src.AsSlice(), dst.AsSlice(), options, p)
}

func ip6(next byte, src, dst netip.Addr, p []byte) []byte {
	return join([]byte{0x60, 0, 0, 0}, u16(len(p)), []byte{next, 64}, src.AsSlice(), dst.AsSlice(), p)
}

func ip6frag(next byte, id uint32, flags int, p []byte) []byte {
	return ip6(44, ip6a, ip6b, join([]byte{next, 0}, u16(flags), u32(id), p))
}

func udpTo(src, dst int, p []byte) []byte {
	return join(u16(src), u16(dst), u16(8+len(p)), []byte{0xba, 0xad}, p)
}

func tcpTo(src, dst int, seq uint32, flags byte, p []byte, options ...byte) []byte {
	return join(u16(src), u16(dst), u32(seq), u32(0), []byte{byte(20+len(options)) / 4 << 4, flags},
		u16(4096), u16(0), u16(0), options, p)
}

// etherTypeOf and pppOf say which version an IP packet has.
func etherTypeOf(ip []byte) int {
	if ip[0]>>4 == 6 {
		return 0x86dd
	}
	return 0x0800
}

func pppOf(ip []byte) []byte {
	if ip[0]>>4 == 6 {
		return join(u16(0x57), ip)
	}
	return join(u16(0x21), ip)
}

func outer(protocol byte, p []byte) []byte {
	return ip4(protocol, netip.MustParseAddr("10.9.9.1"), netip.MustParseAddr("10.9.9.2"), p)
}

func outer6(protocol byte, p []byte) []byte {
	return ip6(protocol, netip.MustParseAddr("fd00::1"), netip.MustParseAddr("fd00::2"), p)
}

// hep12 is what agents of HEP 1 and 2 send; length is what they say that their
// header has.
func hep12(version, length, protocol byte, src, dst netip.Addr, payload []byte) []byte {
	family := byte(2)
	if src.Is6() {
		family = 10
	}
	b := join([]byte{version, length, family, protocol}, u16(5060), u16(5070), src.AsSlice(), dst.AsSlice())
	if version == 2 {
		b = join(b, []byte{0, 0, 0, 1, 0, 0, 0, 2, 7, 0, 0, 0})
	}
	return join(b, payload)
}

// hep3 is a packet of HEP 3 made of chunks.
func hep3(chunks ...[]byte) []byte {
	b := join(chunks...)
	return join([]byte("HEP3"), u16(6+len(b)), b)
}

func chunkOf(kind int, b []byte) []byte { return join(u16(0), u16(kind), u16(6+len(b)), b) }

// hepOf are the chunks before the payload, in the order of captagent.
func hepOf(protocol, kind byte, src, dst netip.Addr) []byte {
	family, address := byte(2), 3
	if src.Is6() {
		family, address = 10, 5
	}
	return join(chunkOf(1, []byte{family}), chunkOf(2, []byte{protocol}), chunkOf(7, u16(5060)), chunkOf(8, u16(5070)),
		chunkOf(9, u32(1_700_000_000)), chunkOf(10, u32(17)), chunkOf(11, []byte{kind}), chunkOf(12, u32(2001)),
		chunkOf(address, src.AsSlice()), chunkOf(address+1, dst.AsSlice()), chunkOf(14, []byte("secret")))
}

// reportedTo is what an agent sends to a port of its collector.
func reportedTo(port int, hep []byte) []byte { return outer(17, udpTo(41000, port, hep)) }

// deflated is b as captagent compresses it.
func deflated(b []byte) []byte {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Bytes()
}

// links wrap an IP packet into a frame.
var links = []struct {
	name string
	link LinkType
	wrap func(ip []byte) []byte
	vlan uint16
}{
	{"ethernet", LinkEthernet, func(ip []byte) []byte { return ethernetII(etherTypeOf(ip), ip) }, 0},
	{"padded", LinkEthernet, func(ip []byte) []byte {
		return append(ethernetII(etherTypeOf(ip), ip), 0, 0, 0, 0, 0, 0, 0xfc, 0x5c)
	}, 0},
	{"802.1Q", LinkEthernet, func(ip []byte) []byte { return ethernetII(0x8100, tag(0x6007, etherTypeOf(ip), ip)) }, 7},
	{"QinQ", LinkEthernet, func(ip []byte) []byte {
		return ethernetII(0x88a8, tag(9, 0x8100, tag(7, etherTypeOf(ip), ip)))
	}, 9},
	{"four tags", LinkEthernet, func(ip []byte) []byte {
		return ethernetII(0x9100, tag(0, 0x88a8, tag(3, 0x8100, tag(2, 0x8100, tag(1, etherTypeOf(ip), ip)))))
	}, 3},
	{"mpls", LinkEthernet, func(ip []byte) []byte {
		return ethernetII(0x8847, join(u32(16<<12|64), u32(17<<12|0x100|64), ip))
	}, 0},
	{"pseudowire", LinkEthernet, func(ip []byte) []byte {
		return ethernetII(0x8847, join(u32(17<<12|0x100|64), u32(0), ethernetII(etherTypeOf(ip), ip)))
	}, 0},
	{"pseudowire without control word", LinkEthernet, func(ip []byte) []byte {
		return ethernetII(0x8847, join(u32(17<<12|0x100|64), ethernetII(etherTypeOf(ip), ip)))
	}, 0},
	{"pppoe", LinkEthernet, func(ip []byte) []byte {
		ppp := pppOf(ip)
		return ethernetII(0x8864, join([]byte{0x11, 0, 0, 5}, u16(len(ppp)), ppp, make([]byte, 5)))
	}, 0},
	{"metadata", LinkEthernet, func(ip []byte) []byte {
		return ethernetII(0x8909, join([]byte{1, 1, 0, 1, 0, 2}, u16(etherTypeOf(ip)), ip))
	}, 0},
	{"null", LinkNull, func(ip []byte) []byte { return join([]byte{family(ip), 0, 0, 0}, ip) }, 0},
	{"null of a big-endian host", LinkNull, func(ip []byte) []byte { return join([]byte{0, 0, 0, family(ip)}, ip) }, 0},
	{"loop", LinkLoop, func(ip []byte) []byte { return join([]byte{0, 0, 0, family(ip)}, ip) }, 0},
	{"raw", LinkRaw, func(ip []byte) []byte { return ip }, 0},
	{"raw of BSD", LinkRawBSD, func(ip []byte) []byte { return ip }, 0},
	{"sll", LinkSLL, func(ip []byte) []byte {
		return join([]byte{0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0}, u16(etherTypeOf(ip)), ip)
	}, 0},
	{"sll with a tag", LinkSLL, func(ip []byte) []byte {
		return join([]byte{0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0}, u16(0x8100), tag(5, etherTypeOf(ip), ip))
	}, 5},
	{"sll2", LinkSLL2, func(ip []byte) []byte {
		return join(u16(etherTypeOf(ip)), []byte{0, 0, 0, 0, 0, 2, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0}, ip)
	}, 0},
	{"ppp", LinkPPP, pppOf, 0},
	{"ppp in HDLC", LinkPPP, func(ip []byte) []byte { return join([]byte{0xff, 3}, pppOf(ip)) }, 0},
	{"ppp with a short protocol", LinkPPP, func(ip []byte) []byte { return pppOf(ip)[1:] }, 0},
}

func family(ip []byte) byte {
	if ip[0]>>4 == 6 {
		return 30
	}
	return 2
}

// tunnels wrap an IP packet into another one.
var tunnels = []struct {
	name string
	wrap func(ip []byte) []byte
}{
	{"none", func(ip []byte) []byte { return ip }},
	{"ip in ip", func(ip []byte) []byte { return outer(number(ip), ip) }},
	{"ip in ipv6", func(ip []byte) []byte { return outer6(number(ip), ip) }},
	{"authentication header", func(ip []byte) []byte {
		return outer(51, join([]byte{number(ip), 4, 0, 0}, make([]byte, 20), ip))
	}},
	{"destination options", func(ip []byte) []byte {
		return outer6(0, join([]byte{60, 0, 1, 4, 0, 0, 0, 0}, []byte{number(ip), 1}, make([]byte, 14), ip))
	}},
	{"gre", func(ip []byte) []byte { return outer(47, join(u16(0), u16(etherTypeOf(ip)), ip)) }},
	{"gre with everything", func(ip []byte) []byte {
		return outer(47, join(u16(0xb000), u16(etherTypeOf(ip)), make([]byte, 12), ip))
	}},
	{"gre with ethernet", func(ip []byte) []byte {
		return outer6(47, join(u16(0x2000), u16(0x6558), u32(1), ethernetII(etherTypeOf(ip), ip)))
	}},
	{"pptp", func(ip []byte) []byte {
		return outer(47, join(u16(0x3081), u16(0x880b), make([]byte, 12), []byte{0xff, 3}, pppOf(ip)))
	}},
	{"erspan I", func(ip []byte) []byte {
		return outer(47, join(u16(0), u16(0x88be), ethernetII(etherTypeOf(ip), ip)))
	}},
	{"erspan II", func(ip []byte) []byte {
		return outer(47, join(u16(0x1000), u16(0x88be), u32(1), []byte{0x10, 7, 0, 1, 0, 0, 0, 1}, ethernetII(etherTypeOf(ip), ip)))
	}},
	{"erspan III", func(ip []byte) []byte {
		return outer(47, join(u16(0x1000), u16(0x22eb), u32(1), []byte{0x20, 7, 0, 1}, u32(9), u32(0), ethernetII(etherTypeOf(ip), ip)))
	}},
	{"erspan III with a subheader and IP", func(ip []byte) []byte {
		return outer(47, join(u16(0x1000), u16(0x22eb), u32(1), []byte{0x20, 7, 0, 1}, u32(9), u32(2<<10|1), make([]byte, 8), ip))
	}},
	{"mpls in ip", func(ip []byte) []byte { return outer(137, join(u32(17<<12|0x100|64), ip)) }},
	{"vxlan", func(ip []byte) []byte {
		return outer(17, udpTo(50000, 4789, join([]byte{8, 0, 0, 0, 0, 0, 9, 0}, ethernetII(0x8100, tag(77, etherTypeOf(ip), ip)))))
	}},
	{"geneve", func(ip []byte) []byte {
		return outer6(17, udpTo(50000, 6081, join([]byte{2, 0, 0x65, 0x58, 0, 0, 9, 0}, make([]byte, 8), ethernetII(etherTypeOf(ip), ip))))
	}},
	{"geneve with ip", func(ip []byte) []byte {
		return outer(17, udpTo(50000, 6081, join([]byte{0, 0}, u16(etherTypeOf(ip)), []byte{0, 0, 9, 0}, ip)))
	}},
	{"gtp", func(ip []byte) []byte {
		return outer(17, udpTo(2152, 2152, join([]byte{0x30, 255}, u16(len(ip)), u32(5), ip)))
	}},
	{"gtp with extensions", func(ip []byte) []byte {
		return outer(17, udpTo(2152, 40000, join([]byte{0x34, 255}, u16(len(ip)+12), u32(5), []byte{0, 1, 0, 0x85},
			[]byte{1, 0, 0, 0x85}, []byte{1, 0, 0, 0}, ip)))
	}},
	{"vxlan of linux", func(ip []byte) []byte {
		return outer6(17, udpTo(50000, 8472, join([]byte{8, 0, 0, 0, 0, 0, 9, 0}, ethernetII(etherTypeOf(ip), ip))))
	}},
	{"tzsp", func(ip []byte) []byte {
		return outer(17, udpTo(50000, 37008, join([]byte{1, 0, 0, 1, 1}, ethernetII(etherTypeOf(ip), ip))))
	}},
	{"tzsp with tags and ip", func(ip []byte) []byte {
		return outer(17, udpTo(37008, 50000, join([]byte{1, 1, 0, 7, 0, 0, 10, 1, 0xc0, 60, 6, 2, 0, 0, 0, 0, 1, 1}, ip)))
	}},
	{"tzsp with ppp", func(ip []byte) []byte {
		return outer6(17, udpTo(50000, 37008, join([]byte{1, 0, 0, 4, 41, 2}, u16(2+len(ip)), []byte{1}, pppOf(ip))))
	}},
}

// number is what IP calls a packet that it carries.
func number(ip []byte) byte {
	if ip[0]>>4 == 6 {
		return 41
	}
	return 4
}
