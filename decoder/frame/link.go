package frame

import "encoding/binary"

// EtherTypes (IEEE 802 numbers, IANA).
const (
	typeIPv4     = 0x0800
	typeARP      = 0x0806
	typeVLAN     = 0x8100 // 802.1Q
	typeQinQ     = 0x88a8 // 802.1ad
	typeQinQ9100 = 0x9100 // before 802.1ad
	typeIPv6     = 0x86dd
	typeMPLS     = 0x8847
	typeMPLSMult = 0x8848
	typePPPoE    = 0x8864 // session stage
	typeCMD      = 0x8909 // Cisco metadata: the security group tag of TrustSec
	minType      = 0x0600 // below it stands the length of an 802.3 frame
)

const (
	ethernetHeader = 14
	maxTags        = 4
)

// link reads the link header and hands on what it carries.
func (d *Decoder) link(link LinkType, v view) Outcome {
	switch link {
	case LinkEthernet:
		return d.ethernet(v)
	case LinkRaw, LinkRawBSD:
		return d.rawIP(v)
	case LinkIPv4:
		return d.ipv4(v)
	case LinkIPv6:
		return d.ipv6(v)
	case LinkNull, LinkLoop:
		return d.loopback(v)
	case LinkSLL:
		return d.cooked(v, 16, 14)
	case LinkSLL2:
		return d.cooked(v, 20, 0)
	case LinkPPP:
		return d.ppp(v)
	case LinkHEP:
		return d.bareHEP(v)
	}
	return IgnoredLink
}

func (d *Decoder) ethernet(v view) Outcome {
	if len(v.b) < ethernetHeader {
		return MalformedLink
	}
	return d.etherType(be16(v.b[12:]), v.skip(ethernetHeader))
}

// cooked reads a Linux "any" header, whose EtherType stands at offset at.
func (d *Decoder) cooked(v view, header, at int) Outcome {
	if len(v.b) < header {
		return MalformedLink
	}
	return d.etherType(be16(v.b[at:]), v.skip(header))
}

// loopback reads the address family of BSD loopback frames: LINKTYPE_NULL has
// it in the byte order of the machine that captured, LINKTYPE_LOOP in network
// order. Both are read either way; no family is valid in both.
func (d *Decoder) loopback(v view) Outcome {
	if len(v.b) < 4 {
		return MalformedLink
	}
	family := min(be32(v.b), binary.LittleEndian.Uint32(v.b))
	switch family {
	case 2: // AF_INET everywhere
		return d.ipv4(v.skip(4))
	case 10, 24, 28, 30: // AF_INET6 of Linux, NetBSD and OpenBSD, FreeBSD, Darwin
		return d.ipv6(v.skip(4))
	}
	return IgnoredNotIP
}

// etherType goes on at what an EtherType announces; tags are taken off first.
func (d *Decoder) etherType(t int, v view) Outcome {
	for tags := 0; isTag(t); tags++ {
		if len(v.b) < 4 {
			return MalformedLink
		}
		if tags == maxTags {
			return MalformedTunnel
		}
		if d.p.VLAN == 0 {
			d.p.VLAN = uint16(be16(v.b)) & 0x0fff
		}
		t, v = be16(v.b[2:]), v.skip(4)
	}
	switch t {
	case typeIPv4:
		return d.ipv4(v)
	case typeIPv6:
		return d.ipv6(v)
	case typeMPLS, typeMPLSMult:
		return d.mpls(v)
	case typePPPoE:
		return d.pppoe(v)
	case typeCMD:
		return d.metadata(v)
	}
	return IgnoredNotIP
}

func isTag(t int) bool { return t == typeVLAN || t == typeQinQ || t == typeQinQ9100 }

// metadata skips a Cisco metadata header: version, length in words, options,
// and then the EtherType of what follows.
func (d *Decoder) metadata(v view) Outcome {
	const header = 8
	if len(v.b) < header || v.b[0] != 1 || v.b[1] != 1 || !d.nest() {
		return MalformedTunnel
	}
	return d.etherType(be16(v.b[6:]), v.skip(header))
}

// rawIP reads an IP packet of either version.
func (d *Decoder) rawIP(v view) Outcome {
	if len(v.b) == 0 {
		return MalformedIP
	}
	if v.b[0]>>4 == 6 {
		return d.ipv6(v)
	}
	return d.ipv4(v)
}

// plausibleEthernet confirms that a tunnel that says so carries an Ethernet
// frame: with an EtherType that is known here, or with an 802.3 length.
func plausibleEthernet(v view) bool {
	if len(v.b) < ethernetHeader {
		return false
	}
	t := be16(v.b[12:])
	return isKnown(t) || 0 < t && t < minType && t <= v.wire-ethernetHeader
}

func isKnown(t int) bool {
	switch t {
	case typeIPv4, typeARP, typeIPv6, typeMPLS, typeMPLSMult, typePPPoE, typeCMD:
		return true
	}
	return isTag(t)
}
