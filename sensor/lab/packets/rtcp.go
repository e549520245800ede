package packets

import (
	"encoding/binary"

	"tollwatch/sensor/lab/wire"
)

// report writes a sender report with one block and the sender's name (RFC 3550
// §6.4.1, §6.5) from the port above the stream's.
func (s *stream) report(now int64) {
	b := s.buf[:0]
	b = append(b, 0x81, 200, 0, 12) // one block; 13 words
	b = binary.BigEndian.AppendUint32(b, s.leg.ssrc[s.end])
	b = binary.BigEndian.AppendUint64(b, ntp(now))
	b = binary.BigEndian.AppendUint32(b, s.timestamp+uint32(s.place(s.i))*samples)
	b = binary.BigEndian.AppendUint32(b, uint32(s.i))
	b = binary.BigEndian.AppendUint32(b, uint32(s.i)*samples)
	b = s.block(b)
	b = binary.BigEndian.AppendUint32(b, 0x81ca0000|uint32(4)) // SDES, one chunk; 5 words
	b = binary.BigEndian.AppendUint32(b, s.leg.ssrc[s.end])
	b = append(b, 1, 6, 's', 't', 'r', 'e', 'a', 'm') // CNAME
	b = append(b, 0, 0, 0, 0)
	s.buf = b
	s.tap.totals.RTCPPackets++
	s.tap.write(now, s.tap.builder.UDP(above(s.leg.mediaPort(s.end)), above(s.leg.mediaPort(1-s.end)), voiceService, b))
}

// block is what the sender hears of the other direction.
func (s *stream) block(b []byte) []byte {
	p := s.peer
	fraction := 0
	if p.i > 0 {
		fraction = min(255, 256*p.lost/p.i)
	}
	b = binary.BigEndian.AppendUint32(b, p.leg.ssrc[p.end])
	b = binary.BigEndian.AppendUint32(b, uint32(fraction)<<24|uint32(p.lost)&0xffffff)
	b = binary.BigEndian.AppendUint32(b, uint32(p.seq)+uint32(max(p.i-1, 0)))
	b = binary.BigEndian.AppendUint32(b, 8) // jitter: 1 ms in units of 8 kHz
	return append(b, 0, 0, 0, 0, 0, 0, 0, 0)
}

func above(p wire.Port) wire.Port {
	p.Number++
	return p
}

// ntp is the time since 1900 as RFC 3550 §4 writes it.
func ntp(unixNano int64) uint64 {
	const since1900 = 2208988800
	sec, frac := unixNano/1e9, unixNano%1e9
	return uint64(sec+since1900)<<32 | uint64(frac)<<32/1e9
}
