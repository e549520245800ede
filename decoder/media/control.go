package media

import (
	"net/netip"

	"tollwatch/decoder/frame"
	"tollwatch/decoder/rtp"
)

// control takes RTCP. It keeps a leg alive: on hold it may be all that comes. It
// runs on the port of RTP (RFC 5761), on the one above (RFC 3550 §11) or where
// SDP says (RFC 3605). A BYE ends a stream soon, if it falls silent; what reports
// say is kept beside the stream, as said: anybody can send both.
func (t *Tracker) control(p *frame.Packet, at int64) {
	place := t.controlled(p)
	decode := rtp.DecodeControl
	if place != nil {
		t.touch(place.leg, at)
		if place.leg.encrypts(place) { // SRTCP hides all but the first header (RFC 3711 §3.4)
			decode = rtp.DecodeEncrypted
		}
	}
	c := &t.compound
	if !decode(p.Payload, c) {
		return
	}
	if c.ShortNTP != 0 {
		if r := t.reported(t.sent(p, place, c.Sender)); r != nil {
			r.senderReport, r.sentAt = c.ShortNTP, at
		}
	}
	for i := range c.Reports[:c.N] {
		if r := t.reported(t.heard(p, place, c.Reports[i].SSRC)); r != nil {
			r.observe(&c.Reports[i], at)
		}
	}
	for i := range c.Voice[:c.NVoice] {
		if r := t.reported(t.heard(p, place, c.Voice[i].SSRC)); r != nil {
			r.observeVoice(&c.Voice[i], at)
		}
	}
	for _, ssrc := range c.Gone[:c.NGone] {
		if s := t.sent(p, place, ssrc); s != nil {
			s.leaving = true
		}
	}
}

// controlled is the endpoint whose RTCP a packet is; nil when nobody announced
// it.
func (t *Tracker) controlled(p *frame.Packet) *place {
	for _, a := range [2]netip.AddrPort{p.Dst, p.Src} {
		if at := t.places[keyOf(a)]; at != nil {
			return at
		}
		if at := t.places[keyOf(below(a))]; at != nil {
			return at
		}
		if at := t.controls[keyOf(a)]; at != nil {
			return at
		}
	}
	return nil
}

// sent is the stream of an SSRC that the sender of an RTCP packet sends.
func (t *Tracker) sent(p *frame.Packet, at *place, ssrc uint32) *stream {
	return t.streamOf(p.Src, p.Dst, at, ssrc)
}

// heard is the stream of an SSRC that the sender of an RTCP packet receives.
func (t *Tracker) heard(p *frame.Packet, at *place, ssrc uint32) *stream {
	return t.streamOf(p.Dst, p.Src, at, ssrc)
}

// streamOf is the stream of an SSRC from one RTCP endpoint to another: on the
// same ports, on those below, else the leg's between the same addresses, of
// which behind NAT one may differ.
func (t *Tracker) streamOf(src, dst netip.AddrPort, at *place, ssrc uint32) *stream {
	if s := t.streams.find(&src, &dst, ssrc); s != nil {
		return s
	}
	lowSrc, lowDst := below(src), below(dst)
	if s := t.streams.find(&lowSrc, &lowDst, ssrc); s != nil || at == nil {
		return s
	}
	for _, s := range at.leg.streams {
		if s.ssrc == ssrc && !s.fax && (s.src.Addr() == src.Addr() || s.dst.Addr() == dst.Addr()) {
			return s
		}
	}
	return nil
}

// reported is where what RTCP says of a stream is kept.
func (t *Tracker) reported(s *stream) *report {
	if s == nil {
		return nil
	}
	if s.report == nil {
		s.report = &report{}
	}
	return s.report
}

// below is the port of RTP under that of its RTCP (RFC 3550 §11).
func below(a netip.AddrPort) netip.AddrPort { return netip.AddrPortFrom(a.Addr(), a.Port()-1) }
