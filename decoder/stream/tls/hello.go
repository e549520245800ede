package tls

import "encoding/binary"

const (
	helloHeader   = recordHeader + 4 // record, type and length
	versionRandom = 2 + 32           // RFC 8446 §4.1.2

	serverName = 0  // RFC 6066 §3
	hostName   = 0  // RFC 6066 §3
	alpn       = 16 // RFC 7301 §3.1

	maxHostName = 255 // RFC 1035 §2.3.4

	sipProtocol = "sip/2" // registry of RFC 7301 §6
)

// offer is what of a ClientHello concerns us. The bytes are the segment's.
type offer struct {
	name []byte // SNI
	sip  bool   // ALPN offers sip/2
}

// parseHello reads the ClientHello that b begins with, as far as it goes.
func parseHello(b []byte) offer {
	var o offer
	if len(b) < helloHeader+versionRandom {
		return o
	}
	b = b[helloHeader+versionRandom:]
	for _, width := range []int{1, 2, 1} { // session, cipher suites, compression
		_, b = vector(b, width)
	}
	if len(b) < 2 {
		return o
	}
	for b = b[2:]; len(b) >= 4; { // what the segment lacks of the extensions is not waited for
		kind := binary.BigEndian.Uint16(b)
		var body []byte
		body, b = vector(b[2:], 2)
		switch kind {
		case serverName:
			o.name = firstHost(body)
		case alpn:
			o.sip = offersSIP(body)
		}
	}
	return o
}

// vector takes a value behind its length of the given width. One that is cut
// is given as far as it goes, and nothing follows it.
func vector(b []byte, width int) (value, rest []byte) {
	if len(b) < width {
		return nil, nil
	}
	n := int(b[0])
	if width == 2 {
		n = int(binary.BigEndian.Uint16(b))
	}
	b = b[width:]
	if n > len(b) {
		return b, nil
	}
	return b[:n], b[n:]
}

// firstHost is the name in a server_name extension, nil when it is cut.
func firstHost(b []byte) []byte {
	list, _ := vector(b, 2)
	if len(list) < 3 || list[0] != hostName {
		return nil
	}
	n := int(binary.BigEndian.Uint16(list[1:]))
	if n > len(list)-3 || n > maxHostName || !printable(list[3:3+n]) {
		return nil
	}
	return list[3 : 3+n]
}

// printable: a name is one of ASCII letters (RFC 6066 §3), and is shown to
// people.
func printable(b []byte) bool {
	for _, c := range b {
		if c <= ' ' || c > '~' {
			return false
		}
	}
	return true
}

func offersSIP(b []byte) bool {
	list, _ := vector(b, 2)
	for len(list) > 0 && int(list[0]) < len(list) {
		var name []byte
		name, list = vector(list, 1)
		if string(name) == sipProtocol {
			return true
		}
	}
	return false
}
