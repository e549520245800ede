package frame

import "net/netip"

// IP protocol numbers (IANA).
const (
	protoIPIP = 4
	protoTCP  = 6
	protoUDP  = 17
	protoIPv6 = 41
	protoGRE  = 47
	protoAH   = 51
	protoSCTP = 132
	protoMPLS = 137

	protoHopByHop    = 0 // IPv6 extension headers, RFC 8200 §4
	protoRouting     = 43
	protoFragment    = 44
	protoDestination = 60
	protoMobility    = 135
	protoHIP         = 139
	protoShim6       = 140
)

const (
	ipv4Header = 20
	ipv6Header = 40

	// maxExtensions bounds the IPv6 extension headers of one packet: RFC 8200
	// §4.1 has each at most once, and destination options twice.
	maxExtensions = 10
)

func (d *Decoder) ipv4(v view) Outcome {
	if len(v.b) < ipv4Header || v.b[0]>>4 != 4 {
		return MalformedIP
	}
	b := v.b
	header, total := int(b[0]&0x0f)*4, be16(b[2:])
	if total == 0 {
		total = v.wire // segmentation offload: the card fills it in later
	}
	// A host drops a packet that says more than its frame has, and so must we:
	// what it does not hear starts no call.
	if header < ipv4Header || header > len(b) || total < header || total > v.wire {
		return MalformedIP
	}
	d.p.Src = netip.AddrPortFrom(netip.AddrFrom4([4]byte(b[12:16])), 0)
	d.p.Dst = netip.AddrPortFrom(netip.AddrFrom4([4]byte(b[16:20])), 0)
	d.origin.set4(b[12:20], be16(b[4:]))
	v = v.clip(total).skip(header)
	if flags := be16(b[6:]); flags&0x3fff != 0 {
		return d.fragment(fragment{
			id: d.origin.identification, version: 4, protocol: b[9],
			offset: flags & 0x1fff * 8, more: flags&0x2000 != 0,
		}, v)
	}
	return d.protocol(b[9], v)
}

func (d *Decoder) ipv6(v view) Outcome {
	if len(v.b) < ipv6Header || v.b[0]>>4 != 6 {
		return MalformedIP
	}
	b := v.b
	length := be16(b[4:])
	if length == 0 {
		length = v.wire - ipv6Header // jumbogram (RFC 2675) or segmentation offload
	}
	if length > v.wire-ipv6Header {
		return MalformedIP
	}
	d.p.Src = netip.AddrPortFrom(netip.AddrFrom16([16]byte(b[8:24])), 0)
	d.p.Dst = netip.AddrPortFrom(netip.AddrFrom16([16]byte(b[24:40])), 0)
	d.origin.set6(b[8:40])
	return d.extensions(b[6], v.clip(ipv6Header+length).skip(ipv6Header))
}

// extensions walks the IPv6 extension headers.
func (d *Decoder) extensions(protocol byte, v view) Outcome {
	for range maxExtensions {
		switch protocol {
		case protoHopByHop, protoRouting, protoDestination, protoMobility, protoHIP, protoShim6:
			if len(v.b) < 8 {
				return MalformedIP
			}
			n := (int(v.b[1]) + 1) * 8
			if n > len(v.b) {
				return MalformedIP
			}
			protocol, v = v.b[0], v.skip(n)
		case protoFragment:
			if len(v.b) < 8 {
				return MalformedIP
			}
			b, flags := v.b, be16(v.b[2:])
			protocol, v = b[0], v.skip(8)
			if flags&0xfff9 != 0 { // else an atomic fragment, RFC 6946
				return d.fragment(fragment{
					id: be32(b[4:]), version: 6, protocol: protocol,
					offset: flags & 0xfff8, more: flags&1 != 0,
				}, v)
			}
		default:
			return d.protocol(protocol, v)
		}
	}
	return MalformedIP
}

// protocol goes on at what an IP packet carries.
func (d *Decoder) protocol(protocol byte, v view) Outcome {
	switch protocol {
	case protoUDP:
		return d.udp(v)
	case protoTCP:
		return d.tcp(v)
	case protoSCTP:
		return d.sctp(v)
	case protoIPIP, protoIPv6, protoGRE, protoAH, protoMPLS:
		return d.wrapped(protocol, v)
	}
	return IgnoredProtocol
}

// wrapped unwraps the encapsulations that have an IP protocol of their own.
func (d *Decoder) wrapped(protocol byte, v view) Outcome {
	if !d.nest() {
		return MalformedTunnel
	}
	switch protocol {
	case protoIPIP:
		return d.ipv4(v)
	case protoIPv6:
		return d.ipv6(v)
	case protoGRE:
		return d.gre(v)
	case protoMPLS:
		return d.mpls(v)
	}
	return d.authenticated(v)
}

// authenticated skips an authentication header (RFC 4302 §2): it signs, but
// does not hide.
func (d *Decoder) authenticated(v view) Outcome {
	if len(v.b) < 12 {
		return MalformedIP
	}
	n := (int(v.b[1]) + 2) * 4
	if n < 12 || n > len(v.b) {
		return MalformedIP
	}
	return d.extensions(v.b[0], v.skip(n))
}
