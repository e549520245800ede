package decoder

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"tollwatch/decoder/call"
	"tollwatch/decoder/frame"
)

var began = time.Date(2026, 3, 7, 2, 0, 0, 0, time.UTC)

// raw is an IPv4 packet without a link layer.
func raw(t *testing.T, transport gopacket.SerializableLayer, protocol layers.IPProtocol, payload string) []byte {
	t.Helper()
	b := gopacket.NewSerializeBuffer()
	ip := &layers.IPv4{Version: 4, IHL: 5, TTL: 64, Protocol: protocol, SrcIP: netip.MustParseAddr("192.0.2.1").AsSlice(),
		DstIP: netip.MustParseAddr("192.0.2.2").AsSlice()}
	if err := gopacket.SerializeLayers(b, gopacket.SerializeOptions{FixLengths: true}, ip, transport, gopacket.Payload(payload)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func udp(t *testing.T, payload string) []byte {
	return raw(t, &layers.UDP{SrcPort: 5060, DstPort: 5060}, layers.IPProtocolUDP, payload)
}

func tcp(t *testing.T, seq uint32, payload string) []byte {
	return raw(t, &layers.TCP{SrcPort: 5060, DstPort: 5062, Seq: seq, ACK: true, DataOffset: 5}, layers.IPProtocolTCP, payload)
}

func invite(id string) string {
	return fmt.Sprintf("INVITE sip:0013455550123@192.0.2.2 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK%s\r\n"+
		"From: <sip:204@192.0.2.1>;tag=a\r\nTo: <sip:x@192.0.2.2>\r\nCall-ID: %s\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n", id, id)
}

func observe(d *Decoder, b []byte) []call.Event {
	return d.Observe(&Packet{Data: b, Time: began, WireLength: len(b), Link: frame.LinkRaw})
}

// TestEachFateIsCounted: every frame ends in one column of the ledger.
func TestEachFateIsCounted(t *testing.T) {
	d := New(DefaultConfig())
	for _, b := range [][]byte{
		udp(t, invite("one")),
		udp(t, "\r\n\r\n"),
		udp(t, "no SIP, no media"),
		tcp(t, 1, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
		raw(t, &layers.SCTP{SrcPort: 1, DstPort: 2}, layers.IPProtocolSCTP, "x"),
		raw(t, &layers.ICMPv4{}, layers.IPProtocolICMPv4, "x"),
		{0x45},
	} {
		observe(d, b)
	}
	got := d.Books()
	for _, c := range []struct {
		what      string
		got, want uint64
	}{
		{"decoded", got.Decoded, 1}, {"keepalive", got.Ignored["keepalive"], 1}, {"udp", got.Ignored["udp"], 1},
		{"tcp", got.Ignored["tcp"], 1}, {"sctp", got.Ignored["sctp"], 1}, {"protocol", got.Ignored["protocol"], 1}, {"ip", got.Malformed["ip"], 1},
		{"INVITE", got.Requests["INVITE"], 1}, {"frames", got.Frames, 7},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %d, want %d in %+v", c.what, c.got, c.want, got)
		}
	}
}

// TestAMessageBehindAGapIsNotLost: the capture ends before the gap fills.
func TestAMessageBehindAGapIsNotLost(t *testing.T) {
	d := New(DefaultConfig())
	first, second := invite("one"), invite("two")
	attempts := len(observe(d, tcp(t, 1000, first)))
	attempts += len(observe(d, tcp(t, uint32(1000+len(first)+700), second)))
	if attempts != 1 {
		t.Fatalf("got %d events before the end, want the first attempt alone", attempts)
	}
	found := false
	for _, ev := range d.Flush(began.Add(time.Second)) {
		found = found || ev.Kind == call.EventAttempt && ev.Leg.CallID == "two"
	}
	if !found {
		t.Error("the INVITE behind the gap was lost at the end of the capture")
	}
}

// TestEvictionsHaveNames: what /metrics shows of tables that were full.
func TestEvictionsHaveNames(t *testing.T) {
	cfg := DefaultConfig()
	cfg.Dialog.Legs = 10
	d := New(cfg)
	for i := range 100 {
		observe(d, udp(t, invite(fmt.Sprint(i))))
	}
	if got := d.Evictions()["legs"]; got != 90 {
		t.Errorf("got %d legs evicted, want 90 of a hundred with room for ten", got)
	}
}
