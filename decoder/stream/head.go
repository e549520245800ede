package stream

import "bytes"

// head reads the header section of a message as it arrives, each byte once.
type head struct {
	begun   bool // the start line was seen
	line    int  // where the line being read begins
	seen    int  // up to where it was searched for its end
	length  int  // Content-Length
	known   bool // it was given; the first that can be read counts
	waiting bool // its value stands on the next line, folded
	end     int  // where the body begins; 0 while headers go on
}

// read goes on in b, which begins with the start line. It reports whether the
// header section has ended.
func (h *head) read(b []byte) bool {
	for h.end == 0 {
		n := bytes.IndexByte(b[h.seen:], '\n')
		if n < 0 {
			h.seen = len(b)
			return false
		}
		next := h.seen + n + 1
		line := b[h.line : next-1]
		if n := len(line); n > 0 && line[n-1] == '\r' {
			line = line[:n-1]
		}
		if len(line) == 0 {
			h.end = next
			return true
		}
		if !h.known {
			h.contentLength(line)
		}
		h.line, h.seen = next, next
	}
	return true
}

// contentLength looks at one line. RFC 3261 §20.14: compact form "l"; §7.3.1:
// the value may be folded onto the next line.
func (h *head) contentLength(line []byte) {
	switch line[0] {
	case ' ', '\t':
		if h.waiting {
			h.value(line)
		}
		return
	case 'c', 'C', 'l', 'L':
	default:
		h.waiting = false
		return
	}
	h.waiting = false
	colon := bytes.IndexByte(line, ':')
	if colon < 0 {
		return
	}
	name := bytes.TrimRight(line[:colon], " \t")
	if len(name) == 1 && name[0]|0x20 == 'l' || bytes.EqualFold(name, []byte("content-length")) {
		h.waiting = true
		h.value(line[colon+1:])
	}
}

// value reads digits; what stands behind them is forgiven. More than the cap
// is the cap, which no message reaches.
func (h *head) value(b []byte) {
	b = bytes.TrimLeft(b, " \t")
	if len(b) == 0 {
		return
	}
	h.waiting = false
	for _, c := range b {
		if c < '0' || c > '9' {
			break
		}
		h.known = true
		h.length = min(h.length*10+int(c-'0'), maxMessage)
	}
}
