package media

import (
	"net/netip"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/decoder/frame"
	"tollwatch/decoder/rtp"
)

// lastDigit is the highest code of DTMF: 0 to 9, *, #, A to D (RFC 4733 §3.2).
const lastDigit = 15

// streamKey names a stream: both endpoints and the SSRC.
type streamKey struct {
	src, dst addrKey
	ssrc     uint32
}

// stream is one stream in the table. What every packet touches comes first.
type stream struct {
	src, dst netip.AddrPort
	ssrc     uint32
	current  uint8 // payload type of the packet before
	use      use   // what it means
	known    bool  // use and tick are those of current
	flowing  bool  // in the tracker's list of those with new packets
	tick     float64
	last     int64     // ns since 1970, as all times here
	leg      *legMedia // nil: nobody announced it
	Counters

	place      *place // the endpoint that announced it; nil likewise
	callID     string
	codec      Codec // of the first media packet
	hasCodec   bool
	audio      bool
	encrypted  bool
	hasEvent   bool
	goodbye    bool // RTCP said so
	events     uint32
	eventTime  uint32 // RTP time stamp of the latest: it names the event (RFC 4733 §2.2.1)
	checked    uint64 // announcements when it was last looked for an endpoint
	first      int64
	flowAt     int     // its place in the list of flowing
	prev, next *stream // in their list: announced or not
}

func (s *stream) key() streamKey { return streamKey{keyOf(s.src), keyOf(s.dst), s.ssrc} }

// is says that s is the stream of a packet.
func (s *stream) is(p *frame.Packet, ssrc uint32) bool {
	return s.ssrc == ssrc && s.src == p.Src && s.dst == p.Dst
}

// observe counts a packet.
func (s *stream) observe(p *frame.Packet, h *rtp.Header, at int64) {
	s.last = max(s.last, at)
	if h.PayloadType != s.current || !s.known {
		s.turn(h.PayloadType)
	}
	tick := s.tick
	if s.use != medium {
		s.observeOther(p, h)
		tick = 0
	}
	s.ObservePacket(h.Sequence, h.Timestamp, h.PayloadLength, tick, at)
}

// turn looks up what a payload type means. The stream has the codec of its
// first media packet; digits and comfort noise stand in until that comes.
func (s *stream) turn(pt uint8) {
	c := s.place.codec(pt)
	s.current, s.use, s.tick, s.known = pt, c.use(), c.tick(), true
	if s.use == unknown && (s.place != nil || pt < 96) {
		s.use = medium
	}
	if !s.hasCodec && (s.use == medium || s.Packets == 0) {
		s.codec, s.hasCodec = c, s.use == medium
	}
}

// observeOther takes a packet that is not surely voice. On a stream that nobody
// announced, four bytes of a dynamic payload type are a digit (RFC 4733 §2.3).
func (s *stream) observeOther(p *frame.Packet, h *rtp.Header) {
	switch {
	case s.use == digits, s.use == unknown && h.PayloadLength == 4:
		s.observeEvent(p.Payload[h.PayloadOffset:h.PayloadOffset+h.PayloadLength], h.Timestamp)
	case s.use == unknown && !s.hasCodec:
		s.codec, s.hasCodec = Codec{PayloadType: h.PayloadType}, true
	}
}

// observeEvent counts a digit at its first packet. Those that follow repeat its
// time stamp; one of an earlier digit, up to five seconds back, comes late.
// Of an encrypted digit the time stamp can be read, the code cannot.
func (s *stream) observeEvent(payload []byte, timestamp uint32) {
	var e rtp.Event
	if !s.encrypted && (!rtp.DecodeEvent(payload, &e) || e.Code > lastDigit) {
		return
	}
	const late = 5e9
	tick := s.tick
	if tick == 0 {
		tick = 1e9 / 8000
	}
	back := int32(s.eventTime - timestamp)
	if s.hasEvent && back >= 0 && float64(back)*tick < late {
		return
	}
	s.hasEvent, s.eventTime = true, timestamp
	s.events++
}

// adopt gives the stream to the leg of an endpoint.
func (s *stream) adopt(p *place) {
	s.place, s.leg, s.callID = p, p.leg, p.callID
	s.audio, s.encrypted, s.known = p.audio, p.encrypted, false
	s.leg.streams = append(s.leg.streams, s)
	if s.hasCodec {
		s.codec = p.codec(s.codec.PayloadType)
	}
}

// snapshot is the stream as the vocabulary has it. lossy says that the sensor
// itself may have lost packets of it.
func (s *stream) snapshot(lossy bool) *call.Stream {
	out := &call.Stream{
		Src: s.src, Dst: s.dst, SSRC: s.ssrc, PayloadType: s.codec.PayloadType, Codec: s.codec.Name,
		ClockRate: s.codec.ClockRate, Packets: s.Packets, Bytes: s.Bytes, Lost: s.Lost(), Duplicates: s.Duplicates,
		Reordered: s.Reordered, JitterMean: time.Duration(s.JitterMean()), JitterMax: time.Duration(s.JitterMax),
		Start: stamp(s.first), End: stamp(s.last), MeasuredAt: call.Between, Encrypted: s.encrypted,
		DTMFEvents: int(s.events), CallID: s.callID,
	}
	if s.leg != nil {
		out.Call, out.Leg = s.leg.call, s.leg.id
	}
	if lossy {
		out.MOSWithheld = "the sensor lost frames"
		return out
	}
	r := rate(s.codec.Name, s.audio || s.place == nil, &s.Counters)
	out.RFactor, out.MOS, out.MOSWithheld = r.R, r.MOS, r.withheld
	return out
}

// stamp is a time in ns since 1970 as others read it.
func stamp(ns int64) time.Time { return time.Unix(0, ns).UTC() }
