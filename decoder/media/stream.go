package media

import (
	"strings"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/decoder/frame"
	"tollwatch/decoder/rtp"
)

// streamKey names a stream: both endpoints and the SSRC.
type streamKey struct {
	src, dst addrKey
	ssrc     uint32
}

// stream is one stream in the table.
type stream struct {
	Counters
	key        streamKey
	packet     streamEnds
	place      *place    // the endpoint that announced it; nil: nobody did
	leg        *legMedia // nil likewise
	callID     string
	codec      Codec // of the first media packet
	payload    uint8 // its payload type
	hasCodec   bool
	audio      bool
	encrypted  bool
	events     int    // telephone-events
	eventTime  uint32 // RTP time stamp of the latest: it names the event (RFC 4733 §2.5.1.1)
	hasEvent   bool
	first      time.Time
	last       time.Time
	prev, next *stream // in the order of their beginning, announced and not apart
}

// observe counts a packet.
func (s *stream) observe(p *frame.Packet, h *rtp.Header, now time.Time) {
	if now.After(s.last) {
		s.last = now
	}
	c := s.codec
	if !s.hasCodec || h.PayloadType != s.payload {
		c = s.place.codec(h.PayloadType)
		s.learn(c)
	}
	voice := !noVoice(c.Name)
	if !voice || s.looksLikeEvent(c, h) {
		voice = false
		s.observeEvent(p, h, c)
	}
	s.ObservePacket(h.Sequence, h.Timestamp, h.PayloadLength, c.ClockRate, voice, now)
}

// learn keeps the codec of the first media packet; digits and comfort noise
// stand in for it until it comes.
func (s *stream) learn(c Codec) {
	if s.hasCodec || noVoice(c.Name) && s.Packets > 0 {
		return
	}
	s.codec, s.payload, s.hasCodec = c, c.PayloadType, !noVoice(c.Name)
}

// looksLikeEvent recognises digits on a stream that nobody announced: a
// dynamic payload type of four bytes (RFC 4733 §2.3).
func (s *stream) looksLikeEvent(c Codec, h *rtp.Header) bool {
	return s.place == nil && c.Name == "" && h.PayloadType >= 96 && h.PayloadLength == 4
}

func (s *stream) observeEvent(p *frame.Packet, h *rtp.Header, c Codec) {
	if strings.EqualFold(c.Name, "CN") {
		return
	}
	var e rtp.Event
	if !rtp.DecodeEvent(p.Payload[h.PayloadOffset:h.PayloadOffset+h.PayloadLength], &e) || e.Code > 15 {
		return
	}
	if !s.hasEvent || s.eventTime != h.Timestamp {
		s.hasEvent, s.eventTime = true, h.Timestamp
		s.events++
	}
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
		Src: s.packet.src, Dst: s.packet.dst, SSRC: s.key.ssrc, PayloadType: s.codec.PayloadType, Codec: s.codec.Name,
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
