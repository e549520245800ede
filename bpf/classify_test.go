//go:build linux

package bpf

import (
	"bytes"
	"net/netip"
	"slices"
	"strings"
	"testing"
)

// run gives a frame to a program; what user space gets of it, and why.
func run(t *testing.T, p *Programs, frame []byte, isEthernet bool) (int, Reason) {
	t.Helper()
	before, err := p.Tallies()
	if err != nil {
		t.Fatal(err)
	}
	n, err := p.Run(frame, isEthernet)
	if err != nil {
		t.Fatalf("run %x: %v", frame, err)
	}
	after, err := p.Tallies()
	if err != nil {
		t.Fatal(err)
	}
	var why Reason
	for r := range after {
		switch after[r].Frames - before[r].Frames {
		case 0:
		case 1:
			if why != 0 {
				t.Fatalf("got the reasons %v and %v of one frame, want one", why, Reason(r))
			}
			why = Reason(r)
			if got := after[r].Bytes - before[r].Bytes; got != uint64(len(frame)) {
				t.Errorf("got %d bytes tallied, want %d", got, len(frame))
			}
		default:
			t.Fatalf("got %d frames tallied as %v, want one", after[r].Frames-before[r].Frames, Reason(r))
		}
	}
	if why == 0 {
		t.Fatalf("got no reason of a frame: %x", frame)
	}
	return n, why
}

const (
	invite   = "INVITE sip:100@example.com SIP/2.0\r\nVia: SIP/2.0/UDP h\r\n\r\n"
	response = "SIP/2.0 180 Ringing\r\nVia: SIP/2.0/UDP h\r\n\r\n"
)

func port(a netip.AddrPort, n uint16) netip.AddrPort { return netip.AddrPortFrom(a.Addr(), n) }

