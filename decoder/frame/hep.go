package frame

import "net/netip"

// Chunks of HEP version 3 ("HEP3 Network Protocol Specification" of Homer),
// vendor 0. The agent's time stamp (9, 10) is not among them: a packet counts
// when it is seen, else any agent could move the clock of all who are watched.
const (
	hepProtocol   = 0x02
	hepSource4    = 0x03
	hepTarget4    = 0x04
	hepSource6    = 0x05
	hepTarget6    = 0x06
	hepSourcePort = 0x07
	hepTargetPort = 0x08
	hepKind       = 0x0b
	hepAgent      = 0x0c
	hepKey        = 0x0e
	hepPayload    = 0x0f
	hepCompressed = 0x10
)

// What an agent says that its payload is (chunk 0x0b). Others are JSON, logs and
// protocols that the sensor does not know.
const (
	hepSIP  = 1
	hepRTP  = 4
	hepRTCP = 5 // of most agents in JSON, of some as it was
)

const (
	hepMagic  = 0x48455033 // HEP3
	hepHeader = 6          // magic and length, and of a chunk: vendor, type and length
)

// report is what a capture agent says of a message.
type report struct {
	protocol            Protocol
	source, target      netip.Addr
	sourcePort          uint16
	targetPort          uint16
	kind                byte // 0: not said
	payload             view
	carries, compressed bool
}

// hep reads a packet of the Homer Encapsulation Protocol that a UDP datagram
// carries. It returns 0 when there is none: version 3 is known by its magic and
// its length; versions 1 and 2 have little structure, and their ports too.
func (d *Decoder) hep(port int, v view) Outcome {
	if isHEP3(v) {
		return d.hep3(v)
	}
	switch port {
	case 9060, 9061, 9063: // Homer, heplify-server
		return d.hep12(v)
	}
	return 0
}

// bareHEP reads one HEP packet, as it comes from a stream or a socket.
func (d *Decoder) bareHEP(v view) Outcome {
	outcome := d.hep(9060, v)
	if outcome == 0 {
		return MalformedLink
	}
	return outcome
}

func isHEP3(v view) bool {
	if len(v.b) < hepHeader || be32(v.b) != hepMagic {
		return false
	}
	n := be16(v.b[4:])
	return hepHeader <= n && n <= v.wire
}

// hep3 walks the chunks, as far as they were captured.
func (d *Decoder) hep3(v view) Outcome {
	if !d.nest() {
		return MalformedTunnel
	}
	var r report
	v = v.clip(be16(v.b[4:])).skip(hepHeader)
	for v.wire > 0 && (len(v.b) >= hepHeader || !v.cut()) {
		id, body, rest, ok := chunk(v)
		if !ok || !r.take(id, body) {
			return MalformedTunnel
		}
		v = rest
	}
	switch {
	case r.kind == hepSIP || r.kind == hepRTP || r.kind == hepRTCP:
	case r.kind == 0 && v.cut():
		return MalformedTunnel
	default:
		return IgnoredHEP
	}
	if !r.carries && v.cut() {
		return MalformedTunnel
	}
	return d.reported(&r)
}

// chunk takes the first chunk off v.
func chunk(v view) (id uint32, body, rest view, ok bool) {
	if len(v.b) < hepHeader {
		return 0, v, v, false
	}
	n := be16(v.b[4:])
	if n < hepHeader || n > v.wire {
		return 0, v, v, false
	}
	rest = view{v.b[min(n, len(v.b)):], v.wire - n}
	return be32(v.b), v.clip(n).skip(hepHeader), rest, true
}

// take notes what one chunk says; false when its length is none that it can have.
func (r *report) take(id uint32, body view) bool {
	if n := chunkLength(id); n > 0 && len(body.b) != n {
		return body.cut()
	}
	switch b := body.b; id {
	case hepProtocol:
		r.protocol = agentProtocol(b[0])
	case hepSource4, hepSource6:
		r.source, _ = netip.AddrFromSlice(b)
	case hepTarget4, hepTarget6:
		r.target, _ = netip.AddrFromSlice(b)
	case hepSourcePort:
		r.sourcePort = uint16(be16(b))
	case hepTargetPort:
		r.targetPort = uint16(be16(b))
	case hepKind:
		r.kind = b[0]
	case hepPayload, hepCompressed:
		r.payload, r.carries, r.compressed = body, true, id == hepCompressed
	}
	return true
}

