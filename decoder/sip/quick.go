package sip

import (
	"bytes"
	"encoding/binary"
	"math"
)

// A quick reader knows the one shape that nearly all lines of its kind have:
// one blank behind the colon, no fold, no list, no quoted value, ASCII, CRLF.
// It returns where the next line begins. It returns 0 for every other shape,
// and has noted nothing then: the thorough reader must read that line. What
// both accept, both read alike (a test and a fuzz target compare). None looks
// beyond its line, so that reading twice costs at most twice.

// quickStart reads the start line, and resets m when it can.
func (m *Message) quickStart(b []byte) int {
	if len(b) < 16 {
		return 0
	}
	if binary.LittleEndian.Uint64(b) == sipVersion {
		return m.quickStatus(b)
	}
	n := graph(b, 0)
	if n >= len(b) || b[n] != ' ' {
		return 0
	}
	method, odd := parseMethod(b[:n])
	if method == Other || odd {
		return 0
	}
	uri := n + 1
	end := graph(b, uri)
	if end == uri || end+10 > len(b) || string(b[end:end+10]) != " SIP/2.0\r\n" || b[uri] == '<' {
		return 0
	}
	m.reset(b)
	m.Request, m.Method, m.MethodText, m.RequestURI = true, method, span(0, n), span(uri, end)
	return end + 10
}

// sipVersion is the word "SIP/2.0 " that a response begins with.
const sipVersion = 'S' | 'I'<<8 | 'P'<<16 | '/'<<24 | '2'<<32 | '.'<<40 | '0'<<48 | ' '<<56

func (m *Message) quickStatus(b []byte) int {
	if len(b) < 13 || !isDigit(b[8]) || !isDigit(b[9]) || !isDigit(b[10]) || b[11] != ' ' {
		return 0
	}
	status := int(b[8]-'0')*100 + int(b[9]-'0')*10 + int(b[10]-'0')
	n := bytes.IndexByte(b[12:], '\n')
	if status < 100 || status > 699 || n < 1 || b[11+n] != '\r' {
		return 0
	}
	m.reset(b)
	m.Status, m.Reason = status, span(12, 11+n)
	return 13 + n
}

// quick reads the header id, which comes for the first time and whose colon
// stands before p.
func (m *Message) quick(id headerID, p int) int {
	if p < 0 || p >= len(m.buf) || m.buf[p] != ' ' {
		return 0
	}
	p++
	switch id {
	case hVia:
		return m.quickVia(p)
	case hFrom:
		return m.quickAddress(p, &m.From)
	case hTo:
		return m.quickAddress(p, &m.To)
	case hContact:
		next := m.quickAddress(p, &m.Contact)
		if next != 0 {
			m.Contacts = 1
		}
		return next
	case hCallID:
		return m.quickWord(p, &m.CallID)
	case hCSeq:
		return m.quickCSeq(p)
	case hContentLength:
		return m.quickNumber(p, &m.ContentLength)
	case hContentType:
		return m.quickText(p, &m.ContentType)
	case hUserAgent:
		return m.quickText(p, &m.UserAgent)
	case hExpires:
		return m.quickNumber(p, &m.Expires)
	case hAsserted:
		return m.quickAddress(p, &m.Asserted)
	case hRemoteParty:
		return m.quickAddress(p, &m.RemoteParty)
	case hSessionExpires:
		return m.quickText(p, &m.SessionExpire)
	case hAuthorization:
		return m.quickText(p, &m.Authorization)
	case hChallenge:
		return m.quickText(p, &m.Challenge)
	}
	return 0
}

// skip passes over a header that Parse does not read.
func skip(b []byte, p int) int {
	if p < 0 || p >= len(b) {
		return 0
	}
	return lineEnd(b, p+bytes.IndexByte(b[p:], '\n')-1)
}

// lineEnd returns what follows the CRLF at p; 0 when there is none, or when
// the next line is a fold of this one.
func lineEnd(b []byte, p int) int {
	if p >= 0 && p < len(b)-3 {
		w := binary.LittleEndian.Uint32(b[p:])
		if c := byte(w >> 16); uint16(w) == '\r'|'\n'<<8 && c != ' ' && c != '\t' {
			return p + 2
		}
	}
	return 0
}

// quickVia: SIP/2.0/UDP host:port;branch=value;name=value;name
func (m *Message) quickVia(v int) int {
	b := m.buf
	if v < 0 || v >= len(b)-12 || binary.LittleEndian.Uint64(b[v:]) != sipSlash || b[v+11] != ' ' {
		return 0
	}
	p, branch := quickParameters(b, token(b, v+12), &wantBranch)
	next := lineEnd(b, p)
	if next == 0 || p == v+12 || !isToken[b[v+8]] || !isToken[b[v+9]] || !isToken[b[v+10]] {
		return 0
	}
	m.Vias, m.Via, m.Branch = 1, span(v, p), branch
	return next
}