// TestClassify has one line for each kind of frame: whole or nothing, and why.
func TestClassify(t *testing.T) {
	p := load(t)
	control := append([]byte{0x81, 201, 0, 7}, make([]byte, 28)...)
	stun := append([]byte{0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42}, make([]byte, 12)...)
	zrtp := append([]byte{0x10, 0, 0, 1}, "ZRTPxxxxxxxx"...)
	dtls := append([]byte{22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4}, "abcd"...)
	turn := append([]byte{0x40, 1, 0, 8}, "12345678"...)
	dns := append([]byte{0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3}, "www\x07example\x03com\x00\x00\x01\x00\x01"...)
	quicLong := append([]byte{0xc3, 0, 0, 0, 1, 8}, make([]byte, 1194)...)
	quicShort := append([]byte{0x43}, bytes.Repeat([]byte{0xa5}, 1000)...)
	hep := append([]byte("HEP3\x00\x40"), make([]byte, 58)...)
	sip := []byte(invite)
	for _, c := range []struct {
		what  string
		frame []byte
		want  Reason
	}{
		{"SIP", ethernet(udp(phone, server, sip)), PassedSIP},
		{"SIP with an IPv4 option", ethernet(options(udp(phone, server, sip))), PassedSIP},
		{"SIP over IPv6", ethernet(udp(phone6, serv6, sip)), PassedSIP},
		{"SIP behind extension headers", ethernet(extended(udp(phone6, serv6, sip), 0, 43, 60)), PassedSIP},
		{"SIP in an atomic fragment", ethernet(extended(udp(phone6, serv6, sip), 44)), PassedSIP},
		{"SIP in a tag", ethernet(udp(phone, server, sip), 0x8100), PassedSIP},
		{"SIP in QinQ", ethernet(udp(phone, server, sip), 0x88a8, 0x8100), PassedSIP},
		{"SIP in four tags", ethernet(udp(phone6, serv6, sip), 0x88a8, 0x9100, 0x8100, 0x8100), PassedSIP},
		{"a frame of five tags", ethernet(udp(phone, server, sip), 0x8100, 0x8100, 0x8100, 0x8100, 0x8100), PassedOther},
		{"a response", ethernet(udp(server, phone, []byte(response))), PassedSIP},
		{"a response in small letters", ethernet(udp(server, phone, []byte(strings.ToLower(response)))), PassedSIP},
		{"line ends before a request", ethernet(udp(phone, server, []byte("\r\n\r\n"+invite))), PassedSIP},
		{"a method that nobody knows", ethernet(udp(phone, server, []byte("X-NEW.!%*_+`'~ sip:a SIP/2.0\r\n\r\n"))), PassedSIP},
		{"a long method", ethernet(udp(phone, server, []byte(strings.Repeat("N", 100)+" sip:a SIP/2.0\r\n"))), PassedSIP},
		{"SIP at the port of a web server", ethernet(udp(port(phone, 443), port(server, 80), sip)), PassedSIP},
		{"a keep-alive", ethernet(udp(phone, server, []byte("\r\n\r\n"))), PassedMedia},
		{"nothing at all", ethernet(udp(phone, server, nil)), PassedMedia},
		{"RTCP", ethernet(udp(phone, server, control)), PassedControl},
		{"STUN", ethernet(udp(phone, server, stun)), PassedMedia},
		{"ZRTP", ethernet(udp(phone, server, zrtp)), PassedMedia},
		{"DTLS", ethernet(udp(phone, server, dtls)), PassedMedia},
		{"TURN channel data", ethernet(udp(phone, server, turn)), PassedMedia},
		{"DNS", ethernet(udp(phone, port(server, 53), dns)), RefusedUDP},
		{"QUIC's long header", ethernet(udp(phone, port(server, 443), quicLong)), RefusedUDP},
		{"QUIC's short header", ethernet(udp(phone, port(server, 443), quicShort)), RefusedUDP},
		{"RTP of a reserved payload type", ethernet(udp(phone, server, rtpPacket(19, 1, 1, ssrc, 160))), RefusedUDP},
		{"RTP at a low port", ethernet(udp(port(phone, 500), server, voice(1))), RefusedUDP},
		{"HEP 3", ethernet(udp(phone, port(server, 9999), hep)), PassedWrapped},
		{"HEP 2", ethernet(udp(phone, port(server, 9060), []byte{2, 16, 2, 17, 0, 0, 0, 0})), PassedWrapped},
		{"VXLAN", ethernet(udp(phone, port(server, 4789), append([]byte{0x88, 0, 0, 0, 0, 0, 1, 0}, ethernet(udp(phone, server, sip))...))), PassedWrapped},
		{"Geneve", ethernet(udp(phone, port(server, 6081), make([]byte, 60))), PassedWrapped},
		{"GTP-U", ethernet(udp(port(phone, 2152), server, make([]byte, 60))), PassedWrapped},
		{"TZSP", ethernet(udp(phone, port(server, 37008), make([]byte, 60))), PassedWrapped},
		{"GRE", ethernet(ip(phone, server, 47, make([]byte, 60))), PassedOther},
		{"IP in IP", ethernet(ip(phone, server, 4, udp(phone, server, sip))), PassedOther},
		{"SCTP", ethernet(ip(phone, server, 132, make([]byte, 60))), PassedOther},
		{"ICMP", ethernet(ip(phone, server, 1, make([]byte, 60))), PassedOther},
		{"ESP", ethernet(ip(phone, server, 50, make([]byte, 60))), RefusedESP},
		{"ESP over IPv6", ethernet(ip(phone6, serv6, 50, make([]byte, 60))), RefusedESP},
		{"an authentication header", ethernet(ip(phone, server, 51, make([]byte, 60))), PassedOther},
		{"MPLS", append([]byte{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x88, 0x47}, make([]byte, 60)...), PassedOther},
		{"PPPoE", append([]byte{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x88, 0x64}, make([]byte, 60)...), PassedOther},
		{"ARP", append([]byte{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 6}, make([]byte, 46)...), PassedOther},
		{"the first fragment of SIP", ethernet(fragment(udp(phone, server, sip), 0, true)), PassedFragment},
		{"a later fragment", ethernet(fragment(udp(phone, server, sip), 1480, false)), PassedFragment},
		{"a later fragment over IPv6", ethernet(later(extended(udp(phone6, serv6, sip), 44))), PassedFragment},
		{"a frame shorter than its header", ethernet(udp(phone, server, sip))[:14], PassedOther},
		{"IP that says more than there is", ethernet(udp(phone, server, sip)[:40]), PassedOther},
		{"IPv6 that says more than there is", ethernet(udp(phone6, serv6, sip)[:60]), PassedOther},
		{"an IP header of 16 bytes", ethernet(append([]byte{0x44}, udp(phone, server, sip)[1:]...)), PassedOther},
		{"IPv5", ethernet(append([]byte{0x55}, udp(phone, server, sip)[1:]...)), PassedOther},
		{"an endless chain of extensions", ethernet(extended(udp(phone6, serv6, sip), 0, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60)), PassedOther},
	} {
		want := len(c.frame)
		if !c.want.Passed() {
			want = 0
		}
		if n, why := run(t, p, c.frame, true); n != want || why != c.want {
			t.Errorf("%s: got %d bytes, %v, want %d, %v", c.what, n, why, want, c.want)
		}
		if c.frame[12] != 8 && c.frame[12] != 0x86 || len(c.frame) == 14 || c.frame[13] == 6 {
			continue
		}
		if n, why := run(t, p, c.frame[14:], false); why != c.want || n != max(0, want-14) {
			t.Errorf("%s, without a link header: got %d bytes, %v, want %d, %v", c.what, n, why, max(0, want-14), c.want)
		}
	}
}

