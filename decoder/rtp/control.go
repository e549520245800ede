package rtp

import "encoding/binary"

// RTCP packet types (RFC 3550 §12.1, RFC 3611 §2).
const (
	SenderReport   = 200
	ReceiverReport = 201
	Description    = 202
	Goodbye        = 203
	Application    = 204
	ExtendedReport = 207
)

// MaxSources bounds the sources that one BYE names, the reports and the voice
// metrics that one compound gives.
const MaxSources = 8

// Report is one report block (RFC 3550 §6.4.1): how SSRC is heard.
type Report struct {
	SSRC         uint32
	FractionLost uint8 // of 256
	Lost         int32 // cumulative, may be negative
	Highest      uint32
	Jitter       uint32 // in units of the stream's clock
	LastSR       uint32 // the sender report that came last, by its ShortNTP; 0 when none did
	Delay        uint32 // since then, in 1/65536 s
}

// Compound is what was read of an RTCP packet. A cut compound gives its
// readable part: whole report blocks, whole SSRCs.
type Compound struct {
	Sender   uint32 // SSRC of the first packet
	ShortNTP uint32 // the middle 32 bits of the sender report's time; 0 when there is none
	Reports  [MaxSources]Report
	N        int
	Voice    [MaxSources]Voice // of extended reports
	NVoice   int
	Gone     [MaxSources]uint32 // SSRCs that a BYE names
	NGone    int
	CNAME    int // length of the first canonical name; 0 when there is none
	Packets  int // RTCP packets read, the cut one too
	Cut      bool
	// Encrypted: SRTCP, of which only the first header can be read (RFC 3711
	// §3.4). Nothing but Sender and Packets is set.
	Encrypted bool
}

// Reset forgets the compound before. The arrays keep what no count covers.
func (c *Compound) Reset() {
	c.Sender, c.ShortNTP, c.CNAME = 0, 0, 0
	c.N, c.NVoice, c.NGone, c.Packets = 0, 0, 0, 0
	c.Cut, c.Encrypted = false, false
}

// DecodeControl reads a compound; false when not even its first packet is
// RTCP.
func DecodeControl(b []byte, c *Compound) bool {
	c.Reset()
	rest := b
	for isPacket(rest) {
		length := packetLength(rest)
		if length > len(rest) {
			c.packet(rest)
			break
		}
		c.packet(rest[:length])
		rest = rest[length:]
	}
	if !isPacket(rest) && encrypted(b, rest) {
		sender := c.Sender
		c.Reset()
		c.Sender, c.Packets, c.Encrypted = sender, 1, true
		return true
	}
	c.Cut = len(rest) > 0
	return c.Packets > 0
}

// DecodeEncrypted reads no more than the first header: what SRTCP shows where
// SDP announced it.
func DecodeEncrypted(b []byte, c *Compound) bool {
	c.Reset()
	if !isPacket(b) || len(b) < 8 {
		return false
	}
	c.Sender, c.Packets, c.Encrypted = binary.BigEndian.Uint32(b[4:]), 1, true
	return true
}

func isPacket(b []byte) bool { return len(b) >= 4 && b[0]>>6 == 2 && b[1] >= 192 && b[1] <= 223 }

// packetLength is what the header of an RTCP packet says (RFC 3550 §6.4.1).
func packetLength(b []byte) int { return 4 * (int(binary.BigEndian.Uint16(b[2:])) + 1) }

// What SRTCP adds: the E bit with an index, then a tag of 80 bits (RFC 3711
// §3.4), or the same after an AEAD's tag (RFC 7714 §9.1).
const (
	trailerAES  = 4 + 10
	trailerAEAD = 4
)

// encrypted looks for the E bit where a compound is followed by something that
// is no RTCP: a trailer, or packets whose headers are hidden.
func encrypted(b, rest []byte) bool {
	if len(rest) < trailerAES || len(rest) == len(b) {
		return false
	}
	return rest[len(rest)-trailerAES]&0x80 != 0 || rest[len(rest)-trailerAEAD]&0x80 != 0
}

func (c *Compound) packet(b []byte) {
	count := int(b[0] & 31)
	if c.Packets == 0 && len(b) >= 8 {
		c.Sender = binary.BigEndian.Uint32(b[4:])
	}
	c.Packets++
	switch b[1] {
	case SenderReport:
		if len(b) >= 16 {
			c.ShortNTP = binary.BigEndian.Uint32(b[10:])
		}
		c.reports(b, 28, count)
	case ReceiverReport:
		c.reports(b, 8, count)
	case Description:
		c.description(b[4:])
	case Goodbye:
		for i := 0; i < count && 8+4*i <= len(b) && c.NGone < MaxSources; i++ {
			c.Gone[c.NGone] = binary.BigEndian.Uint32(b[4+4*i:])
			c.NGone++
		}
	case ExtendedReport:
		c.extended(b)
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
			LastSR: binary.BigEndian.Uint32(r[16:]), Delay: binary.BigEndian.Uint32(r[20:]),
		}
		c.N++
		offset += 24
	}
}

// description measures the canonical name of the first chunk of an SDES (RFC
// 3550 §6.5). It often holds a user and an address: it is not kept.
func (c *Compound) description(b []byte) {
	const end, cname = 0, 1
	if c.CNAME > 0 || len(b) < 4 {
		return
	}
	for b = b[4:]; len(b) >= 2 && b[0] != end; {
		length := int(b[1])
		if 2+length > len(b) {
			return
		}
		if b[0] == cname {
			c.CNAME = length
			return
		}
		b = b[2+length:]
	}
}
