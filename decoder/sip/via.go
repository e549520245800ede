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

// sipSlash is the word "SIP/2.0/" that a Via value begins with.
const sipSlash = 'S' | 'I'<<8 | 'P'<<16 | '/'<<24 | '2'<<32 | '.'<<40 | '0'<<48 | '/'<<56

// viaValue walks over one value, which may be empty, and returns where its
// comma is, or end.
func (m *Message) viaValue(p, end int) int {
	b := m.buf
	if b[p] <= ' ' {
		p = skipBlanks(b[:end], p)
	}
	if p == end || b[p] == ',' {
		m.Anomalies |= EmptyParameter
		return p
	}
	start := p
	if load(b, p) == sipSlash && p+12 < end && isToken[b[p+8]] && isToken[b[p+9]] && isToken[b[p+10]] {
		p += 12 // UDP, TCP, TLS and a blank
	}
	if m.Vias++; m.Vias > 1 {
		var other Span
		return m.find(&wantBranch, p, end, &other)
	}
	p = m.find(&wantBranch, p, end, &m.Branch)
	m.Via = span(start, trimEnd(b, start, p))
	return p
}
