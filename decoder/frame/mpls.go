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
// version, but so does an Ethernet frame to an address like 40:… when there is
// no control word (RFC 4928 §3): it is IP when its length is exact, or when
// nothing speaks for Ethernet.
func (d *Decoder) labelled(v view) Outcome {
	if !exactIP(v) {
		for _, controlWord := range [...]int{4, 0} { // RFC 4385 §3
			if carriesKnown(v, controlWord) {
				return d.ethernet(v.skip(controlWord))
			}
		}
	}
	switch version(v) {
	case 4:
		return d.ipv4(v)
	case 6:
		return d.ipv6(v)
	}
	return IgnoredNotIP
}

// exactIP says whether v is an IP packet as long as it says.
func exactIP(v view) bool {
	switch version(v) {
	case 4:
		return len(v.b) >= ipv4Header && be16(v.b[2:]) == v.wire
	case 6:
		return len(v.b) >= ipv6Header && be16(v.b[4:])+ipv6Header == v.wire
	}
	return false
}

// carriesKnown says whether an Ethernet frame behind skip bytes announces what
// is known here, and, if that is IP, its version.
func carriesKnown(v view, skip int) bool {
	n := skip + ethernetHeader
	if len(v.b) <= n {
		return false
	}
	t := be16(v.b[n-2:])
	switch ip := int(v.b[n] >> 4); t {
	case typeIPv4:
		return ip == 4
	case typeIPv6:
		return ip == 6
	}
	return isKnown(t)
}