// chunkLength is how long a chunk of fixed length is.
func chunkLength(id uint32) int {
	switch id {
	case hepProtocol, hepKind:
		return 1
	case hepSourcePort, hepTargetPort:
		return 2
	case hepSource4, hepTarget4:
		return 4
	case hepSource6, hepTarget6:
		return 16
	}
	return 0
}

// agentProtocol is what an agent means by an IP protocol number. For TLS and
// WebSocket, Kamailio writes those of IDP and ESP, others write nothing at all:
// what they carried is whole in any case.
func agentProtocol(number byte) Protocol {
	const protoIDP, protoESP = 22, 50
	switch number {
	case protoTCP, protoIDP, protoESP:
		return TCP
	case protoSCTP:
		return SCTP
	}
	return UDP
}

// hep12 reads HEP version 1 or 2: version, length of the header, family,
// protocol, ports, addresses; in version 2 the time and the agent's number, which
// only some agents count as header.
func (d *Decoder) hep12(v view) Outcome {
	const (
		fixed = 8
		times = 12 // seconds, microseconds, agent, and what C pads
	)
	if len(v.b) < fixed || v.b[0] != 1 && v.b[0] != 2 {
		return 0
	}
	b, size := v.b, 4
	switch b[2] {
	case 2: // AF_INET everywhere
	case 10, 24, 28, 30: // AF_INET6, as in loopback frames
		size = 16
	default:
		return 0
	}
	header := fixed + 2*size
	said := int(b[1]) == header
	if b[0] == 2 {
		header += times
	}
	said = said || int(b[1]) == header
	if !said || len(b) < header || agentProtocol(b[3]) == UDP && b[3] != protoUDP {
		return 0
	}
	if !d.nest() {
		return MalformedTunnel
	}
	r := report{
		protocol: agentProtocol(b[3]), sourcePort: uint16(be16(b[4:])), targetPort: uint16(be16(b[6:])),
		payload: v.skip(header), carries: v.wire > header,
	}
	r.source, _ = netip.AddrFromSlice(b[fixed : fixed+size])
	r.target, _ = netip.AddrFromSlice(b[fixed+size : fixed+2*size])
	return d.reported(&r)
}

// reported hands on what an agent reports: one message, and never a tunnel.
func (d *Decoder) reported(r *report) Outcome {
	if !r.carries {
		return IgnoredHEP // a keep-alive
	}
	if !r.source.IsValid() || !r.target.IsValid() || r.source.Is4() != r.target.Is4() {
		return MalformedTunnel
	}
	if r.compressed {
		var ok bool
		if r.payload, ok = d.inflater.inflate(r.payload); !ok {
			return MalformedTunnel
		}
	}
	if !r.asItWas() {
		return IgnoredHEP
	}
	d.p.HEP, d.p.Protocol = true, max(r.protocol, UDP)
	d.p.Src, d.p.Dst = netip.AddrPortFrom(r.source, r.sourcePort), netip.AddrPortFrom(r.target, r.targetPort)
	d.p.Payload, d.p.Truncated = r.payload.b, r.payload.cut()
	return Transport
}

// asItWas is false for a report about RTP or RTCP, in JSON, instead of itself
// (RFC 3550 §5.1, §6.1; packet types of RFC 5761 §4).
func (r *report) asItWas() bool {
	b := r.payload.b
	switch r.kind {
	case hepRTP:
		return len(b) > 1 && b[0]>>6 == 2
	case hepRTCP:
		return len(b) > 1 && b[0]>>6 == 2 && 192 <= b[1] && b[1] <= 223
	}
	return true
}

// HEPKey returns the key with which the sender of the HEP packet b proves who it
// is; only version 3 has one. It points into b.
func HEPKey(b []byte) ([]byte, bool) { return findChunk(b, hepKey) }

// HEPAgent returns the number of the capture agent that sent the HEP packet b of
// version 3.
func HEPAgent(b []byte) (uint32, bool) {
	id, ok := findChunk(b, hepAgent)
	if !ok || len(id) != 4 {
		return 0, false
	}
	return be32(id), true
}

func findChunk(b []byte, want uint32) ([]byte, bool) {
	v := view{b, len(b)}
	if !isHEP3(v) {
		return nil, false
	}
	v = v.clip(be16(b[4:])).skip(hepHeader)
	for v.wire > 0 {
		id, body, rest, ok := chunk(v)
		if !ok || id == want {
			return body.b, ok
		}
		v = rest
	}
	return nil, false
}
