package sip

import (
	"bytes"
	"math"
)

// Parse scans one message (a UDP datagram, or one message cut out of a
// stream) into m, reusing it. The spans of m point into b, which must not
// change while they are used. It returns false, and leaves m alone, only when
// b is no SIP message at all; all that is merely wrong sets an anomaly bit.
func Parse(b []byte, m *Message) bool {
	if len(b) > 0 && b[0] >= 0x80 {
		return false // RTP and RTCP (RFC 3550 §5.1); a start line begins with a token or CRLF
	}
	long := len(b) > MaxMessage
	if long {
		b = b[:MaxMessage]
	}
	next := m.quickStart(b)
	if next == 0 {
		var s start
		if !s.scan(b) {
			return false
		}
		m.reset(b)
		m.start(&s)
		next = s.next
	}
	if long {
		m.Anomalies |= Cut
	}
	m.finish(m.scanHeaders(next))
	return true
}

// reset makes m the message of b, of which nothing is known yet.
func (m *Message) reset(b []byte) {
	*m = Message{}
	m.buf = b
	m.Expires, m.ContentLength = -1, -1
}

// start takes what the thorough reader of start lines found.
func (m *Message) start(s *start) {
	m.Request, m.Status = s.request, s.status
	m.MethodText, m.RequestURI, m.Reason = s.method, s.uri, s.reason
	m.Anomalies = s.anomalies
	if s.request {
		m.Method = m.method(s.method)
	}
}

// method reads a method token and notes odd case.
func (m *Message) method(s Span) Method {
	method, odd := parseMethod(m.Text(s))
	if odd {
		m.Anomalies |= OddMethod
	}
	return method
}

// scanHeaders goes over the header lines from p on, and returns where the body
// begins and what headers there were.
func (m *Message) scanHeaders(p int) (body int, seen headerSet) {
	b := m.buf
	m.Headers = span(p, len(b))
	for p >= 0 && p < len(b) {
		id, n := hOther, 0
		if p < len(b)-nameWindow {
			id, n = identify((*[nameWindow]byte)(b[p:]))
		} else {
			id, n = identifyTail(b[p:])
		}
		next := 0
		switch {
		case n == 0: // nothing that identify is sure of
		case id == hOther:
			next = skip(b, p+n)
		case !seen.has(id):
			next = m.quick(id, p+n)
		}
		if next == 0 {
			if next, id = m.thorough(p, id, n, seen); id == hEnd {
				m.Headers.End = uint16(p)
				return next, seen
			}
		}
		seen.add(id)
		p = next
	}
	m.Anomalies |= NoEmptyLine
	return len(b), seen
}

// thorough reads the header line at p whatever its shape is; n is the length
// of the name of header id with its colon, 0 when identify was not sure. It
// returns where the next line begins and which header it was, hEnd for the
// empty line.
func (m *Message) thorough(p int, id headerID, n int, seen headerSet) (next int, is headerID) {
	if id == hEnd {
		return p + 2, hEnd
	}
	b := m.buf
	end, next, flags := line(b, p)
	m.Anomalies |= flags
	if end == p {
		return next, hEnd
	}
	v := p + n
	if n == 0 {
		if id, v = nameOf(b, p, end); v == 0 {
			m.Anomalies |= BadHeaderLine
		}
	}
	if id == hOther {
		return next, id
	}
	again := seen.has(id)
	if again && !several.has(id) {
		m.Anomalies |= DuplicateHeader
		return next, id
	}
	if v < end && b[v] == ' ' {
		v++
	}
	if v < end && (b[v] <= ' ' || b[end-1] <= ' ') {
		v = skipBlanks(b[:end], v)
		end = trimEnd(b, v, end)
	}
	m.value(id, v, end, again)
	return next, id
}

// line finds the end of the header that begins at p, less its line end, where
// the next begins, and what is odd about the line ends.
func line(b []byte, p int) (end, next int, flags Anomaly) {
	for from := p; ; from = next {
		n := bytes.IndexByte(b[from:], '\n')
		if n < 0 {
			return trimEnd(b, from, len(b)), len(b), flags
		}
		end, next = from+n, from+n+1
		if n > 0 && b[end-1] == '\r' {
			end--
		} else {
			flags |= BareLF
		}
		if end == p || next == len(b) || b[next] != ' ' && b[next] != '\t' {
			return end, next, flags
		}
		flags |= Folded
	}
}

// finish settles what only the whole header section tells.
func (m *Message) finish(body int, seen headerSet) {
	if seen&mandatory != mandatory {
		m.Anomalies |= MissingHeader
	}
	if m.From.Tag.Empty() && seen.has(hFrom) {
		m.Anomalies |= NoFromTag
	}
	if m.From.URI.Empty() && seen.has(hFrom) || m.To.URI.Empty() && seen.has(hTo) {
		m.Anomalies |= BadAddress
	}
	end := len(m.buf)
	if m.ContentLength >= 0 {
		switch have := end - body; {
		case m.ContentLength > have:
			m.Anomalies |= ShortBody
		case m.ContentLength < have:
			m.Anomalies |= SurplusBytes
			end = body + m.ContentLength
		}
	}
	m.Body = span(body, end)
	if !m.Request {
		m.Method = m.CSeqMethod
	}
}

// contentLength reads a Content-Length value.
func (m *Message) contentLength(v, end int) {
	n, ok := number(m.buf[v:end], math.MaxInt32)
	if !ok {
		m.Anomalies |= BadContentLength
	}
	if ok || n == math.MaxInt32 {
		m.ContentLength = int(n)
	}
}

// expires reads an Expires value.
func (m *Message) expires(v, end int) {
	n, ok := number(m.buf[v:end], math.MaxUint32)
	if !ok {
		m.Anomalies |= BadExpires
	}
	if ok || n == math.MaxUint32 {
		m.Expires = int(min(n, math.MaxInt32))
	}
}

// cseq reads "1*DIGIT LWS Method".
func (m *Message) cseq(v, end int) {
	b := m.buf[:end]
	p, n := v, uint64(0)
	for p < len(b) && isDigit(b[p]) {
		n = n*10 + uint64(b[p]-'0')
		p++
	}
	if p-v > 10 { // n may have overflowed, but is too large anyway
		n = math.MaxUint32
	}
	m.CSeq = uint32(min(n, math.MaxUint32))
	q := p
	if q < len(b) && b[q] == ' ' {
		q++
	}
	if q < len(b) && b[q] <= ' ' {
		q = skipBlanks(b, q)
	}
	if p == v || n > math.MaxInt32 || q == p || q == len(b) {
		m.Anomalies |= BadCSeq
	}
	if m.Request && string(b[q:]) == string(m.Text(m.MethodText)) {
		m.CSeqMethod = m.Method
		return
	}
	text := span(q, end)
	m.CSeqMethod = m.method(text)
	if m.Request {
		m.Anomalies |= MethodMismatch
		return
	}
	m.MethodText = text
}
