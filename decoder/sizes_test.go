package decoder

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"tollwatch/decoder/frame"
)

// within fails when a table holds more than it may.
func within(t *testing.T, d *Decoder) {
	t.Helper()
	for name, s := range d.Sizes() {
		if s.Now < 0 || s.Now > s.Cap || s.Cap == 0 {
			t.Fatalf("%s: got %d of %d", name, s.Now, s.Cap)
		}
	}
}

// flood sends packets of one kind, a millisecond apart, and returns the most
// that a table held.
func flood(t *testing.T, d *Decoder, table string, n int, packet func(i int) []byte) int {
	t.Helper()
	most := 0
	for i := range n {
		b := packet(i)
		d.Observe(&Packet{Data: b, Time: began.Add(time.Duration(i) * time.Millisecond), WireLength: len(b), Link: frame.LinkRaw})
		within(t, d)
		most = max(most, d.Sizes()[table].Now)
	}
	return most
}

// small is a decoder whose tables can be filled in a test.
func small() *Decoder {
	cfg := DefaultConfig()
	cfg.Stream.MaxFlows = 40
	cfg.Dialog.Legs, cfg.Dialog.Tombstones, cfg.Dialog.Transactions, cfg.Dialog.Accounts = 50, 60, 70, 80
	cfg.Dialog.Failures, cfg.Dialog.Sources = 120, 130
	cfg.Media.MaxCandidates, cfg.Media.MaxStreams, cfg.Media.MaxEndpoints = 90, 100, 110
	return New(cfg)
}

// login is the REGISTER of the i-th source with credentials, or its refusal.
func login(t *testing.T, i int, refused bool) []byte {
	source, registrar := fmt.Sprintf("10.0.%d.%d:5060", i>>8, i&255), "192.0.2.1:5060"
	m := fmt.Sprintf("Via: SIP/2.0/UDP y;branch=z9hG4bK%d\r\nFrom: <sip:a%d@x>;tag=1\r\nTo: <sip:a%d@x>\r\nCall-ID: %d\r\nCSeq: 2 REGISTER\r\n", i, i, i, i)
	if refused {
		return between(t, registrar, source, &layers.UDP{}, layers.IPProtocolUDP, []byte("SIP/2.0 403 Forbidden\r\n"+m+"\r\n"))
	}
	return between(t, source, registrar, &layers.UDP{}, layers.IPProtocolUDP, []byte("REGISTER sip:x SIP/2.0\r\n"+m+
		"Contact: <sip:a@10.0.0.1>\r\nAuthorization: Digest username=\"a\", realm=\"x\", nonce=\"n\", uri=\"sip:x\", response=\"r\"\r\n\r\n"))
}

// TestNoTableExceedsItsCap: each is filled beyond its cap, by what an attacker
// would send, and stops there.
func TestNoTableExceedsItsCap(t *testing.T) {
	addr := func(i, port int) string { return fmt.Sprintf("10.%d.%d.%d:%d", i>>16, i>>8&255, i&255, port) }
	for _, c := range []struct {
		table  string
		n      int
		packet func(i int) []byte
	}{
		{"legs", 300, func(i int) []byte { return udp(t, invite(fmt.Sprint(i))) }},
		{"transactions", 300, func(i int) []byte {
			return udp(t, fmt.Sprintf("OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK%d\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:x>\r\nCall-ID: %d\r\nCSeq: 1 OPTIONS\r\n\r\n", i, i))
		}},
		{"failures", 600, func(i int) []byte { return login(t, i/2, i%2 == 1) }},
		{"sources", 600, func(i int) []byte { return login(t, i/2, i%2 == 1) }},
		{"fragments", 1500, func(i int) []byte {
			b := udp(t, "the beginning of a long datagram")
			b = b[:len(b)&^7|4]
			binary.BigEndian.PutUint16(b[2:], uint16(len(b)))
			binary.BigEndian.PutUint16(b[4:], uint16(i))
			b[6] |= 0x20 // more fragments
			b[10], b[11] = 0, 0
			return b
		}},
		{"tcp_flows", 300, func(i int) []byte {
			return between(t, addr(i, 5060), "192.0.2.9:5060", &layers.TCP{Seq: 1}, layers.IPProtocolTCP, []byte(invite("x"))[:100])
		}},
		{"tls_peers", 1500, func(i int) []byte {
			return between(t, "192.0.2.9:40000", addr(i, 5061), &layers.TCP{Seq: 1}, layers.IPProtocolTCP, records(1))
		}},
		{"tls_connections", 5000, func(i int) []byte {
			return between(t, addr(i, 40000), "192.0.2.9:5061", &layers.TCP{Seq: 1}, layers.IPProtocolTCP, records(1))
		}},
		{"sctp_messages", 1500, func(i int) []byte {
			b := make([]byte, 12+16, 300)
			binary.BigEndian.PutUint16(b[0:], uint16(10000+i))
			binary.BigEndian.PutUint16(b[2:], 5060)
			b[12], b[13] = 0, 2 // DATA, the first fragment
			m := []byte(invite("x"))[:120]
			binary.BigEndian.PutUint16(b[14:], uint16(16+len(m)))
			binary.BigEndian.PutUint32(b[16:], 7)
			return raw(t, gopacket.Payload(append(b, m...)), layers.IPProtocolSCTP, "")
		}},
		{"candidates", 300, func(i int) []byte {
			rtp := append([]byte{0x80, 0, 0, byte(i), 0, 0, 0, 0, 0, 0, 0, byte(i)}, make([]byte, 160)...)
			return between(t, addr(i, 30000), "192.0.2.9:30000", &layers.UDP{}, layers.IPProtocolUDP, rtp)
		}},
		{"reporters", 1500, func(i int) []byte {
			return between(t, addr(i, 5060), "192.0.2.1:5060", &layers.UDP{}, layers.IPProtocolUDP, publish("PUBLISH", "c", "1"))
		}},
		{"plain_servers", 1500, func(i int) []byte {
			m := fmt.Sprintf("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP y;branch=z9hG4bK%d\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:a@x>;tag=2\r\nCall-ID: %d\r\nCSeq: 1 REGISTER\r\n\r\n", i, i)
			return between(t, addr(i, 5060), "192.0.2.1:5060", &layers.UDP{}, layers.IPProtocolUDP, []byte(m))
		}},
	} {
		d := small()
		if got, want := flood(t, d, c.table, c.n, c.packet), d.Sizes()[c.table].Cap; got != want {
			t.Errorf("%s: got %d at most after %d packets, want the cap of %d reached", c.table, got, c.n, want)
		}
	}
}

// TestNoTableExceedsItsCapOnNoise: packets of all kinds, cut and changed.
func TestNoTableExceedsItsCapOnNoise(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	d := small()
	for i := range 20_000 {
		m := []byte(invite(fmt.Sprint(r.IntN(500))))
		for range r.IntN(4) {
			m[r.IntN(len(m))] = byte(r.Uint32())
		}
		m = m[:r.IntN(len(m)+1)]
		var b []byte
		switch r.IntN(4) {
		case 0:
			b = tcp(t, r.Uint32N(4000), string(m))
		case 1:
			b = raw(t, gopacket.Payload(m), layers.IPProtocolSCTP, "")
		default:
			b = udp(t, string(m))
		}
		now := began.Add(time.Duration(i) * 10 * time.Millisecond)
		d.Observe(&Packet{Data: b, Time: now, WireLength: len(b), Link: frame.LinkRaw})
		if i%100 == 0 {
			d.Advance(now)
		}
		within(t, d)
	}
}
