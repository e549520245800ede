package sip

import "bytes"

// parameter is one ";name=value" of a header value; quotes are off the value.
type parameter struct{ name, value Span }

// wanted is a parameter that Parse looks for: ";name=" as a word of n bytes.
type wanted struct {
	word, mask uint64
	n          int
	name       string
}

var (
	wantTag    = wanted{';' | 't'<<8 | 'a'<<16 | 'g'<<24 | '='<<32, 1<<40 - 1, 5, "tag"}
	wantBranch = wanted{';' | 'b'<<8 | 'r'<<16 | 'a'<<24 | 'n'<<32 | 'c'<<40 | 'h'<<48 | '='<<56, 1<<64 - 1, 8, "branch"}
)

// find walks over the parameters from p to the comma that ends the value, or
// to end, and puts the first value of w into found. It reads only what
// resembles w in the thorough way.
func (m *Message) find(w *wanted, p, end int, found *Span) int {
	b := m.buf
	for {
		if p = delimiter(b, p, end); p < end && b[p] != ';' {
			p = m.skipParameter(p, end)
		}
		if p >= end || b[p] == ',' {
			return p
		}
		word := fold(load(b, p))
		var value Span
		switch c := byte(word >> 8); {
		case word&w.mask == w.word && p+w.n < end && b[p+w.n] > '"':
			value.Start = uint16(p + w.n)
			p = delimiter(b, p+w.n, end)
			value.End = uint16(p)
		case c == w.name[0] || c <= ' ':
			var r parameter
			var flags Anomaly
			p, flags = nextParameter(b, p, end, &r)
			m.Anomalies |= flags
			if equalName(m.Text(r.name), w.name) {
				value = r.value
			}
		case c == ';' || c == ',':
			m.Anomalies |= EmptyParameter
			p++
		default:
			p++
		}
		if found.Empty() {
			*found = value
		}
	}
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

// nextParameter reads the next parameter at or behind p into r, and returns
// what follows it. When there is none, r stays empty, and p is the comma that
// ends the value, or end.
func nextParameter(b []byte, p, end int, r *parameter) (int, Anomaly) {
	var flags Anomaly
	for p < end {
		switch b[p] {
		case ';':
			q := p + 1
			for q < end && isBlank(b[q]) {
				q++
			}
			if q < end && b[q] != ';' && b[q] != ',' {
				p, quoteFlag := r.read(b, q, end)
				return p, flags | quoteFlag
			}
			flags |= EmptyParameter
			p = q
		case ',':
			return p, flags
		case '"':
			if p = quoted(b, p, end); p < 0 {
				return end, flags | UnbalancedQuote
			}
		default:
			p = delimiter(b, p+1, end)
		}
	}
	return end, flags
}

// read takes the parameter whose name begins at p.
func (r *parameter) read(b []byte, p, end int) (int, Anomaly) {
	q := p
	for q < end && b[q] != '=' && !isDelimiter[b[q]] {
		q++
	}
	if q == p { // no name: what stands there is taken for one, so that the walk goes on
		if q++; b[p] == '"' {
			if q = quoted(b, p, end); q < 0 {
				r.name = span(p, end)
				return end, UnbalancedQuote
			}
		}
	}
	r.name = span(p, q)
	for q < end && isBlank(b[q]) {
		q++
	}
	if q == end || b[q] != '=' {
		return q, 0
	}
	q++
	for q < end && isBlank(b[q]) {
		q++
	}
	if q < end && b[q] == '"' {
		e := quoted(b, q, end)
		if e < 0 {
			r.value = span(q+1, end)
			return end, UnbalancedQuote
		}
		r.value = span(q+1, e-1)
		return e, 0
	}
	e := delimiter(b, q, end)
	r.value = span(q, e)
	return e, 0
}

// quoted returns what follows the quoted string that begins at p, or -1 when
// it does not end (§25.1: a backslash escapes).
func quoted(b []byte, p, end int) int {
	for q := p + 1; ; {
		n := bytes.IndexByte(b[q:end], '"')
		if n < 0 {
			return -1
		}
		quote := q + n
		escapes := 0
		for quote-1-escapes >= q && b[quote-1-escapes] == '\\' {
			escapes++
		}
		q = quote + 1
		if escapes%2 == 0 {
			return q
		}
	}
}

// Param finds the parameter name (";name=value", any case) of a header value,
// outside quotes and <>. The value comes without its quotes, escapes in it not
// undone; it is empty for a parameter without value.
func Param(value []byte, name string) ([]byte, bool) {
	value = value[:min(len(value), MaxMessage)]
	p := afterAddress(value)
	for {
		var r parameter
		if p, _ = nextParameter(value, p, len(value), &r); r.name.Empty() {
			return nil, false
		}
		if n := value[r.name.Start:r.name.End]; equalName(n, name) {
			return value[r.value.Start:r.value.End], true
		}
	}
}

// afterAddress skips a display name and a URI in brackets, where there are.
func afterAddress(value []byte) int {
	p := skipBlanks(value, 0)
	if p < len(value) && value[p] == '"' {
		if q := quoted(value, p, len(value)); q >= 0 {
			p = q
		}
	}
	open := bytes.IndexByte(value[p:], '<')
	if open < 0 || bytes.IndexByte(value[p:p+open], ';') >= 0 {
		return p
	}
	if n := bytes.IndexByte(value[p+open:], '>'); n >= 0 {
		return p + open + n
	}
	return len(value)
}

// DigestParam finds the parameter name (any case) of a credentials or
// challenge value (§25.1: Digest username="…", realm="…", stale=true), quotes
// removed.
func DigestParam(value []byte, name string) ([]byte, bool) {
	value = value[:min(len(value), MaxMessage)]
	p := skipBlanks(value, 0)
	for p < len(value) && !isBlank(value[p]) {
		p++ // the scheme
	}
	for p < len(value) {
		if value[p] == ',' || isBlank(value[p]) {
			p++
			continue
		}
		var r parameter
		p, _ = r.read(value, p, len(value))
		if equalName(value[r.name.Start:r.name.End], name) {
			return value[r.value.Start:r.value.End], true
		}
	}
	return nil, false
}

// AppendUnquoted appends s, which stood between quotes, to dst with its escapes
// undone: \" becomes " (§25.1). A backslash at the very end stays.
func AppendUnquoted(dst, s []byte) []byte {
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		dst = append(dst, s[i])
	}
	return dst
}

// equalName compares in any case on both sides.
func equalName(b []byte, name string) bool {
	if len(b) != len(name) {
		return false
	}
	for i, c := range b {
		if lower(c) != lower(name[i]) {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if c-'A' <= 'Z'-'A' {
		return c | 0x20
	}
	return c
}
