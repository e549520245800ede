package frame

// maxLabels bounds a label stack; what routers push has at most about ten.
const maxLabels = 16

// mpls pops the label stack (RFC 3032 §2.1).
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

// labelled guesses what the labels do not say. An IP packet begins with its
// version; else it is Ethernet, when an EtherType stands where it should,
// behind a control word (RFC 4385 §3) or without one.
func (d *Decoder) labelled(v view) Outcome {
	switch version(v) {
	case 4:
		return d.ipv4(v)
	case 6:
		return d.ipv6(v)
	}
	for _, controlWord := range [...]int{4, 0} {
		if len(v.b) >= controlWord+ethernetHeader && isKnown(be16(v.b[controlWord+12:])) {
			return d.ethernet(v.skip(controlWord))
		}
	}
	return IgnoredNotIP
}
