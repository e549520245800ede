package wire

import "encoding/binary"

const (
	etherIPv4 = 0x0800
	etherIPv6 = 0x86dd

	protoTCP = 6
	protoUDP = 17

	etherHeader = 14
	ipv4Header  = 20
	ipv6Header  = 40
	udpHeader   = 8
	tcpHeader   = 20
)

// Service is a DSCP, the six high bits of the traffic class (RFC 2474 §3).
type Service uint8

// The services of a telephone system (RFC 4594 §2.3).
const (
	BestEffort Service = 0
	Signalling Service = 40 // CS5
	Voice      Service = 46 // EF
)

// Builder writes frames into a buffer of its own.
type Builder struct {
	buf []byte
}

// UDP returns a frame that lives until the next call.
func (b *Builder) UDP(src, dst Port, s Service, payload []byte) []byte {
	at := b.network(src.Host, dst.Host, s, protoUDP, udpHeader+len(payload))
	b.buf = binary.BigEndian.AppendUint16(b.buf, src.Number)
	b.buf = binary.BigEndian.AppendUint16(b.buf, dst.Number)
	b.buf = binary.BigEndian.AppendUint16(b.buf, uint16(udpHeader+len(payload)))
	b.buf = append(b.buf, 0, 0)
	b.buf = append(b.buf, payload...)
	sum := b.transportSum(src.Host, dst.Host, protoUDP, at)
	if sum == 0 {
		sum = 0xffff // RFC 768: zero would say that there is none
	}
	binary.BigEndian.PutUint16(b.buf[at+6:], sum)
	return b.buf
}

// Flags of TCP (RFC 9293 §3.1).
const (
	FIN = 1 << iota
	SYN
	RST
	PSH
	ACK
)

// Segment is the part of a TCP header that changes.
type Segment struct {
	Seq, Ack uint32
	Flags    uint8
}

// TCP returns a frame that lives until the next call.
func (b *Builder) TCP(src, dst Port, s Segment, payload []byte) []byte {
	at := b.network(src.Host, dst.Host, Signalling, protoTCP, tcpHeader+len(payload))
	b.buf = binary.BigEndian.AppendUint16(b.buf, src.Number)
	b.buf = binary.BigEndian.AppendUint16(b.buf, dst.Number)
	b.buf = binary.BigEndian.AppendUint32(b.buf, s.Seq)
	b.buf = binary.BigEndian.AppendUint32(b.buf, s.Ack)
	b.buf = append(b.buf, tcpHeader/4<<4, s.Flags, 0xff, 0xff, 0, 0, 0, 0) // window 65535
	b.buf = append(b.buf, payload...)
	binary.BigEndian.PutUint16(b.buf[at+16:], b.transportSum(src.Host, dst.Host, protoTCP, at))
	return b.buf
}

// network begins a frame and returns where the transport header goes.
func (b *Builder) network(src, dst *Host, s Service, proto uint8, length int) int {
	b.buf = append(b.buf[:0], dst.MAC[:]...)
	b.buf = append(b.buf, src.MAC[:]...)
	if src.Addr.Is4() {
		b.ipv4(src, dst, s, proto, length)
	} else {
		b.ipv6(src, dst, s, proto, length)
	}
	return len(b.buf)
}

func (b *Builder) ipv4(src, dst *Host, s Service, proto uint8, length int) {
	b.buf = binary.BigEndian.AppendUint16(b.buf, etherIPv4)
	b.buf = append(b.buf, 0x45, byte(s)<<2)
	b.buf = binary.BigEndian.AppendUint16(b.buf, uint16(ipv4Header+length))
	b.buf = binary.BigEndian.AppendUint16(b.buf, src.nextIdent())
	b.buf = append(b.buf, 0x40, 0, src.ttl(), proto, 0, 0) // do not fragment
	from, to := src.Addr.As4(), dst.Addr.As4()
	b.buf = append(b.buf, from[:]...)
	b.buf = append(b.buf, to[:]...)
	header := b.buf[etherHeader:]
	binary.BigEndian.PutUint16(header[10:], finish(add(0, header)))
}

func (b *Builder) ipv6(src, dst *Host, s Service, proto uint8, length int) {
	b.buf = binary.BigEndian.AppendUint16(b.buf, etherIPv6)
	b.buf = binary.BigEndian.AppendUint32(b.buf, 6<<28|uint32(s)<<22)
	b.buf = binary.BigEndian.AppendUint16(b.buf, uint16(length))
	b.buf = append(b.buf, proto, src.ttl())
	from, to := src.Addr.As16(), dst.Addr.As16()
	b.buf = append(b.buf, from[:]...)
	b.buf = append(b.buf, to[:]...)
}

// transportSum sums the pseudo header (RFC 768, RFC 9293 §3.1, RFC 8200 §8.1)
// and what lies behind at.
func (b *Builder) transportSum(src, dst *Host, proto uint8, at int) uint16 {
	body := b.buf[at:]
	sum := uint64(proto) + uint64(len(body))
	if src.Addr.Is4() {
		from, to := src.Addr.As4(), dst.Addr.As4()
		sum = add(add(sum, from[:]), to[:])
	} else {
		from, to := src.Addr.As16(), dst.Addr.As16()
		sum = add(add(sum, from[:]), to[:])
	}
	return finish(add(sum, body))
}

// add sums 16-bit words four bytes at a time (RFC 1071 §2: the width of the
// sum does not matter as long as the carries come back).
func add(sum uint64, p []byte) uint64 {
	for len(p) >= 4 {
		sum += uint64(binary.BigEndian.Uint32(p))
		p = p[4:]
	}
	if len(p) >= 2 {
		sum += uint64(binary.BigEndian.Uint16(p))
		p = p[2:]
	}
	if len(p) == 1 {
		sum += uint64(p[0]) << 8
	}
	return sum
}

func finish(sum uint64) uint16 {
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return ^uint16(sum)
}
