package sip

import "bytes"

// contact counts the values of a Contact header and keeps the first of all.
func (m *Message) contact(p, end int) {
	for ; p < end; p++ {
		if m.Contacts > 0 {
			var a Address
			if p = m.address(p, end, &a); !a.Value.Empty() {
				m.Contacts++
			}
			continue
		}
		if p = m.address(p, end, &m.Contact); !m.Contact.Value.Empty() {
			m.Contacts = 1
		}
	}
}

// address reads the first name-addr or addr-spec of b[p:end] (§20.10) into a,
// and returns where its comma is, or end.
func (m *Message) address(p, end int, a *Address) int {
	b := m.buf
	p = skipBlanks(b[:end], p)
	if p == end || b[p] == ',' {
		m.Anomalies |= EmptyParameter
		return p
	}
	a.Value = span(p, end)
	uri := p
	if b[p] == '"' {
		q := quoted(b, p, end)
		if q < 0 {
			m.Anomalies |= UnbalancedQuote
			return m.unbalanced(p, end, a)
		}
		if bytes.IndexByte(b[p:q], '<') >= 0 || bytes.IndexByte(b[p:q], ';') >= 0 {
			m.Anomalies |= QuotedSpoof
		}
		uri = skipBlanks(b[:end], q)
	}
	if uri == end || b[uri] != '<' {
		uri = m.beforeURI(uri, end, a)
		if uri == end || b[uri] != '<' {
			return m.afterURI(uri, end, a)
		}
	}
	return m.afterURI(m.angle(uri, end, a), end, a)
}

// angle takes the URI between < at p and its >, and returns what follows.
func (m *Message) angle(p, end int, a *Address) int {
	b := m.buf
	p++
	n := bytes.IndexByte(b[p:end], '>')
	if n < 0 {
		m.Anomalies |= BadAddress
		a.URI = span(p, trimEnd(b, p, end))
		return end
	}
	q := p + n
	if n == 0 {
		m.Anomalies |= BadAddress
		return q + 1
	}
	if isBlank(b[p]) || isBlank(b[q-1]) {
		m.Anomalies |= BadURI
		a.URI = span(min(skipBlanks(b, p), trimEnd(b, p, q)), trimEnd(b, p, q))
		return q + 1
	}
	a.URI = span(p, q)
	return q + 1
}

// beforeURI reads what does not begin with <: a display name of tokens, up to
// its <, or a bare URI, which it takes. It returns where it stopped.
func (m *Message) beforeURI(p, end int, a *Address) int {
	b, colon, quotes := m.buf, false, true
	q := p
	for ; q < end && b[q] != '<'; q++ {
		switch c := b[q]; {
		case c == ':':
			colon = true
		case c == '"' && quotes:
			after := quoted(b, q, end)
			if quotes = after >= 0; quotes {
				q = after - 1
			} else {
				m.Anomalies |= UnbalancedQuote
			}
		case c == '?' && colon:
			m.Anomalies |= BadURI
		case (c == ';' || c == ',') && (colon || b[p] == '*'):
			return m.bareURI(p, q, a)
		case c == ';' || c == ',':
			m.Anomalies |= BareDisplayName
		}
	}
	if q < end {
		return q
	}
	return m.bareURI(p, end, a)
}

// bareURI takes b[p:q] as a URI without brackets.
func (m *Message) bareURI(p, q int, a *Address) int {
	a.URI = span(p, trimEnd(m.buf, p, q))
	t := m.Text(a.URI)
	if scheme, _ := parseScheme(t); scheme == 0 && string(t) != "*" || bytes.IndexByte(t, ' ') >= 0 {
		m.Anomalies |= BadAddress
	}
	return q
}

// unbalanced makes the best of a value whose quote at p does not end: the URI
// in brackets, if there is one.
func (m *Message) unbalanced(p, end int, a *Address) int {
	if n := bytes.IndexByte(m.buf[p:end], '<'); n >= 0 {
		m.parameters(m.angle(p+n, end, a), end, a)
	} else {
		m.Anomalies |= BadAddress
	}
	return end
}

// afterURI reads the parameters, closes the value, and returns where it ends.
func (m *Message) afterURI(p, end int, a *Address) int {
	q := m.parameters(p, end, a)
	a.Value.End = uint16(trimEnd(m.buf, int(a.Value.Start), q))
	return q
}

// parameters walks over the parameters from p to the comma that ends the
// value, or to end, and takes the tag.
func (m *Message) parameters(p, end int, a *Address) int {
	return m.find(&wantTag, p, end, &a.Tag)
}
