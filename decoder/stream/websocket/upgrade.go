package websocket

import "bytes"

const (
	// maxHandshake bounds the header section of a handshake. Cookies make it
	// large; Apache and nginx take 8 kB.
	maxHandshake = 8 << 10

	request  = "GET "
	response = "HTTP/1.1 101"
)

// Upgrade says whether b begins with one side of the handshake of SIP over
// WebSocket (RFC 7118 §4.1): a GET that offers the subprotocol "sip", or a 101
// that takes it. It returns the length of the header section: frames follow.
func Upgrade(b []byte) (int, error) {
	if err := begins(b); err != nil {
		return 0, err
	}
	upgrade, sip := false, false
	for p := 0; ; {
		n := bytes.IndexByte(b[p:], '\n')
		if n < 0 {
			return 0, unfinished(b)
		}
		line := bytes.TrimSuffix(b[p:p+n], []byte("\r"))
		p += n + 1
		switch {
		case p > maxHandshake:
			return 0, ErrFormat
		case len(line) == 0 && upgrade && sip:
			return p, nil
		case len(line) == 0:
			return 0, ErrFormat
		}
		switch line[0] | 0x20 {
		case 'u':
			upgrade = upgrade || lists(line, "upgrade", "websocket")
		case 's':
			sip = sip || lists(line, "sec-websocket-protocol", "sip")
		}
	}
}

// begins looks at the first bytes: most connections are refused here.
func begins(b []byte) error {
	want := response
	if len(b) > 0 && b[0] == request[0] {
		want = request
	}
	n := min(len(b), len(want))
	switch {
	case string(b[:n]) != want[:n]:
		return ErrFormat
	case n < len(want):
		return ErrShort
	}
	return nil
}

func unfinished(b []byte) error {
	if len(b) > maxHandshake {
		return ErrFormat
	}
	return ErrShort
}

// lists says whether line is a header of that name whose comma-separated value
// holds word; all without regard to case (RFC 6455 §4.1, §11.3.4).
func lists(line []byte, name, word string) bool {
	if len(line) <= len(name) || line[len(name)] != ':' || !bytes.EqualFold(line[:len(name)], []byte(name)) {
		return false
	}
	rest := line[len(name)+1:]
	for more := true; more; {
		var item []byte
		item, rest, more = bytes.Cut(rest, []byte(","))
		if bytes.EqualFold(bytes.TrimSpace(item), []byte(word)) {
			return true
		}
	}
	return false
}
