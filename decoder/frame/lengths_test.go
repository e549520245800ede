package frame

import (
	"bytes"
	"testing"
)

// TestLengths: lenient where a length is missing, exact where it lies.
func TestLengths(t *testing.T) {
	set := func(b []byte, at int, v ...byte) []byte {
		out := bytes.Clone(b)
		copy(out[at:], v)
		return out
	}
	udp4 := ip4(17, ip4a, ip4b, udpTo(5060, 5070, text))
	tcp4 := ip4(6, ip4a, ip4b, tcpTo(5060, 5070, 1, ACK, text))
	udp6 := ip6(17, ip6a, ip6b, udpTo(5060, 5070, text))
	for _, c := range []struct {
		name      string
		ip        []byte
		want      Outcome
		payload   int
		truncated bool
	}{
		{"as it should be", udp4, Transport, len(text), false},
		{"IPv4 length 0: segmentation offload", set(udp4, 2, 0, 0), Transport, len(text), false},
		{"IPv4 length beyond the frame", set(udp4, 2, 0xff, 0), MalformedIP, 0, false},
		{"IPv4 length one beyond the frame", set(udp4, 2, 0, byte(len(udp4)+1)), MalformedIP, 0, false},
		{"IPv4 length below the header", set(udp4, 2, 0, 19), MalformedIP, 0, false},
		{"IPv4 header length 4 words", set(udp4, 0, 0x44), MalformedIP, 0, false},
		{"IPv4 header beyond the packet", set(udp4[:24], 0, 0x4f), MalformedIP, 0, false},
		{"IP version 5", set(udp4, 0, 0x55), MalformedIP, 0, false},
		{"empty", nil, MalformedIP, 0, false},
		{"IPv6 length 0: jumbogram", set(udp6, 4, 0, 0), Transport, len(text), false},
		{"IPv6 length beyond the frame", set(udp6, 4, 0xff, 0), MalformedIP, 0, false},
		{"UDP length 0", set(udp4, 24, 0, 0), Transport, len(text), false},
		{"UDP length below its header", set(udp4, 24, 0, 7), MalformedPort, 0, false},
		{"UDP length short of the packet", set(udp4, 24, 0, 8+5), Transport, 5, false},
		{"UDP length beyond the packet", set(udp4, 24, 0xff, 0), Transport, len(text), true},
		{"UDP length one beyond the packet", set(udp4, 24, 0, byte(8+len(text)+1)), Transport, len(text), true},
		{"UDP header cut", ip4(17, ip4a, ip4b, make([]byte, 7)), MalformedPort, 0, false},
		{"TCP offset 4 words", set(tcp4, 32, 0x40), MalformedPort, 0, false},
		{"TCP offset beyond the packet", ip4(6, ip4a, ip4b, set(tcpTo(1, 2, 1, ACK, nil), 12, 0xf0)), MalformedPort, 0, false},
		{"TCP offset a word beyond the packet", ip4(6, ip4a, ip4b, set(tcpTo(1, 2, 1, ACK, nil), 12, 0x60)), MalformedPort, 0, false},
		{"SCTP header cut", ip4(132, ip4a, ip4b, make([]byte, 11)), MalformedPort, 0, false},
		{"ICMP error quoting SIP", ip4(1, ip4a, ip4b, join([]byte{3, 3, 0, 0, 0, 0, 0, 0}, udp4)), IgnoredProtocol, 0, false},
		{"ICMPv6 error quoting SIP", ip6(58, ip6a, ip6b, join([]byte{1, 4, 0, 0, 0, 0, 0, 0}, udp6)), IgnoredProtocol, 0, false},
		{"IPv6 without next header", ip6(59, ip6a, ip6b, nil), IgnoredProtocol, 0, false},
		{"IPv6 extension beyond the packet", ip6(0, ip6a, ip6b, []byte{17, 9, 0, 0, 0, 0, 0, 0}), MalformedIP, 0, false},
		{"IPv6 extensions without end", ip6(60, ip6a, ip6b, bytes.Repeat([]byte{60, 0, 1, 4, 0, 0, 0, 0}, 100)), MalformedIP, 0, false},
		{"authentication header of two words", ip4(51, ip4a, ip4b, join([]byte{17, 0}, make([]byte, 6), udpTo(1, 2, text))), MalformedIP, 0, false},
		{"authentication header too short", ip4(51, ip4a, ip4b, make([]byte, 12)), MalformedIP, 0, false},
		{"GRE keep-alive", outer(47, join(u16(0), u16(0))), IgnoredProtocol, 0, false},
		{"GRE with source routing", outer(47, join(u16(0x4000), u16(0x0800), u32(0), udp4)), MalformedTunnel, 0, false},
		{"GRE of version 2", outer(47, join(u16(2), u16(0x0800), udp4)), MalformedTunnel, 0, false},
		{"GRE header cut", outer(47, join(u16(0xb000), u16(0x0800), u32(0))), MalformedTunnel, 0, false},
		{"label stack without end", outer(137, bytes.Repeat(u32(17<<12|64), 100)), MalformedTunnel, 0, false},
	} {
		d := New()
		var p Packet
		got := d.Decode(LinkRaw, c.ip, len(c.ip), now, &p)
		if got != c.want || got == Transport && (len(p.Payload) != c.payload || p.Truncated != c.truncated) {
			t.Errorf("%s: got %s, payload of %d bytes, truncated %t; want %s, %d, %t",
				c.name, got, len(p.Payload), p.Truncated, c.want, c.payload, c.truncated)
		}
	}
}

