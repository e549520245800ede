package sip

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

// hasControl: tabs and line ends are none, a CR without its LF is.
func hasControl(b []byte) bool {
	for i, c := range b {
		if c >= 0x20 && c != 0x7f || c == '\t' || c == '\n' {
			continue
		}
		if c != '\r' || i+1 < len(b) && b[i+1] != '\n' {
			return true
		}
	}
	return false
}
