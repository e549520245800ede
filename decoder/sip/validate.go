package sip

import (
	"encoding/binary"
	"math/bits"
)

// Validate looks for what is too dear for every packet: control characters
// among the headers, and URIs that cannot be right. It returns the bits that
// it finds, beside m.Anomalies; it is meant for messages that open a dialog.
func Validate(m *Message) Anomaly {
	var found Anomaly
	if hasControl(m.buf[:m.Headers.End]) {
		found |= ControlCharacter
	}
	var u URI
	if m.Request && (!ParseURI(m.Text(m.RequestURI), &u) || u.Malformed || u.Headers != nil) {
		found |= BadURI // §19.1.1: no headers in a Request-URI
	}
	for _, s := range [...]Span{m.From.URI, m.To.URI, m.Contact.URI} {
		if t := m.Text(s); len(t) > 0 && string(t) != "*" && (!ParseURI(t, &u) || u.Malformed) {
			found |= BadURI
		}
	}
	return found
}

// hasControl: tabs and line ends are none, a CR without its LF is. It steps
// from one byte that may be a control character to the next.
func hasControl(b []byte) bool {
	for p := 0; ; {
		p = printable(b, p)
		switch {
		case p >= len(b):
			return false
		case b[p] == '\r' && (p+1 == len(b) || b[p+1] == '\n'):
			p += 2
		case b[p] == '\t' || b[p] == '\n':
			p++
		default:
			return true
		}
	}
}

// printable returns the end of the run of bytes at p that are no control
// characters.
func printable(b []byte, p int) int {
	for ; p >= 0 && p < len(b)-7; p += 8 {
		w := binary.LittleEndian.Uint64(b[p:])
		if t := (w-0x20*ones)&^w&tops | equal(w, 0x7f); t != 0 {
			return p + bits.TrailingZeros64(t)>>3
		}
	}
	for p < len(b) && b[p] >= 0x20 && b[p] != 0x7f {
		p++
	}
	return p
}
