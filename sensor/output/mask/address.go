package mask

import "bytes"

// splitPort parts an address, or a host, from :port; [ip6]:port loses its brackets.
func splitPort(b []byte) (host, port []byte) {
	if len(b) > 0 && b[0] == '[' {
		if end := bytes.IndexByte(b, ']'); end > 0 {
			return b[1:end], b[end+1:]
		}
	}
	if i := bytes.IndexByte(b, ':'); i >= 0 && bytes.IndexByte(b[i+1:], ':') < 0 {
		return b[:i], b[i:]
	}
	return b, nil
}

// isAddress says that b is an address of the network, with or without a port.
func isAddress(b []byte) bool {
	host, port := splitPort(b)
	if len(port) > 0 && (port[0] != ':' || len(port) > len(":65535") || !all(port[1:], isDigit)) {
		return false
	}
	return isIPv4(host) || isIPv6(host)
}

func isIPv4(b []byte) bool {
	parts := 0
	for len(b) > 0 || parts == 0 {
		part, rest, more := bytes.Cut(b, []byte("."))
		if len(part) == 0 || len(part) > 3 || !all(part, isDigit) {
			return false
		}
		parts++
		if b = rest; more && len(rest) == 0 {
			return false
		}
	}
	return parts == 4
}

// isIPv6 takes what can be nothing else in a text: hexadecimal digits and two
// colons or more.
func isIPv6(b []byte) bool {
	return len(b) <= len("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255") && bytes.Count(b, []byte(":")) >= 2 && all(b, func(c byte) bool {
		return isDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' || c == ':' || c == '.'
	})
}

func all(b []byte, is func(byte) bool) bool {
	for _, c := range b {
		if !is(c) {
			return false
		}
	}
	return true
}
