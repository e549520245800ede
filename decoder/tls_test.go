package decoder

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"tollwatch/decoder/frame"
)

// between is raw with addresses and ports of the caller's choice.
func between(t *testing.T, src, dst string, transport gopacket.SerializableLayer, protocol layers.IPProtocol, payload []byte) []byte {
	t.Helper()
	from, to := netip.MustParseAddrPort(src), netip.MustParseAddrPort(dst)
	switch l := transport.(type) {
	case *layers.TCP:
		l.SrcPort, l.DstPort, l.DataOffset, l.ACK = layers.TCPPort(from.Port()), layers.TCPPort(to.Port()), 5, true
	case *layers.UDP:
		l.SrcPort, l.DstPort = layers.UDPPort(from.Port()), layers.UDPPort(to.Port())
	}
	b := gopacket.NewSerializeBuffer()
	ip := &layers.IPv4{Version: 4, IHL: 5, TTL: 64, Protocol: protocol, SrcIP: from.Addr().AsSlice(), DstIP: to.Addr().AsSlice()}
	if err := gopacket.SerializeLayers(b, gopacket.SerializeOptions{FixLengths: true}, ip, transport, gopacket.Payload(payload)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// records are n TLS records of application data, 100 bytes each.
func records(n int) []byte {
	var b []byte
	for range n {
		b = append(b, 0x17, 3, 3, 0, 100)
		b = append(b, make([]byte, 100)...)
	}
	return b
}

// encrypt sends n records from a client to a server.
func encrypt(t *testing.T, d *Decoder, client, server string, n int) {
	t.Helper()
	b := between(t, client, server, &layers.TCP{Seq: 1000}, layers.IPProtocolTCP, records(n))
	d.Observe(&Packet{Data: b, Time: began, WireLength: len(b), Link: frame.LinkRaw})
}

// answer lets an address accept a registration in plain SIP, or refuse it.
func answer(t *testing.T, d *Decoder, server string, status int) {
	t.Helper()
	m := fmt.Sprintf("SIP/2.0 %d X\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKr\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:a@x>;tag=2\r\nCall-ID: r\r\nCSeq: 1 REGISTER\r\n\r\n", status)
	b := between(t, server, "192.0.2.1:5060", &layers.UDP{}, layers.IPProtocolUDP, []byte(m))
	d.Observe(&Packet{Data: b, Time: began, WireLength: len(b), Link: frame.LinkRaw})
}

// TestTheShareOfTLS: a trunk on 5061, a PBX that speaks plain SIP as well and
// has pages, somebody whose SIP was refused, and the web.
func TestTheShareOfTLS(t *testing.T) {
	d := New(DefaultConfig())
	if d.Books().TLS != nil {
		t.Error("got peers before any was seen")
	}
	encrypt(t, d, "192.0.2.1:40000", "203.0.113.5:5061", 3)
	encrypt(t, d, "192.0.2.1:40001", "192.0.2.10:5071", 2)
	encrypt(t, d, "192.0.2.1:40002", "192.0.2.10:443", 5)
	encrypt(t, d, "192.0.2.1:40003", "198.51.100.8:443", 9)
	encrypt(t, d, "192.0.2.1:40004", "198.51.100.9:5071", 1)
	answer(t, d, "192.0.2.10:5060", 200)
	answer(t, d, "198.51.100.9:5060", 403)

	got := d.Books().TLS
	if got == nil || got.Share != 5./7 {
		t.Fatalf("got %+v, want 5 of 7: records of the trunk and the PBX, and two messages in the clear", got)
	}
	for i, want := range []TLSPeer{
		{netip.MustParseAddrPort("203.0.113.5:5061"), 1, 3, 300, true},
		{netip.MustParseAddrPort("192.0.2.10:5071"), 0, 2, 200, true},
		{netip.MustParseAddrPort("198.51.100.8:443"), 0, 9, 900, false},
		{netip.MustParseAddrPort("192.0.2.10:443"), 0, 5, 500, false},
		{netip.MustParseAddrPort("198.51.100.9:5071"), 0, 1, 100, false},
	} {
		if i >= len(got.Peers) || got.Peers[i] != want {
			t.Errorf("peer %d: got %+v, want %+v", i, got.Peers, want)
		}
	}
}

// TestPeersAreBounded: twenty are named, the largest, and nobody pushes out the
// trunk.
func TestPeersAreBounded(t *testing.T) {
	d := New(DefaultConfig())
	encrypt(t, d, "192.0.2.1:40000", "203.0.113.5:5061", 1)
	for i := range 100 {
		encrypt(t, d, "192.0.2.1:40000", fmt.Sprintf("198.51.100.%d:443", i+1), 2+i%7)
	}
	got := d.Books().TLS
	if len(got.Peers) != MaxTLSPeers || got.Peers[0].Peer.Port() != 5061 || got.Peers[1].Records != 8 {
		t.Errorf("got %d peers, %+v first, want %d, the trunk and then the largest", len(got.Peers), got.Peers[:2], MaxTLSPeers)
	}
}

// TestServersOfPlainSIPAreBounded: the latest stay.
func TestServersOfPlainSIPAreBounded(t *testing.T) {
	d := New(DefaultConfig())
	for i := range maxPlain + 10 {
		var a [4]byte
		binary.BigEndian.PutUint32(a[:], 0x0a000001+uint32(i))
		answer(t, d, netip.AddrPortFrom(netip.AddrFrom4(a), 5060).String(), 200)
	}
	if n := d.plain.table.Len(); n != maxPlain || d.plain.has(netip.MustParseAddr("10.0.0.1")) || !d.plain.has(netip.MustParseAddr("10.0.0.11")) {
		t.Errorf("got %d addresses, want %d without the ten oldest", n, maxPlain)
	}
}

// TestCarriers: what carried a message is the leg's transport. A WebSocket
// frame and an SCTP chunk.
func TestCarriers(t *testing.T) {
	message := []byte(invite("c"))
	ws := append([]byte{0x81, 126, byte(len(message) >> 8), byte(len(message))}, message...)
	chunk := make([]byte, 12+16, 12+16+len(message)+3)
	binary.BigEndian.PutUint16(chunk[0:], 5060)
	binary.BigEndian.PutUint16(chunk[2:], 5060)
	chunk[12], chunk[13] = 0, 3 // DATA, a whole message
	binary.BigEndian.PutUint16(chunk[14:], uint16(16+len(message)))
	binary.BigEndian.PutUint32(chunk[16:], 7)
	chunk = append(chunk, message...)
	for len(chunk)%4 != 0 {
		chunk = append(chunk, 0)
	}
	for _, c := range []struct {
		name string
		b    []byte
		want string
	}{
		{"TCP", tcp(t, 1, string(message)), "tcp"},
		{"WebSocket", tcp(t, 1, string(ws)), "ws"},
		{"SCTP", raw(t, gopacket.Payload(chunk), layers.IPProtocolSCTP, ""), "sctp"},
		{"UDP", udp(t, string(message)), "udp"},
	} {
		d := New(DefaultConfig())
		events := observe(d, c.b)
		if len(events) != 1 || events[0].Leg.Transport.String() != c.want || d.Books().Decoded != 1 {
			t.Errorf("%s: got %+v, want one attempt by %s; %+v", c.name, events, c.want, d.Books())
		}
	}
}

// TestAMessageBehindAGapComesInTime: the gap never fills, and no segment
// follows; the clock alone brings the message out.
func TestAMessageBehindAGapComesInTime(t *testing.T) {
	d := New(DefaultConfig())
	first, second := invite("one"), invite("two")
	observe(d, tcp(t, 1000, first))
	observe(d, tcp(t, uint32(1000+len(first)+700), second))
	for s := 1; s <= 10; s++ {
		for _, ev := range d.Advance(began.Add(time.Duration(s) * time.Second)) {
			if ev.Leg != nil && ev.Leg.CallID == "two" {
				return
			}
		}
	}
	t.Error("the INVITE behind the gap did not come within ten seconds")
}
