package sip

import "bytes"

// via counts the values of a Via header and takes the branch of the topmost
// of all (§20.42).
func (m *Message) via(s Span) {
	if m.Vias > 0 && bytes.IndexByte(m.Text(s), ',') < 0 {
		m.Vias++
		return
	}
	for p, end := int(s.Start), int(s.End); p < end; p++ {
		p = m.viaValue(p, end)
	}
}

// viaValue walks over one value, which may be empty, and returns where its
// comma is, or end.
func (m *Message) viaValue(p, end int) int {
	start := skipBlanks(m.buf[:end], p)
	if start == end || m.buf[start] == ',' {
		m.Anomalies |= EmptyParameter
		return start
	}
	m.Vias++
	for p = start; ; {
		var r parameter
		if p = m.parameter(p, end, &r); r.name.Empty() {
			break
		}
		if m.Vias == 1 && m.Branch.Empty() && equalFold(m.Text(r.name), "branch") {
			m.Branch = r.value
		}
	}
	if m.Vias == 1 {
		m.Via = span(start, trimEnd(m.buf, start, p))
	}
	return p
}
