package media

import "net/netip"

// Notice tells whoever counts RTP elsewhere of an endpoint.
type Notice struct {
	Addr   netip.AddrPort
	Gone   bool    // it is an endpoint no more; the rest is empty then
	Fax    bool    // T.38 is expected there
	Codecs []Codec // those that mean something else than RFC 3551 says; nobody changes them later
}

// maxSourceEndpoints bounds the endpoints that one address has told of, for who
// counts elsewhere: a quarter of its table. A PBX of 4,000 calls at once has no
// more; what goes beyond is counted as what nobody announced.
const maxSourceEndpoints = 8192

// source is an address that descriptions came from.
type source struct {
	addr      netip.Addr
	endpoints int
}

// CountedElsewhere tells that RTP is counted elsewhere too: from now on endpoints and
// ended streams are told of.
func (t *Tracker) CountedElsewhere() { t.counted = true }

// notify tells of an endpoint that is new or changed.
func (t *Tracker) notify(at *place, e *Endpoint) {
	if !t.counted {
		return
	}
	if at.source == nil && !t.admit(at, e.Source) {
		return
	}
	t.notices = append(t.notices, Notice{Addr: at.addr, Fax: at.t38, Codecs: at.codecs})
}

// admit counts an endpoint to the address that told of it.
func (t *Tracker) admit(at *place, addr netip.Addr) bool {
	s := t.sources[addr]
	if s == nil {
		s = &source{addr: addr}
		t.sources[addr] = s
	}
	if s.endpoints >= maxSourceEndpoints {
		t.totals.EndpointsRefused++
		return false
	}
	s.endpoints++
	at.source = s
	return true
}

// retract tells that an endpoint is none any more.
func (t *Tracker) retract(at *place) {
	if at.source == nil {
		return
	}
	if at.source.endpoints--; at.source.endpoints == 0 {
		delete(t.sources, at.source.addr)
	}
	at.source = nil
	t.notices = append(t.notices, Notice{Addr: at.addr, Gone: true})
}

// Notices are what became of endpoints since the last call, once
// CountedElsewhere was called. They are valid until the next call of anything else.
func (t *Tracker) Notices() []Notice {
	out := t.notices
	t.notices = t.notices[:0]
	return out
}

// Unusual says that a codec means something else than RFC 3551 §6 has for its
// payload type, or that it has nothing.
func (c *Codec) Unusual() bool {
	s := &static[c.PayloadType&127]
	return c.ClockRate != s.ClockRate || c.use() != s.use()
}
