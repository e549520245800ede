// Package rtp decodes RTP and RTCP headers (RFC 3550, RFC 3611) and
// telephone-events (RFC 4733), and tells media apart from what shares its ports
// (RFC 7983). It allocates nothing and keeps nothing.
package rtp

import "encoding/binary"

// Header is what the sensor reads of an RTP packet (RFC 3550 §5.1).
type Header struct {
	PayloadOffset int
	PayloadLength int // padding removed, where it fits
	Timestamp     uint32
	SSRC          uint32
	Sequence      uint16
	PayloadType   uint8
	Marker        bool
}

const fixedHeader = 12 // bytes, RFC 3550 §5.1

// plain is the first byte of nearly all RTP packets: version 2, no padding, no
// extension, no CSRC.
const plain = 0x80

// Decode reads an RTP header; false when b is none. Padding longer than the
// payload is left in: the last byte of an SRTP packet is its authentication
// tag's and that of a cut packet is anything, but the header is good.
func Decode(b []byte, h *Header) bool {
	if len(b) < fixedHeader {
		return false
	}
	offset, length := fixedHeader, len(b)-fixedHeader
	if b[0] != plain {
		if offset, length = unwrap(b); offset == 0 {
			return false
		}
	}
	h.PayloadOffset, h.PayloadLength = offset, length
	h.Marker, h.PayloadType = b[1]&0x80 != 0, b[1]&0x7f
	h.Sequence, h.Timestamp, h.SSRC = binary.BigEndian.Uint16(b[2:]), binary.BigEndian.Uint32(b[4:]), SSRC(b)
	return true
}

// SSRC reads the source of a packet that is at least a fixed header long.
func SSRC(b []byte) uint32 { return binary.BigEndian.Uint32(b[8:12]) }

// unwrap finds where the payload of a packet lies that has padding, an
// extension, CSRCs or another version; an offset of 0 says that it has none.
func unwrap(b []byte) (offset, length int) {
	if b[0]>>6 != 2 {
		return 0, 0
	}
	offset = fixedHeader + 4*int(b[0]&15)
	if b[0]&0x10 != 0 {
		if len(b) < offset+4 {
			return 0, 0
		}
		offset += 4 + 4*int(binary.BigEndian.Uint16(b[offset+2:]))
	}
	if offset > len(b) {
		return 0, 0
	}
	length = len(b) - offset
	if b[0]&0x20 != 0 {
		if padding := int(b[len(b)-1]); padding <= length {
			length -= padding
		}
	}
	return offset, length
}
