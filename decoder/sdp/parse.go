package sdp

import (
	"bytes"
	"net/netip"
)

// Parse reads the description b into s, reusing it. The slices of s point into
// b. It returns false when b is no description: its first line is not v=.
func Parse(b []byte, s *Session) bool {
	r := reader{s: s}
	b = skipBlankLines(b)
	if len(b) < 3 || b[0] != 'v' || b[1] != '=' {
		return false
	}
	s.reset()
	for len(b) > 0 {
		var line []byte
		line, b = nextLine(b)
		if len(line) >= 2 && line[1] == '=' {
			r.line(line[0], line[2:])
		}
	}
	r.closeMedia()
	return true
}

// reset empties s; media sections are emptied as they are used again.
func (s *Session) reset() {
	s.ID, s.Version, s.Origin, s.N, s.Dropped = nil, nil, nil, 0, 0
}

// reset empties m but for its formats, a kilobyte of which N are valid.
func (m *Media) reset() {
	m.Kind, m.Port, m.RTCP, m.T38, m.N = 0, 0, netip.AddrPort{}, false, 0
}

// reader is the state of one pass: what the session level gave, for the media
// that say nothing of their own.
type reader struct {
	s         *Session
	media     *Media // the section being read; nil at session level and in sections beyond MaxMedia
	inMedia   bool
	addr      netip.Addr
	direction Direction
	encrypted bool
	ptime     int
	rtcp      rtcp
}

// rtcp is what a section says of its control packets.
type rtcp struct {
	mux  bool
	port uint16
	addr netip.Addr
}

func (r *reader) line(kind byte, v []byte) {
	if r.inMedia && r.media == nil && kind != 'm' {
		return // a section beyond the limit
	}
	switch kind {
	case 'o':
		r.origin(v)
	case 'c':
		r.connection(v)
	case 'm':
		r.section(v)
	case 'a':
		r.attribute(v)
	}
}

// origin reads "username sess-id sess-version nettype addrtype address".
func (r *reader) origin(v []byte) {
	if r.inMedia || r.s.ID != nil {
		return
	}
	_, v = field(v)
	r.s.ID, v = field(v)
	r.s.Version, v = field(v)
	_, v = field(v)
	_, v = field(v)
	r.s.Origin, _ = field(v)
}

// connection reads "IN IP4 address[/ttl]".
func (r *reader) connection(v []byte) {
	_, v = field(v)
	_, v = field(v)
	text, _ := field(v)
	if i := bytes.IndexByte(text, '/'); i >= 0 {
		text = text[:i]
	}
	addr := parseAddr(text)
	if r.media == nil {
		r.addr = addr
		return
	}
	r.media.Addr = addr
}

// section reads "media port[/number] proto fmt ..." and opens the section.
func (r *reader) section(v []byte) {
	r.closeMedia()
	r.inMedia, r.rtcp = true, rtcp{}
	if r.s.N == MaxMedia {
		r.s.Dropped++
		return
	}
	m := &r.s.Media[r.s.N]
	r.s.N++
	m.reset()
	m.Addr, m.Direction, m.Encrypted, m.Ptime = r.addr, r.direction, r.encrypted, r.ptime
	r.media = m
	name, v := field(v)
	m.Kind = kindOf(name)
	port, v := field(v)
	m.Port = parsePort(port)
	proto, v := field(v)
	m.T38 = equalFold(proto, "udptl") || equalFold(proto, "tcptl")
	m.Encrypted = m.Encrypted || containsFold(proto, "savp")
	if m.T38 {
		return // its format is the word t38
	}
	r.formats(m, v)
}

// formats reads the payload types; words (webrtc-datachannel) are passed over.
func (r *reader) formats(m *Media, v []byte) {
	for len(v) > 0 {
		var f []byte
		f, v = field(v)
		pt, ok := number(f, 127)
		switch {
		case !ok:
		case m.N == MaxFormats:
			r.s.Dropped++
		default:
			m.Formats[m.N] = static(uint8(pt))
			m.N++
		}
	}
}

// closeMedia settles the control endpoint of the section that ends.
func (r *reader) closeMedia() {
	m := r.media
	r.media = nil
	if m == nil {
		return
	}
	if m.Direction == 0 {
		m.Direction = SendRecv
	}
	addr, port := r.rtcp.addr, r.rtcp.port
	if !addr.IsValid() {
		addr = m.Addr
	}
	switch {
	case m.Port == 0 || m.T38:
		return
	case r.rtcp.mux:
		addr, port = m.Addr, m.Port
	case port == 0 && m.Port < 65535:
		port = m.Port + 1
	}
	m.RTCP = netip.AddrPortFrom(addr, port)
}

func kindOf(name []byte) Kind {
	switch {
	case equalFold(name, "audio"):
		return Audio
	case equalFold(name, "video"):
		return Video
	case equalFold(name, "image"):
		return Image
	}
	return OtherKind
}

func parsePort(b []byte) uint16 {
	if i := bytes.IndexByte(b, '/'); i >= 0 {
		b = b[:i]
	}
	n, ok := number(b, 65535)
	if !ok {
		return 0
	}
	return uint16(n)
}
