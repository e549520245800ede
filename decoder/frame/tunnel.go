package frame

// UDP ports of tunnels (IANA).
const (
	portVXLAN      = 4789
	portVXLANLinux = 8472 // what Linux takes when nobody says another
	portGeneve     = 6081
	portGTP        = 2152
)

// tunnel unwraps what a UDP datagram carries when its port announces a tunnel
// and its structure confirms it. It returns 0 when the datagram is no tunnel:
// any port may carry SIP or media.
func (d *Decoder) tunnel(src, dst int, v view) Outcome {
	outcome := d.tunnelAt(dst, v)
	if outcome == 0 {
		outcome = d.tunnelAt(src, v)
	}
	return outcome
}

func (d *Decoder) tunnelAt(port int, v view) Outcome {
	switch port {
	case portVXLAN, portVXLANLinux:
		return d.vxlan(v)
	case portGeneve:
		return d.geneve(v)
	case portGTP:
		return d.gtp(v)
	case portTZSP:
		return d.tzsp(v)
	}
	return 0
}

// vxlan reads a VXLAN header (RFC 7348 §5): the I flag, reserved zeros, and an
// Ethernet frame. The group policy extension sets the G flag besides.
func (d *Decoder) vxlan(v view) Outcome {
	const header = 8
	if len(v.b) < header || v.b[0]&^0x80 != 0x08 || v.b[7] != 0 {
		return 0
	}
	inner := v.skip(header)
	if !plausibleEthernet(inner) {
		return 0
	}
	if !d.nest() {
		return MalformedTunnel
	}
	return d.ethernet(inner)
}

// geneve reads a Geneve header (RFC 8926 §3.4): version 0, reserved zeros, and
// what its protocol type says.
func (d *Decoder) geneve(v view) Outcome {
	const header = 8
	if len(v.b) < header || v.b[0]>>6 != 0 || v.b[1]&0x3f != 0 || v.b[7] != 0 {
		return 0
	}
	n, protocol := header+int(v.b[0]&0x3f)*4, be16(v.b[2:])
	if n > len(v.b) {
		return 0
	}
	inner := v.skip(n)
	switch {
	case protocol == greEthernet && plausibleEthernet(inner):
	case protocol == typeIPv4 && version(inner) == 4, protocol == typeIPv6 && version(inner) == 6:
	default:
		return 0
	}
	if !d.nest() {
		return MalformedTunnel
	}
	if protocol == greEthernet {
		return d.ethernet(inner)
	}
	return d.rawIP(inner)
}

// gtp reads a user plane packet of GTP version 1 (3GPP TS 29.281 §5.1): its
// length must be that of the datagram, and an IP packet must follow. Other
// messages of GTP are left as plain UDP.
func (d *Decoder) gtp(v view) Outcome {
	const (
		header     = 8
		fixed      = 0xf8 // version 1, protocol type 1, one spare zero
		options    = 0x07
		extended   = 0x04
		userPacket = 255
	)
	if len(v.b) < header || v.b[0]&fixed != 0x30 || v.b[1] != userPacket || be16(v.b[2:]) != v.wire-header {
		return 0
	}
	flags := v.b[0]
	v = v.skip(header)
	if flags&options != 0 {
		if len(v.b) < 4 {
			return 0
		}
		more := flags&extended != 0 && v.b[3] != 0
		v = v.skip(4)
		var ok bool
		if v, ok = gtpExtensions(v, more); !ok {
			return 0
		}
	}
	if ip := version(v); ip != 4 && ip != 6 {
		return 0
	}
	if !d.nest() {
		return MalformedTunnel
	}
	return d.rawIP(v)
}

// gtpExtensions skips extension headers (§5.2): length in words first, the
// type of the next one last. Each has at least a word, so that it ends.
func gtpExtensions(v view, more bool) (view, bool) {
	for more {
		if len(v.b) == 0 {
			return v, false
		}
		n := int(v.b[0]) * 4
		if n == 0 || n > len(v.b) {
			return v, false
		}
		more = v.b[n-1] != 0
		v = v.skip(n)
	}
	return v, true
}

// version is the IP version that v begins with, or 0.
func version(v view) int {
	if len(v.b) == 0 {
		return 0
	}
	return int(v.b[0] >> 4)
}
