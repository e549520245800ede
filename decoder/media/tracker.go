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

	places   map[addrKey]*place
	controls map[addrKey]*place // by RTCP endpoints that are not where one would look
	oldest   placeList
	legs     map[call.LegID]*legMedia
	codecs   codecLists
	streams  streamTable
	// Streams that somebody announced, and loose ones, which give way first.
	announced, loose streamList
	announcements    uint32 // made so far: a loose stream looks again when it grew
	candidates       candidates

	released []release   // legs that ended, in the order of their end
	flowing  []*stream   // announced ones with packets since Activity was asked for
	active   []*legMedia // legs with other signs of life since then
	swept    time.Time
	lostAt   int64 // when the sensor lost frames last, ns since 1970

	header   rtp.Header
	compound rtp.Compound
	events   []call.Event

	counted bool     // RTP is counted elsewhere too
	notices []Notice // for who does
	sources map[netip.Addr]*source
	ended   []StreamKey
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
		cfg: cfg, places: map[addrKey]*place{}, controls: map[addrKey]*place{}, legs: map[call.LegID]*legMedia{},
		streams: newStreamTable(cfg.Seed), sources: map[netip.Addr]*source{}, candidates: newCandidates(cfg.MaxCandidates),
	}
}

// SensorLost tells that frames went missing before the decoder, the last of
// them at a time: the loss of a stream that began before is not the network's
// alone, and its MOS is withheld.
func (t *Tracker) SensorLost(at time.Time) { t.lostAt = max(t.lostAt, at.UnixNano()) }

// Observe takes a UDP packet that is no SIP and says what it was. The events
// are valid until the next call of Observe, Advance or Flush.
func (t *Tracker) Observe(p *frame.Packet, now time.Time) (Kind, []call.Event) {
	if b := p.Payload; len(b) >= 12 && b[0]>>6 == 2 && (b[1] < 192 || b[1] > 223) { // RTP, if anything
		if s := t.streams.find(&p.Src, &p.Dst, rtp.SSRC(b)); s != nil && rtp.Decode(b, &t.header) {
			at := now.UnixNano()
			t.count(s, p, at)
			if s.place == nil && s.Packets == heardPackets {
				return RTP, t.hear(s, now)
			}
			return RTP, nil
		}
	}
	t.events = t.events[:0]
	return t.classify(p, now.UnixNano()), t.events
}

// heardPackets is how long a stream that nobody announced must last until it is
// told of: a second of speech. A flood pays as many packets for each event.
const heardPackets = 50

// hear tells of a stream that nobody announced.
func (t *Tracker) hear(s *stream, now time.Time) []call.Event {
	t.events = append(t.events[:0], call.Event{Kind: call.EventStreamHeard, Time: now, Stream: s.snapshot(false)})
	return t.events
}

// count takes an RTP packet to its stream.
func (t *Tracker) count(s *stream, p *frame.Packet, at int64) {
	if s.place == nil && s.checked != t.announcements {
		t.adopt(s)
	}
	s.observe(p, &t.header, at)
	if !s.flowing && s.place != nil {
		t.flow(s)
	}
}

// classify takes what is not surely a packet of a known stream.
func (t *Tracker) classify(p *frame.Packet, at int64) Kind {
	kind := rtp.KindOf(p.Payload)
	switch kind {
	case rtp.STUN:
		return STUN
	case rtp.DTLS:
		return DTLS
	case rtp.ZRTP:
		return ZRTP
	case rtp.Channel:
		return TURN
	}
	place := t.placeOf(keyOf(p.Src), keyOf(p.Dst))
	if kind == rtp.Media && rtp.Decode(p.Payload, &t.header) {
		s, tried := t.meet(p, place, at)
		if s != nil {
			t.count(s, p, at)
			return RTP
		}
		if tried {
			return NotMedia
		}
	}
	switch {
	case place != nil && place.t38 && t.faxed(p, place, kind, at):
		return T38
	case place != nil && place.encrypted && rtp.MayBeDTLS(p.Payload):
		return DTLS
	case kind == rtp.Control:
		t.control(p, at)
		return RTCP
	}
	return NotMedia
}

// freely is how many streams of one endpoint are believed at once; from there on
// an SSRC must prove itself as what nobody announced must: who sends an SSRC a
// packet makes no streams.
const freely = 4

// meet finds the stream of a packet, or begins it: at once where somebody
// announced it, else when it has proved itself as a candidate. What the candidate
// counted is kept. Where fax is announced RTP must prove itself too: UDPTL begins
// with any two bytes. tried says that it is about to.
func (t *Tracker) meet(p *frame.Packet, at *place, now int64) (s *stream, tried bool) {
	if s := t.streams.find(&p.Src, &p.Dst, t.header.SSRC); s != nil {
		return s, false
	}
	key := streamKey{src: p.Src, dst: p.Dst, ssrc: t.header.SSRC}
	c, proved := t.candidates.observe(p, &t.header, &key, at != nil && !at.t38 && at.streams < freely, now)
	if !proved || !t.makeRoom(&key, at, now) {
		return nil, c != nil && c.inRow > 0
	}
	s = &stream{streamKey: key, first: now, last: now}
	if c != nil {
		*s = c.stream
		t.candidates.forget(c)
	}
	t.begin(s, at)
	return s, false
}

// begin puts a stream into the tables. One of its endpoints' SSRCs before has
// ended, if it falls silent.
func (t *Tracker) begin(s *stream, at *place) {
	t.streams.insert(s)
	if at == nil {
		s.checked = t.announcements
		t.loose.push(s)
		return
	}
	for _, other := range at.leg.streams {
		if other.src == s.src && other.dst == s.dst && other.fax == s.fax {
			other.leaving = true
		}
	}
	s.adopt(at)
	t.announced.push(s)
}

// placeOf is the endpoint of a flow: the one it goes to, else the one it comes
// from (symmetric RTP, RFC 4961).
func (t *Tracker) placeOf(src, dst addrKey) *place {
	if at := t.places[dst]; at != nil {
		return at
	}
	return t.places[src]
}

// Totals returns a copy.
func (t *Tracker) Totals() Totals {
	out := t.totals
	out.Endpoints, out.Streams, out.Loose = len(t.places), t.streams.n, t.loose.n
	out.Candidates, out.CandidatesEvicted = len(t.candidates.flows), t.candidates.evicted
	return out
}