// later makes the IPv6 fragment whose header is the first extension a later one.
func later(packet []byte) []byte {
	packet[42], packet[43] = 5, 0xc8
	return packet
}

// TestEveryLength: each prefix of each kind of frame has one reason, and no
// verdict reaches beyond it.
func TestEveryLength(t *testing.T) {
	p := load(t)
	for _, whole := range [][]byte{
		ethernet(udp(phone, server, voice(1)), 0x8100), ethernet(udp(phone6, serv6, []byte(invite))),
		ethernet(extended(udp(phone6, serv6, voice(1)), 0, 43, 44, 60)), ethernet(tcp(phone, server, 1, 0x10, []byte(invite))),
	} {
		for n := 14; n <= len(whole); n++ {
			if got, _ := run(t, p, slices.Clone(whole[:n]), true); got > n {
				t.Fatalf("got %d bytes of %d", got, n)
			}
		}
	}
}

func TestSegments(t *testing.T) {
	p := load(t)
	const ack = 0x10
	a, b := port(phone, 5060), port(server, 5060)
	record := func(kind byte, n int) []byte {
		return append([]byte{kind, 3, 3, byte(n >> 8), byte(n)}, bytes.Repeat([]byte{0xee}, n)...)
	}
	bulk := bytes.Repeat([]byte{0xee}, 1400)
	give := func(what string, frame []byte, want Reason) {
		t.Helper()
		if _, why := run(t, p, ethernet(frame), true); why != want {
			t.Errorf("%s: got %v, want %v", what, why, want)
		}
	}
	spend := func(src, dst netip.AddrPort) {
		t.Helper()
		for range 16 {
			give("a segment of a new connection", tcp(src, dst, 1, ack, bulk), PassedTCP)
		}
		give("bulk", tcp(src, dst, 1, ack, bulk), RefusedTCP)
	}

	spend(a, b)
	give("a SYN", tcp(a, b, 1, 2, nil), PassedTCP)
	give("a few bytes, of which nobody knows what they begin", tcp(a, b, 1, ack, bulk[:15]), PassedTCP)
	give("an acknowledgement", tcp(a, b, 1, ack, nil), RefusedTCP)
	give("a request", tcp(a, b, 1, ack, []byte(invite)), PassedTCP)
	for range 255 {
		give("what continues it", tcp(a, b, 1, ack, bulk), PassedTCP)
	}
	give("the next request", tcp(a, b, 1, ack, []byte(invite)), PassedTCP)
	give("what continues that", tcp(a, b, 1, ack, bulk), PassedTCP)
	give("the end", tcp(a, b, 1, ack|1, bulk), PassedTCP)

	// Over IPv6, and the other way.
	c, d := port(phone6, 40000), port(serv6, 8080)
	spend(c, d)
	spend(d, c)
	give("a switch of protocols", tcp(d, c, 1, ack, []byte("HTTP/1.1 101 Switching Protocols\r\n")), PassedTCP)
	give("the first frame of the client", tcp(c, d, 1, ack, bulk), PassedTCP)
	give("and of the server", tcp(d, c, 1, ack, bulk), PassedTCP)

	// A WebSocket that was opened before, masked and not.
	e, f := port(phone, 41000), port(server, 8088)
	spend(e, f)
	give("a masked frame of SIP", tcp(e, f, 1, ack, append([]byte{0x81, 0xfe, 1, 0, 1, 2, 3, 4}, masked(invite)...)), PassedTCP)
	spend(f, e)
	give("a frame of SIP", tcp(f, e, 1, ack, append([]byte{0x81, 126, 1, 0}, response...)), PassedTCP)

	// TLS: headers of records, and small ones whole.
	g, h := port(phone, 42000), port(server, 443)
	spend(g, h)
	give("a small record", tcp(g, h, 1000, ack, record(23, 2000)[:1400]), PassedTCP)
	give("its rest", tcp(g, h, 2400, ack, bulk[:605]), PassedTCP)
	give("what follows, no record", tcp(g, h, 3005, ack, bulk), RefusedTCP)
	give("a large record", tcp(g, h, 5000, ack, record(23, 16000)[:1400]), PassedTCP)
	give("its rest", tcp(g, h, 6400, ack, bulk), RefusedTCP)
	give("HEP", tcp(g, h, 1, ack, append([]byte("HEP3\x01\x00"), bulk...)), PassedTCP)
	give("SIP over TLS", tcp(port(phone, 43000), port(server, 5061), 1, ack, bulk), PassedTCP)
}

func masked(s string) []byte {
	b := []byte(s)
	for i := range b {
		b[i] ^= byte(i%4 + 1)
	}
	return b
}
