package media

import (
	"time"

	"tollwatch/decoder/call"
	"tollwatch/decoder/frame"
	"tollwatch/decoder/rtp"
)

// stream is one stream in the table: four cache lines, of which a packet in good
// order touches the first three.
type stream struct {
	streamKey
	current  uint8  // payload type of the packet before
	use      Use    // what it means
	known    bool   // use and tick are those of current
	flowing  bool   // in the tracker's list of those with new packets
	leaving  bool   // RTCP said goodbye, or another stream took its place: it ends soon
	switched bool   // to fax
	last     int64  // ns since 1970, as all times here
	place    *place // the endpoint that announced it; nil: nobody did
	Counters

	codec      *Codec  // of the first media packet, until then of any; nil before the first packet
	prev, next *stream // in their list: announced or not
	report     *report // what RTCP says of it; nil: nothing yet
	first      int64
	flowAt     int32  // its place in the list of flowing
	checked    uint32 // announcements when it was last looked for an endpoint
	eventTime  uint32 // RTP time stamp of the latest digit: it names the event (RFC 4733 §2.2.1)
	events     uint16
	changes    uint8 // of the codec
	spoken     uint8 // payload type of the media packet before
	bySource   bool  // the endpoint is where it comes from, not where it goes
	hasCodec   bool
	audio      bool // may be rated as speech
	mixed      bool // of codecs that are not alike
	hasEvent   bool
	encrypted  bool
}

// observe counts a packet.
func (s *stream) observe(p *frame.Packet, h *rtp.Header, at int64) {
	spurt := h.Marker
	if h.PayloadType != s.current || !s.known {
		spurt = spurt || s.use == noise
		s.turn(h.PayloadType)
	}
	timed := s.use == medium
	if !timed {
		s.observeOther(p, h)
	} else if spurt && s.Transit(h.Timestamp, at) >= silence {
		s.Pause()
	}
	s.ObservePacket(h.Sequence, h.Timestamp, h.PayloadLength, timed, at)
	s.last = max(s.last, at)
}

// silence is how far the first packet of a talkspurt (RFC 3551 §4.1) must be from
// where its time stamp puts it, in ns, for the distance to be a pause that the
// sender's time stamps left out.
const silence = 100e6

// turn looks up what a payload type means. The stream has the codec of its
// first media packet; digits and comfort noise stand in until that comes.
func (s *stream) turn(pt uint8) {
	c := s.place.codec(pt)
	s.current, s.use, s.known = pt, c.use(), true
	if s.use == unknown && (s.place != nil || pt < 96) {
		s.use = medium
	}
	if s.use != medium {
		if s.codec == nil {
			s.codec = c
		}
		return
	}
	s.SetTick(c.tick())
	if !s.hasCodec {
		s.codec, s.hasCodec, s.spoken = c, true, pt
	}
	if s.spoken != pt {
		s.changes += min(1, 255-s.changes)
		s.mixed = s.mixed || !c.alike(s.codec)
		s.spoken = pt
	}
}

// observeOther takes a packet that is not surely voice. On a stream that nobody
// announced, four bytes of a dynamic payload type are a digit (RFC 4733 §2.3).
func (s *stream) observeOther(p *frame.Packet, h *rtp.Header) {
	switch {
	case s.use == digits, s.use == unknown && h.PayloadLength == 4:
		s.observeEvent(p.Payload[h.PayloadOffset:h.PayloadOffset+h.PayloadLength], h.Timestamp)
	case s.use == unknown && !s.hasCodec:
		s.codec, s.hasCodec, s.spoken = &static[h.PayloadType&127], true, h.PayloadType
	}
}

// Codes of DTMF: 0 to 9, *, #, A to D (RFC 4733 §3.2).
const (
	star      = 10
	hash      = 11
	lastDigit = 15
)

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
	if s.hasEvent && back >= 0 && float64(back)*tick < late || s.events == 1<<16-1 {
		return
	}
	s.hasEvent, s.eventTime = true, timestamp
	s.events++
	if s.place != nil {
		s.place.leg.press(!s.encrypted && (e.Code == star || e.Code == hash))
	}
}

// adopt gives the stream to the leg of an endpoint.
func (s *stream) adopt(p *place) {
	s.place, s.bySource = p, p.key() != keyOf(s.dst)
	s.learn()
	p.streams++
	p.leg.streams = append(p.leg.streams, s)
	p.leg.digits += int(s.events)
	if s.hasCodec {
		s.codec = p.codec(s.codec.PayloadType)
	}
}

// learn takes over what is known of the stream's endpoint.
func (s *stream) learn() {
	s.known, s.audio, s.encrypted = false, s.place.audio, s.place.leg.encrypts(s.place)
}

// byCaller says which side of its leg sent the stream.
func (s *stream) byCaller() bool { return s.bySource == s.place.caller }

// snapshot is the stream as the vocabulary has it. lossy says that the sensor
// itself may have lost packets of it.
func (s *stream) snapshot(lossy bool) *call.Stream {
	out := &call.Stream{
		Src: s.src, Dst: s.dst, SSRC: s.ssrc, PayloadType: s.codec.PayloadType, Codec: s.codec.Name,
		ClockRate: s.codec.ClockRate, Packets: s.Packets, Bytes: s.Bytes, Lost: s.Lost(), Duplicates: s.Duplicates(),
		Reordered: s.Reordered(), JitterMean: time.Duration(s.JitterMean()), JitterMax: time.Duration(s.JitterMax),
		Start: stamp(s.first), End: stamp(s.last), MeasuredAt: call.Between, Encrypted: s.encrypted,
		DTMFEvents: int(s.events), CodecChanges: int(s.changes), SwitchedToFax: s.switched,
	}
	if s.place != nil {
		l := s.place.leg
		out.Call, out.Leg, out.CallID = l.call, l.id, l.callID
	}
	out.Reported = s.report.told(s.codec)
	r := s.rate(lossy)
	out.RFactor, out.MOS, out.MOSWithheld = r.R, r.MOS, r.withheld
	return out
}

// stamp is a time in ns since 1970 as others read it; 0 is none.
func stamp(ns int64) time.Time {
	if ns == 0 {
		return time.Time{}
	}
	return time.Unix(0, ns).UTC()
}
