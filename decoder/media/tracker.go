package media

import (
	"net/netip"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/decoder/frame"
	"tollwatch/decoder/rtp"
)

// Tracker follows the media of one tap. It belongs to one goroutine.
type Tracker struct {
	cfg    Config
	totals Totals

	places  map[addrKey]*place
	oldest  placeList
	legs    map[call.LegID]*legMedia
	streams map[streamKey]*stream
	// Streams that somebody announced, and loose ones, which give way first.
	announced, loose streamList
	announcements    uint64 // made so far: a loose stream looks again when it grew
	candidates       candidates

	released []release // legs that ended, in the order of their end
	active   []*legMedia
	swept    time.Time

	header rtp.Header
	events []call.Event
}

// release is a leg whose endpoints go at a time.
type release struct {
	leg *legMedia
	at  time.Time
}

// New makes a tracker with empty tables. Each table holds at least one.
func New(cfg Config) *Tracker {
	cfg.MaxEndpoints, cfg.MaxStreams = max(cfg.MaxEndpoints, 1), max(cfg.MaxStreams, 1)
	return &Tracker{
		cfg: cfg, places: map[addrKey]*place{}, legs: map[call.LegID]*legMedia{}, streams: map[streamKey]*stream{},
		candidates: newCandidates(cfg.MaxCandidates),
	}
}

// Observe takes a UDP packet that is no SIP and says what it was. The events
// are valid until the next call of Observe, Advance or Flush.
func (t *Tracker) Observe(p *frame.Packet, now time.Time) (Kind, []call.Event) {
	t.events = t.events[:0]
	switch rtp.KindOf(p.Payload) {
	case rtp.STUN:
		return STUN, nil
	case rtp.DTLS:
		return DTLS, nil
	case rtp.Control:
		t.control(p, now)
		return RTCP, nil
	case rtp.Media:
		if rtp.Decode(p.Payload, &t.header) && t.media(p, now) {
			return RTP, t.events
		}
	}
	if at := t.placeOf(keyOf(p.Src), keyOf(p.Dst)); at != nil && at.T38 {
		t.touch(at.leg, now)
		return T38, nil
	}
	return NotMedia, nil
}

// control lets RTCP keep a leg alive: on hold it may be all that comes. It runs
// on the port of RTP (RFC 5761) or on the one above (RFC 3550 §11).
func (t *Tracker) control(p *frame.Packet, now time.Time) {
	at := t.placeOf(keyOf(p.Src), keyOf(p.Dst))
	if at == nil {
		at = t.placeOf(keyOf(below(p.Src)), keyOf(below(p.Dst)))
	}
	if at != nil {
		t.touch(at.leg, now)
	}
}

func below(a netip.AddrPort) netip.AddrPort { return netip.AddrPortFrom(a.Addr(), a.Port()-1) }

// media takes an RTP packet to its stream; false when it has none.
func (t *Tracker) media(p *frame.Packet, now time.Time) bool {
	key := streamKey{keyOf(p.Src), keyOf(p.Dst), t.header.SSRC}
	s := t.streams[key]
	if s == nil {
		if s = t.meet(p, &key, now); s == nil {
			return false
		}
	}
	if s.place == nil && s.checked != t.announcements {
		t.adopt(s)
	}
	s.observe(p, &t.header, now)
	if s.leg != nil {
		t.touch(s.leg, now)
	}
	return true
}

// meet begins a stream: at once where somebody announced it, else when it has
// proved itself as a candidate. What the candidate counted is kept. Where fax is
// announced RTP must prove itself too: UDPTL begins with any two bytes.
func (t *Tracker) meet(p *frame.Packet, key *streamKey, now time.Time) *stream {
	at := t.placeOf(key.src, key.dst)
	c, proved := t.candidates.observe(p, &t.header, key, at != nil && !at.T38, now)
	if !proved {
		return nil
	}
	s := &stream{key: *key, first: now, last: now}
	if c != nil {
		s.Counters, s.first, s.events = c.stream.Counters, c.stream.first, c.stream.events
		s.codec, s.payload, s.hasCodec = c.stream.codec, c.stream.payload, c.stream.hasCodec
		s.eventTime, s.hasEvent = c.stream.eventTime, c.stream.hasEvent
		t.candidates.forget(c)
	}
	if !t.makeRoom(at != nil) {
		return nil
	}
	t.streams[*key] = s
	if at != nil {
		s.adopt(at)
		t.announced.push(s)
		return s
	}
	s.checked = t.announcements
	t.loose.push(s)
	return s
}

// placeOf is the endpoint of a flow: the one it goes to, else the one it comes
// from (symmetric RTP, RFC 4961).
func (t *Tracker) placeOf(src, dst addrKey) *place {
	if at := t.places[dst]; at != nil {
		return at
	}
	return t.places[src]
}

// touch notes that a leg had media.
func (t *Tracker) touch(l *legMedia, now time.Time) {
	if now.After(l.last) {
		l.last = now
	}
	if !l.active {
		l.active = true
		t.active = append(t.active, l)
	}
}

// Activity is the latest packet of a leg.
type Activity struct {
	Leg  call.LegID
	Last time.Time
}

// Activity appends the legs that had media since the last call.
func (t *Tracker) Activity(dst []Activity) []Activity {
	for _, l := range t.active {
		l.active = false
		dst = append(dst, Activity{l.id, l.last})
	}
	t.active = t.active[:0]
	return dst
}

// Totals returns a copy.
func (t *Tracker) Totals() Totals {
	out := t.totals
	out.Endpoints, out.Streams, out.Loose = len(t.places), len(t.streams), t.loose.n
	out.Candidates, out.CandidatesEvicted = len(t.candidates.flows), t.candidates.evicted
	return out
}