func TestLinkHeaders(t *testing.T) {
	ip := inners[0].ip
	for _, c := range []struct {
		name  string
		link  LinkType
		frame []byte
		want  Outcome
	}{
		{"empty Ethernet", LinkEthernet, nil, MalformedLink},
		{"Ethernet header cut", LinkEthernet, make([]byte, 13), MalformedLink},
		{"802.3 with LLC", LinkEthernet, ethernetII(38, make([]byte, 46)), IgnoredNotIP},
		{"ARP", LinkEthernet, ethernetII(0x0806, make([]byte, 28)), IgnoredNotIP},
		{"LLDP behind a tag", LinkEthernet, ethernetII(0x8100, tag(1, 0x88cc, make([]byte, 28))), IgnoredNotIP},
		{"five tags", LinkEthernet, ethernetII(0x8100, tag(1, 0x8100, tag(1, 0x8100, tag(1, 0x8100, tag(1, 0x8100, tag(1, 0x800, ip)))))), MalformedTunnel},
		{"tag cut", LinkEthernet, ethernetII(0x8100, []byte{0, 1, 8}), MalformedLink},
		{"PPPoE discovery", LinkEthernet, ethernetII(0x8863, make([]byte, 28)), IgnoredNotIP},
		{"PPPoE length beyond the frame", LinkEthernet, ethernetII(0x8864, join([]byte{0x11, 0, 0, 1, 9, 9}, pppOf(ip))), MalformedTunnel},
		{"PPPoE length one beyond the frame", LinkEthernet, ethernetII(0x8864, join([]byte{0x11, 0, 0, 1}, u16(2+len(ip)+1), pppOf(ip))), MalformedTunnel},
		{"PPPoE of another version", LinkEthernet, ethernetII(0x8864, join([]byte{0x21, 0, 0, 1}, u16(2+len(ip)), pppOf(ip))), MalformedTunnel},
		{"PPP control protocol", LinkPPP, []byte{0xff, 3, 0xc0, 0x21, 1, 1, 0, 4}, IgnoredNotIP},
		{"PPP cut", LinkPPP, []byte{0xff, 3, 0}, MalformedLink},
		{"null of no family", LinkNull, []byte{0, 0, 0, 0, 0x45}, IgnoredNotIP},
		{"null cut", LinkNull, []byte{2, 0, 0}, MalformedLink},
		{"SLL cut", LinkSLL, make([]byte, 15), MalformedLink},
		{"SLL2 cut", LinkSLL2, make([]byte, 19), MalformedLink},
		{"Cisco metadata of another version", LinkEthernet, ethernetII(0x8909, join([]byte{2, 1, 0, 1, 0, 2}, u16(0x800), ip)), MalformedTunnel},
	} {
		var p Packet
		if got := New().Decode(c.link, c.frame, len(c.frame), now, &p); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

// TestMirrorCutTheFrame: an ERSPAN session that truncates says so in its T
// bit; then the payload there is comes out, marked.
func TestMirrorCutTheFrame(t *testing.T) {
	inner := ethernetII(0x0800, inners[0].ip)
	inner = inner[:len(inner)-10]
	for _, c := range []struct {
		bits byte
		want Outcome
	}{{0, MalformedIP}, {4, Transport}} {
		ip := outer(47, join(u16(0x1000), u16(0x88be), u32(1), []byte{0x10, 7, c.bits, 1, 0, 0, 0, 1}, inner))
		var p Packet
		got := New().Decode(LinkRaw, ip, len(ip), now, &p)
		if got != c.want || got == Transport && (!p.Truncated || !bytes.Equal(p.Payload, text[:len(text)-10])) {
			t.Errorf("T bit %d: got %s, %q, truncated %t; want %s", c.bits, got, p.Payload, p.Truncated, c.want)
		}
	}
}

func TestOutcomeWords(t *testing.T) {
	seen := map[string]bool{}
	for o := Transport; o <= IgnoredHEP; o++ {
		key := o.Class().String() + "." + o.String()
		if o.Class() == 0 || o.String() == "" || seen[key] {
			t.Errorf("outcome %d is printed as %q", o, key)
		}
		seen[key] = true
	}
	if o := Outcome(99); o.Class() != 0 || o.String() != "" || Class(99).String() != "" {
		t.Errorf("outcome 99: got class %d and name %q, want none", o.Class(), o)
	}
}

// TestSnifferCutTheFrame: a sniffer that sends less than it saw says in a tag
// how long the frame was, and what it sends of wireless networks is not read.
func TestSnifferCutTheFrame(t *testing.T) {
	inner := ethernetII(0x0800, inners[0].ip)
	short := inner[:len(inner)-10]
	for _, c := range []struct {
		name string
		tzsp []byte
		want Outcome
	}{
		{"cut, and says so", join([]byte{1, 0, 0, 1, 41, 2}, u16(len(inner)), []byte{1}, short), Transport},
		{"cut, and does not say so", join([]byte{1, 0, 0, 1, 1}, short), MalformedIP},
		{"cut, and says too little", join([]byte{1, 0, 0, 1, 41, 2}, u16(len(inner)-1), []byte{1}, short), MalformedIP},
		{"802.11", join([]byte{1, 0, 0, 18, 1}, inner), IgnoredLink},
		{"802.11 with radiotap", join([]byte{1, 0, 0, 126, 1}, inner), IgnoredLink},
	} {
		ip := outer(17, udpTo(50000, 37008, c.tzsp))
		var p Packet
		got := New().Decode(LinkRaw, ip, len(ip), now, &p)
		if got != c.want || got == Transport && (!p.Truncated || !bytes.Equal(p.Payload, text[:len(text)-10])) {
			t.Errorf("%s: got %s, %q, truncated %t; want %s", c.name, got, p.Payload, p.Truncated, c.want)
		}
	}
}
