// Package rtp decodes RTP and RTCP headers (RFC 3550) and telephone-events
// (RFC 4733), and tells media apart from what shares its ports (RFC 7983).
// It allocates nothing and keeps nothing.
package rtp

import "encoding/binary"

// Header is what the sensor reads of an RTP packet (RFC 3550 §5.1).
type Header struct {
	Marker        bool
	PayloadType   uint8
	Sequence      uint16
	Timestamp     uint32
	SSRC          uint32
	PayloadOffset int
	PayloadLength int // padding removed, where it fits
}

const fixedHeader = 12 // bytes, RFC 3550 §5.1

// Decode reads an RTP header; false when b is none. Padding longer than the
// payload is left in: the last byte of an SRTP packet is its authentication
// tag's and that of a cut packet is anything, but the header is good.
func Decode(b []byte, h *Header) bool {
	if len(b) < fixedHeader || b[0]>>6 != 2 {
		return false
	}
	offset := fixedHeader + 4*int(b[0]&15)
	if b[0]&0x10 != 0 {
		if len(b) < offset+4 {
			return false
		}
		offset += 4 + 4*int(binary.BigEndian.Uint16(b[offset+2:]))
	}
	if offset > len(b) {
		return false
	}
	length := len(b) - offset
	if b[0]&0x20 != 0 {
		if padding := int(b[len(b)-1]); padding <= length {
			length -= padding
		}
	}
	*h = Header{
		Marker: b[1]&0x80 != 0, PayloadType: b[1] & 0x7f, Sequence: binary.BigEndian.Uint16(b[2:]),
		Timestamp: binary.BigEndian.Uint32(b[4:]), SSRC: binary.BigEndian.Uint32(b[8:]),
		PayloadOffset: offset, PayloadLength: length,
	}
	return true
}
