package decoder

import (
	"encoding/binary"
	"net/netip"
	"testing"

	"github.com/google/gopacket/layers"

	"tollwatch/decoder/call"
	"tollwatch/decoder/frame"
)

// capsule is a HEP packet of version 3: what an agent saw from src to dst.
func capsule(protocol layers.IPProtocol, src, dst, payload string) []byte {
	from, to := netip.MustParseAddrPort(src), netip.MustParseAddrPort(dst)
	b := []byte("HEP3\x00\x00")
	chunk := func(kind uint16, v ...byte) {
		b = binary.BigEndian.AppendUint16(append(b, 0, 0), kind)
		b = append(binary.BigEndian.AppendUint16(b, uint16(6+len(v))), v...)
	}
	chunk(1, 2) // IPv4
	chunk(2, byte(protocol))
	chunk(3, from.Addr().AsSlice()...)
	chunk(4, to.Addr().AsSlice()...)
	chunk(7, byte(from.Port()>>8), byte(from.Port()))
	chunk(8, byte(to.Port()>>8), byte(to.Port()))
	chunk(9, 0x65, 0, 0, 0)
	chunk(10, 0, 0, 0, 1)
	chunk(11, 1) // SIP
	chunk(15, []byte(payload)...)
	binary.BigEndian.PutUint16(b[4:], uint16(len(b)))
	return b
}

// TestHEP: what a capture agent reports bears its addresses and protocol, by
// whatever way it comes: in a frame of UDP, alone, or over TCP.
func TestHEP(t *testing.T) {
	const src, dst = "198.51.100.1:5060", "198.51.100.2:5062"
	for _, c := range []struct {
		name     string
		protocol layers.IPProtocol
		want     call.Transport
	}{
		{"UDP", layers.IPProtocolUDP, call.UDP}, {"TCP", layers.IPProtocolTCP, call.TCP}, {"SCTP", layers.IPProtocolSCTP, call.SCTP},
	} {
		hep := capsule(c.protocol, src, dst, invite("h"))
		for way, p := range map[string]Packet{
			"in a frame": {Data: between(t, "192.0.2.1:40000", "192.0.2.2:9060", &layers.UDP{}, layers.IPProtocolUDP, hep), Link: frame.LinkRaw},
			"alone":      {Data: hep, Link: frame.LinkHEP},
			"over TCP":   {Data: between(t, "192.0.2.1:40000", "192.0.2.2:9060", &layers.TCP{Seq: 1}, layers.IPProtocolTCP, hep), Link: frame.LinkRaw},
		} {
			d := New(DefaultConfig())
			p.Time, p.WireLength = began, len(p.Data)
			events := d.Observe(&p)
			if len(events) != 1 {
				t.Errorf("%s %s: got %d events, want one attempt; %+v", c.name, way, len(events), d.Books())
				continue
			}
			l := events[0].Leg
			if l.Source != call.HEP || l.Transport != c.want || l.Src.String() != src || l.Dst.String() != dst {
				t.Errorf("%s %s: got %s by %s from %v to %v", c.name, way, l.Source, l.Transport, l.Src, l.Dst)
			}
			if b := d.Books(); b.Frames != 1 || b.Decoded != 1 || b.Requests["INVITE"] != 1 {
				t.Errorf("%s %s: got %+v, want one frame, one INVITE", c.name, way, b)
			}
		}
	}
}

// TestHEPOverTCPIsCountedApart: two packets in one segment, the second of which
// lies about a length. One frame, and what became of each.
func TestHEPOverTCPIsCountedApart(t *testing.T) {
	good := capsule(layers.IPProtocolUDP, "198.51.100.1:5060", "198.51.100.2:5060", invite("h"))
	bad := capsule(layers.IPProtocolUDP, "198.51.100.1:5060", "198.51.100.2:5060", invite("i"))
	bad[17] = 200 // of the second chunk
	d := New(DefaultConfig())
	b := between(t, "192.0.2.1:40000", "192.0.2.2:9060", &layers.TCP{Seq: 1}, layers.IPProtocolTCP, append(good, bad...))
	events := d.Observe(&Packet{Data: b, Time: began, WireLength: len(b), Link: frame.LinkRaw})
	books := d.Books()
	if len(events) != 1 || books.Frames != 1 || books.Decoded != 1 || books.HEP["transport"] != 1 || len(books.HEP) != 2 {
		t.Errorf("got %d events and %+v, want one attempt, one frame, and both packets counted", len(events), books)
	}
}
