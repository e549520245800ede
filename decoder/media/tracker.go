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
	// Streams that somebody announced, and loose ones: in the order of their
	// beginning. Loose ones give way first.
	announced, loose streamList
	looseAt          map[addrKey]*stream // the latest loose stream to or from an address
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

// New makes a tracker with empty tables.
func New(cfg Config) *Tracker {
	return &Tracker{
		cfg: cfg, places: map[addrKey]*place{}, legs: map[call.LegID]*legMedia{}, streams: map[streamKey]*stream{},
		looseAt: map[addrKey]*stream{}, candidates: newCandidates(cfg.MaxCandidates),
	}
}

// streamEnds are a stream's addresses as they are printed.
type streamEnds struct{ src, dst netip.AddrPort }

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
		return RTCP, nil
	case rtp.Media:
		if rtp.Decode(p.Payload, &t.header) {
			return t.media(p, now), t.events
		}
	}
	if at := t.placeOf(keyOf(p.Src), keyOf(p.Dst)); at != nil && at.T38 {
		t.touch(at.leg, now)
		return T38, nil
	}
	return NotMedia, nil
}

// media takes an RTP packet to its stream.
func (t *Tracker) media(p *frame.Packet, now time.Time) Kind {
	key := streamKey{keyOf(p.Src), keyOf(p.Dst), t.header.SSRC}
	s := t.streams[key]
	if s == nil {
		if s = t.meet(p, &key, now); s == nil {
			return NotMedia
		}
	}
	s.observe(p, &t.header, now)
	if s.leg != nil {
		t.touch(s.leg, now)
	}
	return RTP
}

// meet begins a stream: at once where somebody announced it, else when it has
// proved itself as a candidate. What the candidate counted is kept.
func (t *Tracker) meet(p *frame.Packet, key *streamKey, now time.Time) *stream {
	at := t.placeOf(key.src, key.dst)
	c, proved := t.candidates.observe(p, &t.header, key, at != nil, now)
	if at == nil && !proved {
		return nil
	}
	s := &stream{key: *key, packet: streamEnds{p.Src, p.Dst}, first: now, last: now}
	if c != nil {
		s.Counters, s.first, s.events = c.stream.Counters, c.stream.first, c.stream.events
		s.codec, s.payload, s.hasCodec = c.stream.codec, c.stream.payload, c.stream.hasCodec
		s.eventTime, s.hasEvent = c.stream.eventTime, c.stream.hasEvent
		t.candidates.forget(c)
	}
	t.makeRoom()
	t.streams[*key] = s
	if at != nil {
		s.adopt(at)
		t.announced.push(s)
		return s
	}
	t.loose.push(s)
	t.looseAt[key.src], t.looseAt[key.dst] = s, s
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
