package sip

import "bytes"

// Scheme of a URI.
type Scheme uint8

// The schemes that a telephone meets.
const (
	OtherScheme Scheme = iota + 1
	SIP
	SIPS
	Tel
	URN
)

// URI is a parsed URI; its fields are pieces of the bytes that ParseURI was
// given. For tel: the number is User and Host is empty.
type URI struct {
	Scheme Scheme
	User   []byte // escapes not undone, see AppendUnescaped; user parameters (;npdi …) cut off
	Host   []byte // without brackets for IPv6
	Port   uint16 // 0 when none
	Params []byte // after the first ; behind the host (behind the number for tel:)
	// UserParams are the parameters inside the user part (";phone-context=…"),
	// without the first semicolon.
	UserParams []byte
	Headers    []byte // after the ? behind host and parameters
	// Malformed: no host, a port that is none, an IPv6 address without
	// brackets, an @ too many, blanks. What could be read is there all the same.
	Malformed bool
}

// ParseURI reads b into u. It returns false only when b has no scheme. Of
// schemes other than sip:, sips: and tel: it reads the scheme alone.
func ParseURI(b []byte, u *URI) bool {
	*u = URI{}
	b = b[skipBlanks(b, 0):]
	b = b[:trimEnd(b, 0, len(b))]
	scheme, n := parseScheme(b)
	if scheme == 0 {
		return false
	}
	u.Scheme = scheme
	switch scheme {
	case SIP, SIPS:
		u.sip(b[n:])
	case Tel:
		u.User, u.Params = cut(b[n:], ';')
		u.Malformed = len(u.User) == 0
	}
	return true
}

// parseScheme reads "scheme:" and returns the length of both; the scheme is 0
// when there is none (RFC 3986 §3.1).
func parseScheme(b []byte) (Scheme, int) {
	w := fold(load(b, 0))
	switch {
	case w&0xffffffff == 's'|'i'<<8|'p'<<16|':'<<24:
		return SIP, 4
	case w&0xffffffffff == 's'|'i'<<8|'p'<<16|'s'<<24|':'<<32:
		return SIPS, 5
	case w&0xffffffff == 't'|'e'<<8|'l'<<16|':'<<24:
		return Tel, 4
	case w&0xffffffff == 'u'|'r'<<8|'n'<<16|':'<<24:
		return URN, 4
	}
	for i, c := range b {
		switch {
		case c == ':' && i > 0:
			return OtherScheme, i + 1
		case c|0x20-'a' <= 'z'-'a', i > 0 && (isDigit(c) || c == '+' || c == '-' || c == '.'):
		default:
			return 0, 0
		}
	}
	return 0, 0
}

// sip reads what follows "sip:" (RFC 3261 §19.1.1).
func (u *URI) sip(b []byte) {
	if len(b) > 1 && b[0] == '/' && b[1] == '/' {
		u.Malformed = true
		b = b[2:]
	}
	if at := u.at(b); at >= 0 {
		u.user(b[:at])
		b = b[at+1:]
	}
	end := 0
	for end < len(b) && b[end] != ';' && b[end] != '?' {
		end++
	}
	u.hostPort(b[:trimEnd(b, 0, end)])
	if b = b[end:]; len(b) == 0 {
		return
	}
	if bytes.IndexByte(b, ' ') >= 0 {
		u.Malformed = true
	}
	b, u.Headers = cut(b, '?')
	if len(b) > 0 {
		u.Params = b[1:]
	}
}

// user reads the user part, up to a password, which is of no use to us.
func (u *URI) user(b []byte) {
	end := 0
	for ; end < len(b) && b[end] != ':' && b[end] != ';'; end++ {
		u.Malformed = u.Malformed || b[end] <= ' '
	}
	u.User = b[:end]
	if end < len(b) && b[end] == ';' {
		u.UserParams, _ = cut(b[end+1:], ':')
	}
	u.Malformed = u.Malformed || end == 0
}

// at finds the @ that ends the user part. There may be only one; but phones
// whose user name is a mail address send two, and the last one counts, as long
// as no parameter stands before it.
func (u *URI) at(b []byte) int {
	at := bytes.IndexByte(b, '@')
	if at < 0 || bytes.IndexByte(b[at+1:], '@') < 0 {
		return at
	}
	for i := at + 1; i < len(b) && b[i] != ';' && b[i] != '?'; i++ {
		if b[i] == '@' {
			at, u.Malformed = i, true
		}
	}
	return at
}

// Header finds a header that the URI asks for ("?Replaces=…&Subject=…"), by its
// long name in any case. Escapes in the value are not undone.
func (u *URI) Header(name string) ([]byte, bool) {
	for rest := u.Headers; len(rest) > 0; {
		var one []byte
		one, rest = cut(rest, '&')
		if n, value := cut(one, '='); equalName(n, name) {
			return value, true
		}
	}
	return nil, false
}

func (u *URI) hostPort(b []byte) {
	end := 0
	if len(b) > 0 && b[0] == '[' {
		n := bytes.IndexByte(b, ']')
		if n < 0 {
			u.Host, u.Malformed = b[1:], true
			return
		}
		u.Host, end = b[1:n], n+1
		u.Malformed = u.Malformed || !isIPv6(u.Host)
	} else {
		for ; end < len(b) && b[end] != ':'; end++ {
			u.Malformed = u.Malformed || b[end] <= ' '
		}
		u.Host = b[:end]
	}
	u.Malformed = u.Malformed || len(u.Host) == 0
	if end == len(b) {
		return
	}
	if b[0] != '[' && bytes.IndexByte(b[end+1:], ':') >= 0 { // IPv6 without brackets
		u.Host, u.Malformed = b, true
		return
	}
	u.port(b[end:])
}

func (u *URI) port(b []byte) {
	n, ok := number(b[1:], 65535)
	if b[0] != ':' || !ok {
		u.Malformed = true
		return
	}
	u.Port = uint16(n)
}

// isIPv6 checks the bytes between the brackets, roughly: the look of an
// address, not its value.
func isIPv6(b []byte) bool {
	for _, c := range b {
		if c |= 0x20; !isDigit(c) && c != ':' && c != '.' && c-'a' > 'f'-'a' {
			return false
		}
	}
	return bytes.IndexByte(b, ':') >= 0 && !bytes.Contains(b, []byte(":::"))
}

func cut(b []byte, sep byte) (before, after []byte) {
	if i := bytes.IndexByte(b, sep); i >= 0 {
		return b[:i], b[i+1:]
	}
	return b, nil
}

// AppendUnescaped appends s to dst with its escapes undone: %41 becomes A. A
// percent sign without two hex digits stays as it is.
func AppendUnescaped(dst, s []byte) []byte {
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if hi, lo := hex(s[i+1]), hex(s[i+2]); hi|lo < 16 {
				dst = append(dst, hi<<4|lo)
				i += 2
				continue
			}
		}
		dst = append(dst, s[i])
	}
	return dst
}

// hex returns the value of a hex digit, 0x80 for anything else.
func hex(c byte) byte {
	switch {
	case isDigit(c):
		return c - '0'
	case c|0x20-'a' <= 'f'-'a':
		return c | 0x20 - 'a' + 10
	}
	return 0x80
}
