package dialog

import (
	"bytes"
	"net/netip"

	"tollwatch/decoder/sip"
)

// hostAddr is the address that a host is, if it is one; the usual ones cost no
// allocation. Brackets round IPv6 may be there or not.
func hostAddr(host []byte) netip.Addr {
	if a, ok := dotted(host); ok {
		return a
	}
	if len(host) > 64 || bytes.IndexByte(host, ':') < 0 {
		return netip.Addr{}
	}
	a, _ := netip.ParseAddr(string(bytes.Trim(host, "[]")))
	return a.Unmap()
}

// dotted reads four decimal numbers.
func dotted(b []byte) (netip.Addr, bool) {
	var a [4]byte
	n, digits, v := 0, 0, 0
	for i := 0; i <= len(b); i++ {
		switch {
		case i < len(b) && b[i]-'0' <= 9 && digits < 3:
			v = 10*v + int(b[i]-'0')
			digits++
			continue
		case i < len(b) && b[i] != '.', digits == 0, v > 255, n == 4:
			return netip.Addr{}, false
		}
		a[n] = byte(v)
		n, digits, v = n+1, 0, 0
	}
	return netip.AddrFrom4(a), n == 4
}

// learnHost adds the address that the host of a URI is, if it is one.
func (l *leg) learnHost(uri []byte) {
	var u sip.URI
	if sip.ParseURI(uri, &u) {
		l.learn(hostAddr(u.Host))
	}
}

// learnParties takes down who the two sides of an INVITE are: its addresses,
// and those it names for the way back.
func (l *leg) learnParties(m *sip.Message, meta *Meta) {
	l.learn(meta.Src.Addr())
	l.learn(meta.Dst.Addr())
	l.learnHost(m.Text(m.Contact.URI))
	l.learn(viaAddr(m.Text(m.Via)))
}

// viaAddr is the sent-by of a Via value where it is an address (RFC 3261
// §20.42: protocol, blanks, host, perhaps port and parameters).
func viaAddr(via []byte) netip.Addr {
	i := bytes.IndexAny(via, " \t")
	if i < 0 {
		return netip.Addr{}
	}
	by := bytes.TrimSpace(via[i:])
	if i := bytes.IndexAny(by, "; \t,"); i >= 0 {
		by = by[:i]
	}
	if i := bytes.IndexByte(by, ']'); i >= 0 {
		return hostAddr(by[:i+1])
	}
	if i := bytes.IndexByte(by, ':'); i >= 0 && i == bytes.LastIndexByte(by, ':') {
		by = by[:i] // a port
	}
	return hostAddr(by)
}