// quickAddress: "name" <uri>;name=value;tag=value
func (m *Message) quickAddress(v int, a *Address) int {
	b, p := m.buf, v
	if p < 0 || p >= len(b) {
		return 0
	}
	if b[p] == '"' {
		if p = quickName(b, p+1); p < 0 || p >= len(b) {
			return 0
		}
	}
	if b[p] != '<' {
		return 0
	}
	uri := p + 1
	p = bracket(b, uri)
	if p < 0 || p >= len(b) || b[p] != '>' || p == uri {
		return 0
	}
	end := p
	p++
	var tag Span
	if p < len(b) && b[p] == ';' {
		p, tag = quickParameters(b, p, &wantTag)
	}
	next := lineEnd(b, p)
	if next == 0 {
		return 0
	}
	a.Value, a.URI, a.Tag = span(v, p), span(uri, end), tag
	return next
}

// quickName returns what follows the quoted name that p is in, and its blank;
// -1 when it holds escapes or what imitates a URI or a parameter.
func quickName(b []byte, p int) int {
	for p >= 0 && p < len(b) && isPlainName[b[p]] {
		p++
	}
	if p < 0 || p >= len(b)-1 || b[p] != '"' {
		return -1
	}
	if p++; b[p] == ' ' {
		p++
	}
	return p
}

var isPlainName = func() (t [256]bool) {
	for c := ' '; c < 256; c++ {
		t[c] = c != '"' && c != '\\' && c != '<' && c != ';'
	}
	return t
}()

// quickParameters walks over ";name=value;name" at p, all of token bytes. It
// returns what follows, -1 when a name or the value of w is missing, and the
// first value of w.
func quickParameters(b []byte, p int, w *wanted) (int, Span) {
	var found Span
	for p >= 0 && p < len(b)-8 && b[p] == ';' {
		word := fold(binary.LittleEndian.Uint64(b[p:]))
		if word&w.mask == w.word && found.Empty() {
			q := p + w.n
			if p = token(b, q); p == q {
				return -1, found
			}
			found = span(q, p)
			continue
		}
		if c := byte(word >> 8); c < '-' || c == ';' {
			return -1, found
		}
		p = token(b, p+1)
	}
	return p, found
}

// quickWord: one word without blanks
func (m *Message) quickWord(v int, s *Span) int {
	p := graph(m.buf, v)
	next := lineEnd(m.buf, p)
	if next != 0 {
		*s = span(v, p)
	}
	return next
}

// quickText: words, without blanks before and behind them
func (m *Message) quickText(v int, s *Span) int {
	b := m.buf
	if v < 0 || v >= len(b) {
		return 0
	}
	end := v + bytes.IndexByte(b[v:], '\n') - 1
	if end <= v || b[v] <= ' ' || b[end-1] <= ' ' {
		return 0
	}
	next := lineEnd(b, end)
	if next != 0 {
		*s = span(v, end)
	}
	return next
}

// quickNumber: digits, as many blanks before them as one likes
func (m *Message) quickNumber(v int, number *int) int {
	for v >= 0 && v < len(m.buf) && m.buf[v] == ' ' {
		v++
	}
	n, p := quickDigits(m.buf, v)
	next := lineEnd(m.buf, p)
	if next == 0 || p == v || n >= math.MaxInt32 {
		return 0
	}
	*number = n
	return next
}

// quickDigits reads up to ten digits at p, and returns what follows them.
func quickDigits(b []byte, p int) (n, end int) {
	for last := min(len(b), p+10); p >= 0 && p < last && isDigit(b[p]); p++ {
		n = n*10 + int(b[p]-'0')
	}
	return n, p
}

// quickCSeq: digits method
func (m *Message) quickCSeq(v int) int {
	b := m.buf
	n, p := quickDigits(b, v)
	if p == v || p >= len(b) || b[p] != ' ' || n > math.MaxInt32 {
		return 0
	}
	p++
	if !m.Request {
		return m.quickMethod(p, uint32(n))
	}
	end := p + int(m.MethodText.End-m.MethodText.Start)
	next := lineEnd(b, end)
	if next == 0 || string(b[p:end]) != string(m.Text(m.MethodText)) {
		return 0
	}
	m.CSeq, m.CSeqMethod = uint32(n), m.Method
	return next
}

// quickMethod reads the method behind the number n in a response.
func (m *Message) quickMethod(p int, n uint32) int {
	b := m.buf
	end := graph(b, p)
	next := lineEnd(b, end)
	if next == 0 || end == p {
		return 0
	}
	method, odd := parseMethod(b[p:end])
	if odd {
		return 0
	}
	m.CSeq, m.CSeqMethod, m.MethodText = n, method, span(p, end)
	return next
}
