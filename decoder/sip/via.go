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
	for p = m.skipParameter(start, end); p < end && b[p] == ';'; {
		p = m.viaParameter(p, end)
	}
	if m.Vias == 1 {
		m.Via = span(start, trimEnd(b, start, p))
	}
	return p
}

// viaParameter walks over the parameter whose semicolon is at p, and takes the
// first branch of the first Via.
func (m *Message) viaParameter(p, end int) int {
	b := m.buf
	w := fold(load(b, p))
	if w == ';'|'b'<<8|'r'<<16|'a'<<24|'n'<<32|'c'<<40|'h'<<48|'='<<56 && p+8 < end && b[p+8] > '"' {
		q := delimiter(b, p+8, end)
		if m.Vias == 1 && m.Branch.Empty() {
			m.Branch = span(p+8, q)
		}
		return m.skipParameter(q, end)
	}
	if byte(w>>8) == 'b' || isBlank(byte(w>>8)) { // perhaps a branch, spaced out
		var r parameter
		p = m.parameter(p, end, &r)
		if m.Vias == 1 && m.Branch.Empty() && equalFold(m.Text(r.name), "branch") {
			m.Branch = r.value
		}
		return m.skipParameter(p, end)
	}
	if c := byte(w >> 8); p+1 == end || c == ';' || c == ',' {
		m.Anomalies |= EmptyParameter
	}
	return m.skipParameter(p+1, end)
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
