package rtp

import "encoding/binary"

// RTCP packet types (RFC 3550 §12.1).
const (
	SenderReport   = 200
	ReceiverReport = 201
	Description    = 202
	Goodbye        = 203
	extendedReport = 207 // RFC 3611, the highest in use
)

// MaxSources bounds the sources that one BYE names and the reports that one
// compound gives.
const MaxSources = 8

// Report is one report block (RFC 3550 §6.4.1): how SSRC is heard.
type Report struct {
	SSRC         uint32
	FractionLost uint8 // of 256
	Lost         int32 // cumulative, may be negative
	Highest      uint32
	Jitter       uint32 // in units of the stream's clock
}

// Compound is what was read of an RTCP packet. A cut compound gives its
// readable part: whole report blocks, whole SSRCs.
type Compound struct {
	Sender  uint32 // SSRC of the first packet
	Reports [MaxSources]Report
	N       int
	Gone    [MaxSources]uint32 // SSRCs that a BYE names
	NGone   int
	Packets int // RTCP packets read, the cut one too
	Cut     bool
}

// DecodeControl reads a compound; false when not even its first packet is
// RTCP.
func DecodeControl(b []byte, c *Compound) bool {
	*c = Compound{}
	for len(b) >= 4 && b[0]>>6 == 2 && b[1] >= 192 && b[1] <= 223 {
		length := 4 * (int(binary.BigEndian.Uint16(b[2:])) + 1)
		if length > len(b) {
			c.packet(b)
			break
		}
		c.packet(b[:length])
		b = b[length:]
	}
	c.Cut = len(b) > 0
	return c.Packets > 0
}

func (c *Compound) packet(b []byte) {
	count := int(b[0] & 31)
	if c.Packets == 0 && len(b) >= 8 {
		c.Sender = binary.BigEndian.Uint32(b[4:])
	}
	c.Packets++
	switch b[1] {
	case SenderReport:
		c.reports(b, 28, count)
	case ReceiverReport:
		c.reports(b, 8, count)
	case Goodbye:
		for i := 0; i < count && 8+4*i <= len(b) && c.NGone < MaxSources; i++ {
			c.Gone[c.NGone] = binary.BigEndian.Uint32(b[4+4*i:])
			c.NGone++
		}
	}
}

// reports reads the blocks that begin at offset, 24 bytes each.
func (c *Compound) reports(b []byte, offset, count int) {
	for ; count > 0 && offset+24 <= len(b) && c.N < MaxSources; count-- {
		r := b[offset:]
		c.Reports[c.N] = Report{
			SSRC: binary.BigEndian.Uint32(r), FractionLost: r[4],
			Lost:    int32(binary.BigEndian.Uint32(r[4:])<<8) >> 8,
			Highest: binary.BigEndian.Uint32(r[8:]), Jitter: binary.BigEndian.Uint32(r[12:]),
		}
		c.N++
		offset += 24
	}
}
