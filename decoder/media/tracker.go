package media

import (
	"net/netip"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/decoder/frame"
	"tollwatch/decoder/rtp"
)

// maxLegStreams bounds the streams of one leg. A call has two, a held and
// resumed one some more; what goes beyond is an SSRC a packet, sent to fill the
// table.
const maxLegStreams = 32

// Tracker follows the media of one tap. It belongs to one goroutine.
type Tracker struct {
	cfg    Config
	totals Totals

	places  map[addrKey]*place
	oldest  placeList
	legs    map[call.LegID]*legMedia
	streams map[streamKey]*stream
	recent  recent
	// Streams that somebody announced, and loose ones, which give way first.
	announced, loose streamList
	announcements    uint64 // made so far: a loose stream looks again when it grew
	candidates       candidates

	released []release   // legs that ended, in the order of their end
	flowing  []*stream   // announced ones with packets since Activity was asked for
	active   []*legMedia // legs with other signs of life since then
	swept    time.Time
	lostAt   int64 // when the sensor lost frames last, ns since 1970

	header   rtp.Header
	compound rtp.Compound
	events   []call.Event
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

// SensorLost tells that frames went missing before the decoder, the last of
// them at a time: the loss of a stream that began before is not the network's
// alone, and its MOS is withheld.
func (t *Tracker) SensorLost(at time.Time) { t.lostAt = max(t.lostAt, at.UnixNano()) }

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
		t.control(p, now.UnixNano())
		return RTCP, nil
	case rtp.Media:
		if rtp.Decode(p.Payload, &t.header) && t.media(p, now.UnixNano()) {
			return RTP, t.events
		}
	}
	at := t.placeOf(keyOf(p.Src), keyOf(p.Dst))
	if at != nil && at.t38 && rtp.IsUDPTL(p.Payload) {
		t.touch(at.leg, now.UnixNano())
		return T38, nil
	}
	return NotMedia, nil
}

// media takes an RTP packet to its stream; false when it has none.
func (t *Tracker) media(p *frame.Packet, at int64) bool {
	slot := t.recent.slot(p, t.header.SSRC)
	s := *slot
	if s == nil || !s.is(p, t.header.SSRC) {
		if s = t.find(p, at); s == nil {
			return false
		}
		*slot = s
	}
	if s.place == nil && s.checked != t.announcements {
		t.adopt(s)
	}
	s.observe(p, &t.header, at)
	if !s.flowing && s.leg != nil {
		t.flow(s)
	}
	return true
}

// find looks for the stream of a packet in the table, or begins it.
func (t *Tracker) find(p *frame.Packet, at int64) *stream {
	key := streamKey{keyOf(p.Src), keyOf(p.Dst), t.header.SSRC}
	if s := t.streams[key]; s != nil {
		return s
	}
	return t.meet(p, &key, at)
}

// meet begins a stream: at once where somebody announced it, else when it has
// proved itself as a candidate. What the candidate counted is kept. Where fax is
// announced RTP must prove itself too: UDPTL begins with any two bytes.
func (t *Tracker) meet(p *frame.Packet, key *streamKey, at int64) *stream {
	place := t.placeOf(key.src, key.dst)
	c, proved := t.candidates.observe(p, &t.header, key, place != nil && !place.t38, at)
	if !proved || !t.makeRoom(place, at) {
		return nil
	}
	s := &stream{src: p.Src, dst: p.Dst, ssrc: key.ssrc, first: at, last: at}
	if c != nil {
		*s = c.stream
		t.candidates.forget(c)
	}
	t.streams[*key] = s
	if place != nil {
		s.adopt(place)
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
func (t *Tracker) touch(l *legMedia, at int64) {
	l.last = max(l.last, at)
	if !l.active {
		l.active = true
		t.active = append(t.active, l)
	}
}

// flow puts a stream into the list of those with packets that its leg has not
// been told of.
func (t *Tracker) flow(s *stream) {
	s.flowing, s.flowAt = true, len(t.flowing)
	t.flowing = append(t.flowing, s)
}

// still tells the leg of a flowing stream's latest packet.
func (t *Tracker) still(s *stream) {
	last := t.flowing[len(t.flowing)-1]
	t.flowing[s.flowAt], last.flowAt = last, s.flowAt
	t.flowing = t.flowing[:len(t.flowing)-1]
	s.flowing = false
	t.touch(s.leg, s.last)
}

// Activity is the latest packet of a leg.
type Activity struct {
	Leg  call.LegID
	Last time.Time
}

// Activity appends the legs that had media since the last call.
func (t *Tracker) Activity(dst []Activity) []Activity {
	for len(t.flowing) > 0 {
		t.still(t.flowing[len(t.flowing)-1])
	}
	for i, l := range t.active {
		l.active = false
		dst = append(dst, Activity{l.id, stamp(l.last)})
		t.active[i] = nil
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

// below is the port of RTP under that of its RTCP (RFC 3550 §11).
func below(a netip.AddrPort) netip.AddrPort { return netip.AddrPortFrom(a.Addr(), a.Port()-1) }
