package rtp

import "encoding/binary"

// Event is the payload of a telephone-event packet (RFC 4733 §2.3).
type Event struct {
	Code     uint8
	End      bool
	Volume   uint8  // -dBm0
	Duration uint16 // in units of the stream's clock
}

// DecodeEvent reads a telephone-event payload; false when it is too short.
func DecodeEvent(b []byte, e *Event) bool {
	if len(b) < 4 {
		return false
	}
	*e = Event{Code: b[0], End: b[1]&0x80 != 0, Volume: b[1] & 0x3f, Duration: binary.BigEndian.Uint16(b[2:])}
	return true
}
