package sdp

import (
	"bytes"
	"net/netip"
)

// The address parsers are our own because netip.ParseAddr takes a string and
// builds an error, and both would allocate for each description.

// parseAddr reads an IPv4 or IPv6 address; a mapped one becomes IPv4, as it is
// on the wire, and a zone is cut off, as are the brackets of a URI that some
// put around it. Host names give no valid address.
func parseAddr(b []byte) netip.Addr {
	if len(b) > 2 && b[0] == '[' && b[len(b)-1] == ']' {
		b = b[1 : len(b)-1]
	}
	if i := bytes.IndexByte(b, '%'); i >= 0 {
		b = b[:i]
	}
	var a [4]byte
	if dotted(b, a[:]) {
		return netip.AddrFrom4(a)
	}
	return parseIPv6(b)
}

// dotted reads "1.2.3.4" into a, which has four bytes.
func dotted(b, a []byte) bool {
	i, n, digits := 0, 0, 0
	for _, c := range b {
		switch {
		case c == '.' && digits > 0 && i < 3:
			a[i] = byte(n)
			i, n, digits = i+1, 0, 0
		case c >= '0' && c <= '9' && digits < 3 && n*10+int(c-'0') <= 255:
			n = n*10 + int(c-'0')
			digits++
		default:
			return false
		}
	}
	if i != 3 || digits == 0 {
		return false
	}
	a[3] = byte(n)
	return true
}

// parseIPv6 reads groups with colons, one :: among them, and perhaps an IPv4
// address at the end (RFC 4291 §2.2).
func parseIPv6(b []byte) netip.Addr {
	var a [16]byte
	n, gap := 0, -1
	for len(b) > 0 {
		if len(b) >= 2 && b[0] == ':' && b[1] == ':' {
			if gap >= 0 {
				return netip.Addr{}
			}
			gap, b = n, b[2:]
			continue
		}
		if b[0] == ':' {
			if b = b[1:]; n == 0 || gap == n || len(b) == 0 {
				return netip.Addr{}
			}
		}
		if n <= 12 && dotted(b, a[n:n+4]) {
			n, b = n+4, nil
			break
		}
		group, digits := hexGroup(b)
		if digits == 0 || n > 14 {
			return netip.Addr{}
		}
		a[n], a[n+1] = byte(group>>8), byte(group)
		n, b = n+2, b[digits:]
	}
	if !spread(&a, n, gap) {
		return netip.Addr{}
	}
	return netip.AddrFrom16(a).Unmap()
}

// hexGroup reads up to four hex digits that a colon or the end follows.
func hexGroup(b []byte) (v, digits int) {
	for _, c := range b {
		switch {
		case c >= '0' && c <= '9':
			v = v<<4 | int(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			v = v<<4 | int(c|0x20-'a'+10)
		case c == ':':
			return v, digits
		default:
			return 0, 0
		}
		if digits++; digits > 4 {
			return 0, 0
		}
	}
	return v, digits
}

// spread moves what stands behind the :: at gap to the end of the address.
func spread(a *[16]byte, n, gap int) bool {
	if gap < 0 {
		return n == 16
	}
	if n == 16 {
		return false
	}
	tail := n - gap
	copy(a[16-tail:], a[gap:n])
	clear(a[gap : 16-tail])
	return true
}
