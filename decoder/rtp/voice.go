package rtp

import "encoding/binary"

// Unavailable is what the octets of Voice say of a figure that the reporter
// does not have (RFC 3611 §4.7.5).
const Unavailable = 127

// Voice is a VoIP metrics block (RFC 3611 §4.7): how SSRC is heard, by the
// receiver's own reckoning.
type Voice struct {
	SSRC                      uint32
	Loss, Discard             uint8 // of 256: lost in the network, thrown away by the jitter buffer
	BurstDensity, GapDensity  uint8 // of 256
	BurstLength, GapLength    uint16
	RoundTrip, EndSystemDelay uint16 // ms; 0 when not known
	R                         uint8  // 0 to 100, or Unavailable
	MOSLQ, MOSCQ              uint8  // tenths, 10 to 50, or Unavailable
}

// Blocks of an extended report (RFC 3611 §3): type, type-specific, length in
// words less one.
const (
	voiceBlock  = 7
	voiceLength = 36
)

// extended reads the VoIP metrics of an extended report and steps over all
// other blocks.
func (c *Compound) extended(b []byte) {
	if len(b) < 8 {
		return
	}
	for b = b[8:]; len(b) >= 4; {
		length := packetLength(b) // a block counts its length as a packet does
		if length > len(b) {
			return
		}
		if b[0] == voiceBlock && length == voiceLength && c.NVoice < MaxSources {
			c.Voice[c.NVoice] = voice(b)
			c.NVoice++
		}
		b = b[length:]
	}
}

func voice(b []byte) Voice {
	return Voice{
		SSRC: binary.BigEndian.Uint32(b[4:]), Loss: b[8], Discard: b[9], BurstDensity: b[10], GapDensity: b[11],
		BurstLength: binary.BigEndian.Uint16(b[12:]), GapLength: binary.BigEndian.Uint16(b[14:]),
		RoundTrip: binary.BigEndian.Uint16(b[16:]), EndSystemDelay: binary.BigEndian.Uint16(b[18:]),
		R: b[24], MOSLQ: b[26], MOSCQ: b[27],
	}
}
