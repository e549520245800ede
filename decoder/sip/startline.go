package sip

import "bytes"

// maxMethod bounds how far a method token is looked for: RFC 4475's longest
// has 43 bytes, and what is no SIP must be refused at constant cost.
const maxMethod = 128

// LooksLike says whether b begins with a SIP start line, by structure: a
// method, a Request-URI and a SIP version that end the line, or a SIP version
// and three digits. Leading CRLFs (keep-alive) are skipped. HTTP, RTSP, log
// text and random bytes are refused, most of them at the first blank. It is
// true for exactly what [Parse] accepts.
func LooksLike(b []byte) bool {
	if len(b) > MaxMessage {
		b = b[:MaxMessage]
	}
	var s start
	return s.scan(b)
}

// start is a scanned start line: offsets into the buffer.
type start struct {
	request   bool
	method    Span
	uri       Span
	status    int
	reason    Span
	next      int // of the line that follows
	anomalies Anomaly
}

func (s *start) scan(b []byte) bool {
	p := 0
	for p < len(b) && (b[p] == '\r' || b[p] == '\n') {
		p++
	}
	if p > 0 {
		s.anomalies |= LeadingCRLF
	}
	if p < len(b) && b[p]|0x20 == 's' && p+4 < len(b) && b[p+3] == '/' {
		return s.scanStatus(b, p)
	}
	return s.scanRequest(b, p)
}

// scanStatus reads "SIP/2.0 SP 3DIGIT SP Reason" at p.
func (s *start) scanStatus(b []byte, p int) bool {
	n, ok := s.version(b[p:])
	if !ok {
		return false
	}
	p += n
	q := skipBlanks(b, p)
	if q == p || q+3 > len(b) || !isDigit(b[q]) || !isDigit(b[q+1]) || !isDigit(b[q+2]) {
		return false
	}
	s.status = int(b[q]-'0')*100 + int(b[q+1]-'0')*10 + int(b[q+2]-'0')
	if s.status < 100 || s.status > 699 {
		s.anomalies |= BadStatus
	}
	if q != p+1 {
		s.anomalies |= BadStartLine
	}
	p = q + 3
	end, _ := s.endLine(b, p)
	switch {
	case p == end:
		s.anomalies |= BadStartLine
	case b[p] != ' ':
		return false
	default:
		s.reason = span(p+1, end)
	}
	return true
}

// scanRequest reads "METHOD SP Request-URI SP SIP/2.0" at p.
func (s *start) scanRequest(b []byte, p int) bool {
	q, limit := p, min(len(b), p+maxMethod)
	for q < limit && isToken[b[q]] {
		q++
	}
	if q == p || q == limit || b[q] != ' ' {
		return false
	}
	s.request, s.method = true, span(p, q)
	if end := word(b, q+1); end+10 <= len(b) && string(b[end:end+10]) == " SIP/2.0\r\n" && end > q+1 && b[q+1] != '<' {
		s.uri, s.next = span(q+1, end), end+10
		return true // as nearly all are
	}
	end, ok := s.endLine(b, q)
	if !ok {
		return false
	}
	if t := trimEnd(b, q, end); t != end {
		s.anomalies |= BadStartLine
		end = t
	}
	last := bytes.LastIndexByte(b[:end], ' ')
	if last == q {
		return false
	}
	if n, ok := s.version(b[last+1 : end]); !ok || n != end-last-1 {
		return false
	}
	return s.requestURI(b, q+1, last)
}

// requestURI takes what stands between method and version. Blanks too many
// are forgiven, unless nothing in there resembles a URI.
func (s *start) requestURI(b []byte, p, end int) bool {
	if b[p] <= ' ' || b[end-1] <= ' ' {
		s.anomalies |= BadStartLine
		end = trimEnd(b, p, end)
		p = min(skipBlanks(b, p), end)
	}
	if p == end {
		return false
	}
	if b[p] == '<' {
		s.anomalies |= BadURI
		p++
		if end > p && b[end-1] == '>' {
			end--
		}
	}
	if bytes.IndexByte(b[p:end], ' ') >= 0 {
		if scheme, _ := parseScheme(b[p:end]); scheme == 0 {
			return false
		}
		s.anomalies |= BadURI
	}
	s.uri = span(p, end)
	return true
}

// version reads "SIP/2.0" at the beginning of b, in any case (RFC 3261 §7.1),
// and returns its length.
func (s *start) version(b []byte) (int, bool) {
	if len(b) >= 7 && string(b[:7]) == "SIP/2.0" && (len(b) == 7 || !isDigit(b[7])) {
		return 7, true
	}
	if len(b) < 7 || fold(load(b, 0))&0xffffffff != 's'|'i'<<8|'p'<<16|'/'<<24 {
		return 0, false
	}
	major := digits(b, 4)
	if major == 4 || major == len(b) || b[major] != '.' {
		return 0, false
	}
	minor := digits(b, major+1)
	if minor == major+1 {
		return 0, false
	}
	if string(b[4:minor]) != "2.0" {
		s.anomalies |= BadVersion
	}
	return minor, true
}

// endLine finds the end of the line that b[p] is in, less its CRLF or LF, and
// notes where the next begins. It is not ok when the buffer ends first.
func (s *start) endLine(b []byte, p int) (end int, ok bool) {
	n := bytes.IndexByte(b[p:], '\n')
	if n < 0 {
		s.next = len(b)
		return trimEnd(b, p, len(b)), false
	}
	s.next = p + n + 1
	if n > 0 && b[p+n-1] == '\r' {
		return p + n - 1, true
	}
	s.anomalies |= BareLF
	return p + n, true
}
