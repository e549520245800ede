package sip

import "bytes"

// via counts the values of a Via header and takes the branch of the topmost
// of all (§20.42).
func (m *Message) via(p, end int) {
	if m.Vias > 0 && bytes.IndexByte(m.buf[p:end], ',') < 0 {
		m.Vias++
		return
	}
	for ; p < end; p++ {
		p = m.viaValue(p, end)
	}
}

// The two words that a Via value is made of.
const (
	sipSlash = 'S' | 'I'<<8 | 'P'<<16 | '/'<<24 | '2'<<32 | '.'<<40 | '0'<<48 | '/'<<56
	branch   = ';' | 'b'<<8 | 'r'<<16 | 'a'<<24 | 'n'<<32 | 'c'<<40 | 'h'<<48 | '='<<56
)

// viaValue walks over one value, which may be empty, and returns where its
// comma is, or end.
func (m *Message) viaValue(p, end int) int {
	b := m.buf
	start := skipBlanks(b[:end], p)
	if start == end || b[start] == ',' {
		m.Anomalies |= EmptyParameter
		return start
	}
	m.Vias++
	p = start
	if load(b, p) == sipSlash && p+12 < end && isToken[b[p+8]] && isToken[b[p+9]] && isToken[b[p+10]] {
		p += 12 // UDP, TCP, TLS and a blank
	}
	for p = m.skipParameter(p, end); p < end && b[p] == ';'; {
		w := fold(load(b, p))
		switch c := byte(w >> 8); {
		case w == branch && p+8 < end && b[p+8] > '"':
			q := delimiter(b, p+8, end)
			if m.Vias == 1 && m.Branch.Empty() {
				m.Branch = span(p+8, q)
			}
			p = q
		case c == 'b' || c <= ' ': // perhaps a branch, spaced out or quoted
			p = m.oddParameter(p, end)
		case c == ';' || c == ',':
			m.Anomalies |= EmptyParameter
			p++
		default:
			p = delimiter(b, p+1, end)
		}
		if p < end && b[p] != ';' {
			p = m.skipParameter(p, end)
		}
	}
	if m.Vias == 1 {
		m.Via = span(start, trimEnd(b, start, p))
	}
	return p
}

// oddParameter reads a parameter in the thorough way.
func (m *Message) oddParameter(p, end int) int {
	var r parameter
	p = m.parameter(p, end, &r)
	if m.Vias == 1 && m.Branch.Empty() && equalFold(m.Text(r.name), "branch") {
		m.Branch = r.value
	}
	return p
}

// skipParameter returns the next semicolon or comma at or behind p, or end.
func (m *Message) skipParameter(p, end int) int {
	b := m.buf
	for {
		if p = delimiter(b, p, end); p == end || b[p] == ';' || b[p] == ',' {
			return p
		}
		if b[p] != '"' {
			p++
			continue
		}
		if p = quoted(b, p, end); p < 0 {
			m.Anomalies |= UnbalancedQuote
			return end
		}
	}
}
