package rtp

import "encoding/binary"

// Kind is what a datagram on a media port is, by its first bytes (RFC 7983 §7).
type Kind uint8

// Unknown is none of the others.
const (
	Unknown Kind = iota + 1
	Media
	Control // RTCP
	STUN
	DTLS
	ZRTP
	Channel // TURN channel data: a relay's wrapping, whatever is inside
)

// KindOf looks at the first bytes only; Decode and DecodeControl look closer.
func KindOf(b []byte) Kind {
	switch {
	case len(b) < 4:
		return Unknown
	case b[0]>>6 == 2:
		if IsControl(b) {
			return Control
		}
		return Media
	case b[0] < 4 && isSTUN(b):
		return STUN
	case b[0] >= 16 && b[0] < 20 && isZRTP(b):
		return ZRTP
	case MayBeDTLS(b) && isDTLS(b):
		return DTLS
	case b[0] >= 64 && b[0] < 80 && isChannel(b):
		return Channel
	}
	return Unknown
}

// isSTUN: header of 20 bytes, magic cookie, length in words (RFC 8489 §5).
func isSTUN(b []byte) bool {
	const cookie = 0x2112A442
	return len(b) >= 20 && binary.BigEndian.Uint32(b[4:]) == cookie && b[3]&3 == 0
}

// isZRTP: the magic cookie "ZRTP" where RTP has its time stamp (RFC 6189 §5).
func isZRTP(b []byte) bool {
	const cookie = 0x5a525450
	return len(b) >= 12 && binary.BigEndian.Uint32(b[4:]) == cookie
}

// isDTLS: record header of 13 bytes, version 1.x complemented (RFC 9147 §4).
func isDTLS(b []byte) bool {
	return len(b) >= 13 && b[1] == 0xfe && (b[2] == 0xff || b[2] == 0xfd)
}

// MayBeDTLS looks at the first byte alone. The records of DTLS 1.3 show no more
// (RFC 9147 §4): it means something only where SDP announced a fingerprint.
func MayBeDTLS(b []byte) bool { return len(b) > 0 && b[0] >= 20 && b[0] < 64 }

// isChannel: a channel number and a length that fits, padded to whole words or
// not (RFC 8656 §12.4).
func isChannel(b []byte) bool {
	rest := len(b) - 4 - int(binary.BigEndian.Uint16(b[2:]))
	return rest >= 0 && rest < 4
}

// IsControl says that a datagram is RTCP: version 2 and a packet type of
// 192 to 223 (RFC 5761 §4). The types in use, 200 to 207, are believed even when
// the length says that the packet was cut; as RTP they would be payload types
// 72 to 79, which nobody sends. The others must fit.
func IsControl(b []byte) bool {
	if len(b) < 8 || b[0]>>6 != 2 || b[1] < 192 || b[1] > 223 {
		return false
	}
	return b[1] >= SenderReport && b[1] <= ExtendedReport || packetLength(b) <= len(b)
}

// IsUDPTL says that a datagram may be fax over UDPTL (ITU-T T.38 §9.1.1): a
// sequence number, then a packet of the length that its first byte or two say.
// Much else passes: it means something only where SDP announced a fax.
func IsUDPTL(b []byte) bool {
	if len(b) < 4 {
		return false
	}
	length, at := int(b[2]), 3
	if length >= 0x80 { // two bytes, the upper two bits 10 (ITU-T X.691 §10.9.3.6)
		length, at = int(b[2]&0x3f)<<8|int(b[3]), 4
	}
	return length > 0 && at+length <= len(b)
}

// UDPTLSequence reads the sequence number of a UDPTL packet.
func UDPTLSequence(b []byte) uint16 { return binary.BigEndian.Uint16(b) }
