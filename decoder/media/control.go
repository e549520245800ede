package media

import (
	"tollwatch/decoder/frame"
	"tollwatch/decoder/rtp"
)

// control lets RTCP keep a leg alive: on hold it may be all that comes. It runs
// on the port of RTP (RFC 5761) or on the one above (RFC 3550 §11). A BYE ends a
// stream soon, if it falls silent: anybody can send one.
func (t *Tracker) control(p *frame.Packet, at int64) {
	src, dst := p.Src, p.Dst
	place := t.placeOf(keyOf(src), keyOf(dst))
	if place == nil {
		place = t.placeOf(keyOf(below(src)), keyOf(below(dst)))
	}
	if place != nil {
		t.touch(place.leg, at)
		if place.encrypted { // SRTCP hides all but the first header (RFC 3711 §3.4)
			return
		}
	}
	rtp.DecodeControl(p.Payload, &t.compound)
	for _, ssrc := range t.compound.Gone[:t.compound.NGone] {
		if !t.goodbye(streamKey{keyOf(src), keyOf(dst), ssrc}) {
			t.goodbye(streamKey{keyOf(below(src)), keyOf(below(dst)), ssrc})
		}
	}
}

func (t *Tracker) goodbye(key streamKey) bool {
	s := t.streams[key]
	if s != nil {
		s.goodbye = true
	}
	return s != nil
}
