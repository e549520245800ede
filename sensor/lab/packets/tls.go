package packets

import "encoding/binary"

// Types of TLS records and messages (RFC 5246 §6.2.1, §7.4).
const (
	changeCipher    = 20
	handshakeRecord = 22
	application     = 23

	clientHello = 1
	serverHello = 2
)

// opaque fills n bytes that look like any others, always the same for the n-th
// record of a connection.
func (c *conn) opaque(n int) []byte {
	b := make([]byte, 0, n+8)
	for len(b) < n {
		c.secret = blend(c.secret, 1)
		b = binary.BigEndian.AppendUint64(b, c.secret)
	}
	return b[:n]
}

// record wraps a fragment.
func record(kind byte, fragment []byte) []byte {
	b := []byte{kind, 3, 3}
	b = binary.BigEndian.AppendUint16(b, uint16(len(fragment)))
	return append(b, fragment...)
}

// hello is the first message of a side: a version, a random number, no session,
// a suite and no compression.
func (c *conn) hello(kind byte) []byte {
	body := append([]byte{3, 3}, c.opaque(32)...)
	suites := []byte{0, 2, 0xc0, 0x2f}
	if kind == serverHello {
		suites = suites[2:]
	} else {
		suites = append(suites, 1)
	}
	body = append(append(append(body, 0), suites...), 0)
	return record(handshakeRecord, append([]byte{kind, 0, 0, byte(len(body))}, body...))
}

// secure plays the handshake; what is said after it cannot be read.
func (c *conn) secure(t *tap, now int64) {
	finished := append(record(changeCipher, []byte{1}), record(handshakeRecord, c.opaque(40))...)
	c.segments(t, now, 0, c.hello(clientHello))
	c.segments(t, now, 1, c.hello(serverHello))
	c.segments(t, now, 0, finished)
	c.segments(t, now, 1, finished)
}

// cipher is a message as an eavesdropper sees it.
func (c *conn) cipher(message []byte) []byte {
	const overhead = 8 + 16 // explicit nonce and tag of AES-GCM (RFC 5288 §3)
	return record(application, c.opaque(len(message)+overhead))
}
