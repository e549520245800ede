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
	long := len(b) > MaxMessage
	if long {
		b = b[:MaxMessage]
	}
	var s start
	if !s.scan(b) {
		return false
	}
	*m = Message{buf: b, Request: s.request, Status: s.status, MethodText: s.method, Reason: s.reason,
		RequestURI: s.uri, Expires: -1, ContentLength: -1, Anomalies: s.anomalies}
	if long {
		m.Anomalies |= Cut
	}
	if s.request {
		m.Method = m.method(s.method)
	}
	var seen headerSet
	body := m.scanHeaders(s.next, &seen)
	m.finish(body, seen)
	return true
}

// method reads a method token and notes odd case.
func (m *Message) method(s Span) Method {
	method, odd := parseMethod(m.Text(s))
	if odd {
		m.Anomalies |= OddMethod
	}
	return method
}

// scanHeaders goes over the header lines from p on and returns where the body
// begins.
func (m *Message) scanHeaders(p int, seen *headerSet) int {
	b := m.buf
	m.Headers = span(p, len(b))
	for p < len(b) {
		end, next, flags := line(b, p)
		m.Anomalies |= flags
		if end == p {
			m.Headers.End = uint16(p)
			return next
		}
		m.header(p, end, seen)
		p = next
	}
	m.Anomalies |= NoEmptyLine
	return len(b)
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
func (m *Message) contentLength(s Span) {
	n, ok := number(m.Text(s), math.MaxInt32)
	if !ok {
		m.Anomalies |= BadContentLength
	}
	if ok || n == math.MaxInt32 {
		m.ContentLength = int(n)
	}
}

// expires reads an Expires value.
func (m *Message) expires(s Span) {
	n, ok := number(m.Text(s), math.MaxUint32)
	if !ok {
		m.Anomalies |= BadExpires
	}
	if ok || n == math.MaxUint32 {
		m.Expires = int(min(n, math.MaxInt32))
	}
}

// cseq reads "1*DIGIT LWS Method".
func (m *Message) cseq(s Span) {
	b := m.buf[:s.End]
	p := digits(b, int(s.Start))
	n, ok := number(b[s.Start:p], math.MaxUint32)
	m.CSeq = uint32(n)
	q := skipBlanks(b, p)
	if !ok || n > math.MaxInt32 || q == p || q == len(b) {
		m.Anomalies |= BadCSeq
	}
	text := span(q, len(b))
	m.CSeqMethod = m.method(text)
	if !m.Request {
		m.MethodText = text
	} else if !bytes.Equal(m.Text(text), m.Text(m.MethodText)) {
		m.Anomalies |= MethodMismatch
	}
}
