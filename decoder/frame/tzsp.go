package frame

// portTZSP is where the packet sniffers of MikroTik and others send to.
const portTZSP = 37008

// What TZSP carries ("TZSP frame format", Network Chemistry AN-001): numbers
// of its own, like those of libpcap's old link types.
const (
	tzspEthernet = 1
	tzspPPP      = 4
	tzspRaw      = 7
	tzspWiFi     = 18 // 802.11, and with a header of Prism, radiotap or AVS
	tzspPrism    = 119
	tzspRadiotap = 126
	tzspAVS      = 127
)

// tzsp reads a packet of the TaZmen Sniffer Protocol: version 1, a frame that
// was received or is to be sent, and tags up to the end tag. Configuration and
// keep-alives are left as plain UDP.
func (d *Decoder) tzsp(v view) Outcome {
	const (
		header   = 4
		received = 0
		transmit = 1
	)
	if len(v.b) < header || v.b[0] != 1 || v.b[1] != received && v.b[1] != transmit {
		return 0
	}
	encapsulated := be16(v.b[2:])
	inner, ok := tzspTags(v.skip(header))
	if !ok || !tzspPlausible(encapsulated, inner) {
		return 0
	}
	if !d.nest() {
		return MalformedTunnel
	}
	switch encapsulated {
	case tzspEthernet:
		return d.ethernet(inner)
	case tzspPPP:
		return d.ppp(inner)
	case tzspRaw:
		return d.rawIP(inner)
	}
	return IgnoredLink
}

// tzspTags skips the tagged fields: a tag, a length, and so many bytes; the
// tags for padding and for the end stand alone. One of them says how long the
// frame was before the sniffer cut it.
func tzspTags(v view) (view, bool) {
	const (
		padding        = 0
		end            = 1
		originalLength = 41
	)
	original := 0
	for len(v.b) > 0 {
		switch v.b[0] {
		case padding:
			v = v.skip(1)
			continue
		case end:
			v = v.skip(1)
			v.wire = max(v.wire, original)
			return v, true
		}
		if len(v.b) < 2 || len(v.b) < 2+int(v.b[1]) {
			return v, false
		}
		if v.b[0] == originalLength && v.b[1] == 2 {
			original = be16(v.b[2:])
		}
		v = v.skip(2 + int(v.b[1]))
	}
	return v, false
}

func tzspPlausible(encapsulated int, inner view) bool {
	switch encapsulated {
	case tzspEthernet:
		return plausibleEthernet(inner)
	case tzspRaw:
		return version(inner) == 4 || version(inner) == 6
	case tzspPPP, tzspWiFi, tzspPrism, tzspRadiotap, tzspAVS:
		return true
	}
	return false
}
