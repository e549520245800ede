package media

import (
	"tollwatch/decoder/frame"
	"tollwatch/decoder/rtp"
)

// faxed takes a packet to an endpoint that announced fax (ITU-T T.38); false when
// it is none. The fax of one way is a stream whose numbers are UDPTL's; it ends
// the voice that went the same way.
//
// UDPTL begins with any two bytes. A packet that may be something else must
// follow the one before.
func (t *Tracker) faxed(p *frame.Packet, at *place, kind rtp.Kind, now int64) bool {
	if !rtp.IsUDPTL(p.Payload) {
		return false
	}
	number := rtp.UDPTLSequence(p.Payload)
	key := streamKey{src: p.Src, dst: p.Dst, fax: true}
	s := t.streams.get(&key)
	if s == nil && kind != rtp.Unknown {
		follows := at.hunch && at.next == number
		at.hunch, at.next = true, number+1
		if !follows {
			return kind == rtp.Media
		}
	}
	if s == nil {
		if s = t.beginFax(&key, at, now); s == nil {
			return true
		}
	}
	if step := int16(number - uint16(s.highest)); kind != rtp.Unknown && s.Packets > 0 && (step < -faxStep || step > faxStep) {
		return false
	}
	s.ObservePacket(number, 0, len(p.Payload), false, now)
	s.last = max(s.last, now)
	if !s.flowing {
		t.flow(s)
	}
	return true
}

// faxStep is how far from the packet before one may be that looks like something
// else: 2 seconds at a packet each 30 ms.
const faxStep = 64

// beginFax begins the fax of one way, and takes leave of its voice.
func (t *Tracker) beginFax(key *streamKey, at *place, now int64) *stream {
	if !t.makeRoom(key, at, now) {
		return nil
	}
	for _, voice := range at.leg.streams {
		if voice.src == key.src && voice.dst == key.dst && !voice.fax {
			voice.switched, voice.leaving = true, true
		}
	}
	s := &stream{streamKey: *key, first: now, last: now, codec: &fax, hasCodec: true, use: medium, known: true}
	t.begin(s, at)
	s.codec, s.known, s.encrypted = &fax, true, false
	return s
}
