package frame

// PPP protocol numbers (IANA).
const (
	pppIPv4     = 0x0021
	pppIPv6     = 0x0057
	pppMPLS     = 0x0281
	pppMPLSMult = 0x0283
)

// pppoe reads a PPPoE session header (RFC 2516 §4).
func (d *Decoder) pppoe(v view) Outcome {
	const header = 6
	if len(v.b) < header || v.b[0] != 0x11 || !d.nest() {
		return MalformedTunnel
	}
	length := be16(v.b[4:])
	if length > v.wire-header {
		return MalformedTunnel
	}
	return d.ppp(v.skip(header).clip(length))
}

// ppp reads a PPP frame (RFC 1661 §2), with or without the address and control
// bytes of HDLC framing (RFC 1662 §3.1), its protocol in two bytes or in one.
func (d *Decoder) ppp(v view) Outcome {
	if len(v.b) >= 2 && v.b[0] == 0xff && v.b[1] == 0x03 {
		v = v.skip(2)
	}
	if len(v.b) < 2 {
		return MalformedLink
	}
	protocol, n := be16(v.b), 2
	if v.b[0]&1 != 0 {
		protocol, n = int(v.b[0]), 1
	}
	v = v.skip(n)
	switch protocol {
	case pppIPv4:
		return d.ipv4(v)
	case pppIPv6:
		return d.ipv6(v)
	case pppMPLS, pppMPLSMult:
		return d.mpls(v)
	}
	return IgnoredNotIP
}
