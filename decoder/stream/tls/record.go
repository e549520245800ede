package tls

import "encoding/binary"

// RFC 8446 §5.1; for earlier versions RFC 5246 §6.2.
const (
	changeCipherSpec = 20
	handshake        = 22
	applicationData  = 23
	heartbeat        = 24 // RFC 6520

	recordHeader = 5
	maxFragment  = 1<<14 + 256 // RFC 8446 §5.2; RFC 5246 §6.2.3 allowed more, nobody sends it

	clientHello = 1
	serverHello = 2
)

// record reads the header that b begins with: the type and the length of the
// fragment. It is not ok when no TLS record begins so.
func record(b []byte) (kind byte, length int, ok bool) {
	if len(b) < recordHeader || b[0] < changeCipherSpec || b[0] > heartbeat || b[1] != 3 || b[2] > 4 {
		return 0, 0, false
	}
	length = int(binary.BigEndian.Uint16(b[3:]))
	return b[0], length, length <= maxFragment && (length > 0 || b[0] == applicationData)
}

// hello says which hello the first record of b is, or 0.
func hello(b []byte) byte {
	if b[0] != handshake || len(b) <= recordHeader {
		return 0
	}
	if kind := b[recordHeader]; kind == clientHello || kind == serverHello {
		return kind
	}
	return 0
}
