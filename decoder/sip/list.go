package sip

import "bytes"

// NextContact is NextAddress of the Contact header: the 200 to a REGISTER
// lists all bindings.
//
//	for a, next := m.NextContact(0); next >= 0; a, next = m.NextContact(next) {
func (m *Message) NextContact(from int) (Address, int) { return m.NextAddress("contact", from) }

// NextAddress walks over the values of an address header that may come more
// than once and as a list: P-Asserted-Identity, Diversion, History-Info,
// Record-Route. It returns the value that begins at from (0: the first), and
// where to go on; -1 when there is no value.
func (m *Message) NextAddress(name string, from int) (Address, int) {
	before := m.Anomalies // Parse noted what it notes
	for {
		p, end := m.element(name, from)
		if p < 0 {
			return Address{}, -1
		}
		var a Address
		from = m.address(p, end, &a) + 1
		m.Anomalies = before
		if !a.Value.Empty() {
			return a, from
		}
	}
}

// NextValue is NextAddress for lists of anything else: Reason, Require,
// Supported. Commas in quotes and brackets part nothing.
func (m *Message) NextValue(name string, from int) (Span, int) {
	for {
		p, end := m.element(name, from)
		if p < 0 {
			return Span{}, -1
		}
		p = skipBlanks(m.buf[:end], p)
		comma := elementEnd(m.buf, p, end)
		from = comma + 1
		if e := trimEnd(m.buf, p, comma); e > p {
			return span(p, e), from
		}
	}
}

// element returns where the element at from begins and where its header ends:
// that of the list that from is in, else of the first header name behind from.
// It keeps the header's end, or a long list would be measured at each element.
func (m *Message) element(name string, from int) (p, end int) {
	if from > int(m.Headers.Start) && from < int(m.Headers.End) && m.buf[from-1] == ',' {
		if from <= int(m.list.Start) || from > int(m.list.End) {
			e, _, _ := line(m.buf[:m.Headers.End], from)
			m.list = span(from-1, trimEnd(m.buf, from, e))
		}
		if from < int(m.list.End) {
			return from, int(m.list.End)
		}
	}
	s, next := m.Header(name, from)
	if next < 0 {
		return -1, -1
	}
	m.list = s
	return int(s.Start), int(s.End)
}

// elementEnd returns the comma that ends the element of a list at p, or end.
func elementEnd(b []byte, p, end int) int {
	for p < end {
		switch b[p] {
		case ',':
			return p
		case '"':
			if p = quoted(b, p, end); p < 0 {
				return end
			}
		case '<':
			n := bytes.IndexByte(b[p:end], '>')
			if n < 0 {
				return end
			}
			p += n + 1
		default:
			p++
		}
	}
	return end
}
