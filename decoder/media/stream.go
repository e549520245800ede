package media

import (
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

// stream is one stream in the table.
type stream struct {
	Counters
	key        streamKey
	place      *place    // the endpoint that announced it; nil: nobody did
	leg        *legMedia // nil likewise
	callID     string
	codec      Codec // of the first media packet
	payload    uint8 // its payload type
	hasCodec   bool
	checked    uint64 // announcements when it was last looked for an endpoint
	audio      bool
	encrypted  bool
	events     int    // telephone-events
	eventTime  uint32 // RTP time stamp of the latest: it names the event (RFC 4733 §2.2.1)
	hasEvent   bool
	first      time.Time
	last       time.Time
	prev, next *stream // in their list: announced or not
}

// observe counts a packet.
func (s *stream) observe(p *frame.Packet, h *rtp.Header, now time.Time) {
	if now.After(s.last) {
		s.last = now
	}
	c := s.place.codec(h.PayloadType)
	u := c.use()
	if s.looksLikeEvent(c, h) {
		u = digits
	}
	if !s.hasCodec && (u == medium || s.Packets == 0) {
		// Digits and comfort noise stand in for the medium until it comes.
		s.codec, s.payload, s.hasCodec = c, h.PayloadType, u == medium
	}
	if u == digits {
		s.observeEvent(p, h, c.ClockRate)
	}
	s.ObservePacket(h.Sequence, h.Timestamp, h.PayloadLength, c.ClockRate, u == medium, now)
}

// looksLikeEvent recognises digits on a stream that nobody announced: a
// dynamic payload type of four bytes (RFC 4733 §2.3).
func (s *stream) looksLikeEvent(c Codec, h *rtp.Header) bool {
	return s.place == nil && c.Name == "" && h.PayloadType >= 96 && h.PayloadLength == 4
}

// observeEvent counts a digit at its first packet. Those that follow repeat its
// time stamp; one of an earlier digit, up to five seconds back, comes late.
// Of an encrypted digit the time stamp can be read, the code cannot.
func (s *stream) observeEvent(p *frame.Packet, h *rtp.Header, clockRate int) {
	var e rtp.Event
	if !s.encrypted && (!rtp.DecodeEvent(p.Payload[h.PayloadOffset:h.PayloadOffset+h.PayloadLength], &e) || e.Code > lastDigit) {
		return
	}
	back := int32(s.eventTime - h.Timestamp)
	if clockRate == 0 {
		clockRate = 8000
	}
	if s.hasEvent && back >= 0 && int(back) < 5*clockRate {
		return
	}
	s.hasEvent, s.eventTime = true, h.Timestamp
	s.events++
}

// adopt gives the stream to the leg of an endpoint.
func (s *stream) adopt(p *place) {
	s.place, s.leg, s.callID = p, p.leg, p.CallID
	s.audio, s.encrypted = p.Audio, p.Encrypted
	s.leg.streams++
	if s.hasCodec {
		s.codec = p.codec(s.payload)
	}
}

// snapshot is the stream as the vocabulary has it.
func (s *stream) snapshot() *call.Stream {
	out := &call.Stream{
		Src: s.key.src.addrPort(), Dst: s.key.dst.addrPort(), SSRC: s.key.ssrc, PayloadType: s.codec.PayloadType, Codec: s.codec.Name,
		ClockRate: s.codec.ClockRate, Packets: s.Packets, Bytes: s.Bytes, Lost: s.Lost(), Duplicates: s.Duplicates,
		Reordered: s.Reordered, JitterMean: time.Duration(s.JitterMean()), JitterMax: time.Duration(s.JitterMax),
		Start: s.first, End: s.last, MeasuredAt: call.Between, Encrypted: s.encrypted, DTMFEvents: s.events, CallID: s.callID,
	}
	if s.leg != nil {
		out.Call, out.Leg = s.leg.call, s.leg.id
	}
	r := rate(s.codec.Name, s.audio || s.place == nil, &s.Counters)
	out.RFactor, out.MOS, out.MOSWithheld = r.R, r.MOS, r.withheld
	return out
}
