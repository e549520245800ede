package frame

// maxLabels bounds a label stack; what routers push has at most about ten.
const maxLabels = 16

// mpls pops the label stack (RFC 3032 §2.1). Labels do not say what they
// carry: an IP packet begins with its version; a pseudowire's control word
// with four zero bits (RFC 4385 §3), and Ethernet follows.
func (d *Decoder) mpls(v view) Outcome {
	if !d.nest() {
		return MalformedTunnel
	}
	for range maxLabels {
		if len(v.b) < 5 {
			return MalformedTunnel
		}
		bottom := v.b[2]&1 != 0
		v = v.skip(4)
		if bottom {
			return d.labelled(v)
		}
	}
	return MalformedTunnel
}

func (d *Decoder) labelled(v view) Outcome {
	switch v.b[0] >> 4 {
	case 4:
		return d.ipv4(v)
	case 6:
		return d.ipv6(v)
	case 0:
		if len(v.b) >= 4 && plausibleEthernet(v.skip(4)) {
			return d.ethernet(v.skip(4))
		}
	}
	if plausibleEthernet(v) {
		return d.ethernet(v)
	}
	return IgnoredNotIP
}
