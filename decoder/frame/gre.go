package frame

// What GRE announces beside EtherTypes (IANA, draft-foschiano-erspan).
const (
	greEthernet = 0x6558 // transparent Ethernet bridging
	greERSPAN   = 0x88be // types I and II
	greERSPAN3  = 0x22eb
	grePPP      = 0x880b
)

// GRE flags (RFC 2784, 2890; version 1: RFC 2637 §4.1).
const (
	greChecksum = 0x8000
	greRouting  = 0x4000
	greKey      = 0x2000
	greSequence = 0x1000
	greAck      = 0x0080
	greVersion  = 0x0007
)

// gre reads a GRE header of version 0, or of PPTP's version 1.
func (d *Decoder) gre(v view) Outcome {
	if len(v.b) < 4 {
		return MalformedTunnel
	}
	flags, protocol := be16(v.b), be16(v.b[2:])
	if flags&greVersion > 1 || flags&greRouting != 0 { // RFC 2784 §2.3: discard
		return MalformedTunnel
	}
	header := 4
	for _, field := range [...]int{greChecksum, greKey, greSequence} {
		if flags&field != 0 {
			header += 4
		}
	}
	if flags&greVersion == 1 && flags&greAck != 0 {
		header += 4
	}
	if header > len(v.b) {
		return MalformedTunnel
	}
	v = v.skip(header)
	if v.wire == 0 { // a keep-alive, or PPTP's bare acknowledgement
		return IgnoredProtocol
	}
	switch protocol {
	case greEthernet:
		return d.ethernet(v)
	case grePPP:
		return d.ppp(v)
	case greERSPAN:
		if flags&greSequence == 0 { // type I has no header of its own
			return d.ethernet(v)
		}
		return d.erspan(v, 8)
	case greERSPAN3:
		return d.erspan(v, 12)
	}
	return d.etherType(protocol, v)
}

// erspan reads the header of a mirrored frame of type II (8 bytes) or III (12
// bytes, and 8 more when its O bit is set). The T bit says that the mirror cut
// the frame: then its length on the wire is unknown, and not what is here.
func (d *Decoder) erspan(v view, header int) Outcome {
	const (
		truncated = 0x04 // in byte 2
		optional  = 0x01 // in byte 11
		frameIP   = 2
	)
	if len(v.b) < header {
		return MalformedTunnel
	}
	frameType := 0
	b := v.b
	if header == 12 {
		frameType = int(b[10]>>2) & 0x1f
		if b[11]&optional != 0 {
			header += 8
		}
	}
	if len(b) < header {
		return MalformedTunnel
	}
	v = v.skip(header)
	if b[2]&truncated != 0 {
		v.wire = max(v.wire, maxDatagram+ethernetHeader)
	}
	if frameType == frameIP {
		return d.rawIP(v)
	}
	return d.ethernet(v)
}
