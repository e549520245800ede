package stream

import (
	"bytes"

	"tollwatch/decoder/sip"
)

// guess is what the first bytes of a message, or of a stream, look like.
type guess uint8

const (
	no    guess = iota // not SIP, whatever follows
	maybe              // too short to say
	yes
)

// sniff says whether b begins with a SIP message: a start line, and the name
// of a header after it. The header is asked for because the body of a NOTIFY
// is a bare start line (RFC 3420), and a body may be a segment of its own.
func sniff(b []byte) guess {
	if !sip.LooksLike(b) {
		return startsLike(b)
	}
	n := bytes.IndexByte(b, '\n')
	if n < 0 {
		return undecided(b)
	}
	return header(b[n+1:])
}

// header says whether b begins with the name of a header.
func header(b []byte) guess {
	n := 0
	for n < len(b) && n < 64 && isName(b[n]) {
		n++
	}
	if n == len(b) {
		return maybe
	}
	blanks := n
	for n < len(b) && n < 80 && (b[n] == ' ' || b[n] == '\t') {
		n++
	}
	switch {
	case blanks == 0:
		return no
	case n == len(b):
		return maybe
	case b[n] == ':':
		return yes
	}
	return no
}

// startsLike says whether b, which is no start line yet, may become one.
func startsLike(b []byte) guess {
	const version = "SIP/2.0 "
	n := min(len(b), len(version))
	if n > 0 && bytes.EqualFold(b[:n], []byte(version[:n])) {
		return statusLike(b[n:])
	}
	n = 0
	for n < len(b) && n < 64 && isName(b[n]) {
		n++
	}
	switch {
	case n == len(b):
		return maybeUnlessEmpty(b)
	case n == 0 || b[n] != ' ':
		return no
	}
	return uriLike(b[n+1:])
}

func maybeUnlessEmpty(b []byte) guess {
	if len(b) == 0 {
		return no
	}
	return maybe
}

// statusLike: up to three digits after the version.
func statusLike(b []byte) guess {
	if len(b) >= 3 {
		return no // else it would have been a start line
	}
	for _, c := range b {
		if c < '0' || c > '9' {
			return no
		}
	}
	return maybe
}

// uriLike: a scheme and a colon, and the line not ended.
func uriLike(b []byte) guess {
	const longest = 16
	n := 0
	for n < len(b) && n < longest && isName(b[n]) {
		n++
	}
	switch {
	case n == len(b):
		return maybe
	case n == 0 || b[n] != ':':
		return no
	}
	return undecided(b)
}

// undecided: the line goes on, unless it is too long.
func undecided(b []byte) guess {
	if len(b) > maxStartLine || bytes.IndexByte(b, '\n') >= 0 {
		return no
	}
	return maybe
}

// isName are the bytes of a token (RFC 3261 §25.1).
func isName(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	switch c {
	case '-', '.', '!', '%', '*', '_', '+', '`', '\'', '~':
		return true
	}
	return false
}

// lineEnds is the length of the run of CR and LF that b begins with.
func lineEnds(b []byte) int {
	n := 0
	for n < len(b) && (b[n] == '\r' || b[n] == '\n') {
		n++
	}
	return n
}

// find looks for the next message in b, at its beginning and behind each line
// end. It returns where that is, or may be; yes or maybe, else no.
func find(b []byte) (int, guess) {
	p := 0
	for p < len(b) {
		p += lineEnds(b[p:])
		if g := sniff(b[p:]); g != no {
			return p, g
		}
		n := bytes.IndexByte(b[p:], '\n')
		if n < 0 {
			break
		}
		p += n + 1
	}
	return len(b), no
}
