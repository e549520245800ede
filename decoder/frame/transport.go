package frame

import "net/netip"

const (
	udpHeader  = 8
	tcpHeader  = 20
	sctpHeader = 12
)

func (d *Decoder) udp(v view) Outcome {
	if len(v.b) < udpHeader {
		return MalformedPort
	}
	b, length := v.b, be16(v.b[4:])
	cut := false
	switch {
	case length == 0: // jumbogram (RFC 2675 §4) or segmentation offload
	case length < udpHeader:
		return MalformedPort
	case length > v.wire: // it says more than IP has: read what is there
		d.counters.UDPLength++
		cut = true
	default:
		v = v.clip(length)
	}
	src, dst := be16(b), be16(b[2:])
	payload := v.skip(udpHeader)
	if outcome := d.tunnel(src, dst, payload); outcome != 0 {
		return outcome
	}
	if d.doubled(UDP, v) {
		return IgnoredDuplicate
	}
	if outcome := d.hep(dst, payload); outcome != 0 {
		return outcome
	}
	d.ports(UDP, src, dst, payload)
	d.p.Truncated = d.p.Truncated || cut
	return Transport
}

func (d *Decoder) tcp(v view) Outcome {
	if len(v.b) < tcpHeader {
		return MalformedPort
	}
	b, header := v.b, int(v.b[12]>>4)*4
	if header < tcpHeader || header > v.wire {
		return MalformedPort
	}
	if d.doubled(TCP, v) {
		return IgnoredDuplicate
	}
	payload := view{wire: v.wire - header}
	if header <= len(b) { // else the snaplen cut within the options
		payload = v.skip(header)
	}
	d.ports(TCP, be16(b), be16(b[2:]), payload)
	d.p.Seq, d.p.Flags = be32(b[4:]), b[13]
	return Transport
}

func (d *Decoder) sctp(v view) Outcome {
	if len(v.b) < sctpHeader {
		return MalformedPort
	}
	if d.doubled(SCTP, v) {
		return IgnoredDuplicate
	}
	d.ports(SCTP, be16(v.b), be16(v.b[2:]), v.skip(sctpHeader))
	return Transport
}

// ports completes the packet.
func (d *Decoder) ports(protocol Protocol, src, dst int, payload view) {
	d.p.Protocol = protocol
	d.p.Src = netip.AddrPortFrom(d.p.Src.Addr(), uint16(src))
	d.p.Dst = netip.AddrPortFrom(d.p.Dst.Addr(), uint16(dst))
	d.p.Payload, d.p.Truncated = payload.b, payload.cut()
}
