package frame

import (
	"bytes"
	"net/netip"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var (
	now  = time.Unix(1_700_000_000, 0)
	text = []byte("OPTIONS sip:a@example.org SIP/2.0\r\n\r\n")
)

var samePacket = []cmp.Option{
	cmpopts.EquateComparable(netip.AddrPort{}), cmpopts.EquateEmpty(),
}

// inners are packets that must come out of every wrapping.
var inners = []struct {
	name string
	ip   []byte
	want Packet
}{
	{"udp", ip4(17, ip4a, ip4b, udpTo(5060, 5070, text)), Packet{Protocol: UDP, Payload: text,
		Src: netip.AddrPortFrom(ip4a, 5060), Dst: netip.AddrPortFrom(ip4b, 5070)}},
	{"udp behind ip options", ip4(17, ip4a, ip4b, udpTo(5060, 5070, text), 1, 1, 1, 1), Packet{Protocol: UDP, Payload: text,
		Src: netip.AddrPortFrom(ip4a, 5060), Dst: netip.AddrPortFrom(ip4b, 5070)}},
	{"tcp over ipv6", ip6(6, ip6a, ip6b, tcpTo(5060, 5070, 99, PSH|ACK, text, 1, 1, 1, 1)), Packet{Protocol: TCP, Payload: text,
		Src: netip.AddrPortFrom(ip6a, 5060), Dst: netip.AddrPortFrom(ip6b, 5070), Seq: 99, Flags: PSH | ACK}},
	{"sctp", ip4(132, ip4a, ip4b, join(u16(5060), u16(5070), make([]byte, 8), text)), Packet{Protocol: SCTP, Payload: text,
		Src: netip.AddrPortFrom(ip4a, 5060), Dst: netip.AddrPortFrom(ip4b, 5070)}},
	{"hep 1", reportedTo(9060, hep12(1, 16, 17, ip4a, ip4b, text)), Packet{Protocol: UDP, Payload: text, HEP: true,
		Src: netip.AddrPortFrom(ip4a, 5060), Dst: netip.AddrPortFrom(ip4b, 5070)}},
	{"hep 2 of tls", reportedTo(9061, hep12(2, 52, 22, ip6a, ip6b, text)), Packet{Protocol: TCP, Payload: text, HEP: true,
		Src: netip.AddrPortFrom(ip6a, 5060), Dst: netip.AddrPortFrom(ip6b, 5070)}},
	{"hep 3", reportedTo(40000, hep3(hepOf(17, 1, ip4a, ip4b), chunkOf(15, text))), Packet{Protocol: UDP, Payload: text, HEP: true,
		Src: netip.AddrPortFrom(ip4a, 5060), Dst: netip.AddrPortFrom(ip4b, 5070)}},
	{"hep 3 compressed", reportedTo(40000, hep3(hepOf(132, 1, ip6a, ip6b), chunkOf(16, deflated(text)))), Packet{Protocol: SCTP, Payload: text, HEP: true,
		Src: netip.AddrPortFrom(ip6a, 5060), Dst: netip.AddrPortFrom(ip6b, 5070)}},
}

// TestEveryWrapping: the same packet comes out of every link layer, every
// tunnel in it, and every tunnel within a tunnel.
func TestEveryWrapping(t *testing.T) {
	d, at := New(), now
	var got Packet
	for _, l := range links {
		for _, first := range tunnels {
			for _, second := range tunnels {
				for _, in := range inners {
					frame := l.wrap(first.wrap(second.wrap(in.ip)))
					at = at.Add(2 * doubleWindow)
					outcome := d.Decode(l.link, frame, len(frame), at, &got)
					want := in.want
					want.VLAN = l.vlan
					if l.vlan == 0 && (first.name == "vxlan" || second.name == "vxlan") {
						want.VLAN = 77
					}
					if outcome != Transport || !equal(&got, &want) {
						t.Fatalf("%s in %s in %s in %s: got %s, want transport (-want +got):\n%s", in.name, second.name, first.name, l.name,
							outcome, cmp.Diff(want, got, samePacket...))
					}
					checkPayload(t, d, frame, &got)
				}
			}
		}
	}
}

// equal is what cmp would say; cmp itself is too slow for thousands of frames.
func equal(a, b *Packet) bool {
	x, y := *a, *b
	x.Payload, y.Payload = nil, nil
	return reflect.DeepEqual(x, y) && bytes.Equal(a.Payload, b.Payload)
}

func TestFixedLinkTypes(t *testing.T) {
	d := New()
	var p Packet
	four, six := inners[0].ip, inners[2].ip
	for _, c := range []struct {
		link LinkType
		ip   []byte
		want Outcome
	}{
		{LinkIPv4, four, Transport}, {LinkIPv6, six, Transport},
		{LinkIPv4, six, MalformedIP}, {LinkIPv6, four, MalformedIP},
		{147, four, IgnoredLink},
	} {
		if got := d.Decode(c.link, c.ip, len(c.ip), now, &p); got != c.want {
			t.Errorf("link type %d, IP version %d: got %s, want %s", c.link, c.ip[0]>>4, got, c.want)
		}
	}
}

// TestCutAnywhere cuts every wrapping at every byte: by the snaplen, when what
// is left of the payload comes out, and on the wire, when some length lies.
func TestCutAnywhere(t *testing.T) {
	d, at := New(), now
	var p Packet
	for _, l := range links {
		for _, tun := range tunnels {
			for _, in := range inners {
				frame := l.wrap(tun.wrap(in.ip))
				for n := range frame {
					at = at.Add(2 * doubleWindow)
					cut := frame[:n] // what was cut off stands behind it, to be found by mistake
					outcome := d.Decode(l.link, cut, len(frame), at, &p)
					if c := outcome.Class(); c == 0 || c == Dropped {
						t.Fatalf("%s in %s in %s cut at %d: got class %d", in.name, tun.name, l.name, n, c)
					}
					if outcome == Transport && p.Dst.Port() == 5070 {
						checkCut(t, &p, in.want.Payload)
						checkPayload(t, d, cut, &p)
					}
					outcome = d.Decode(l.link, cut, n, at, &p)
					if outcome.Class() == 0 {
						t.Fatalf("%s in %s in %s of %d bytes: outcome %d", in.name, tun.name, l.name, n, outcome)
					}
					if outcome == Transport {
						checkPayload(t, d, cut, &p)
					}
				}
			}
		}
	}
}

func checkCut(t *testing.T, p *Packet, whole []byte) {
	t.Helper()
	if !bytes.HasPrefix(whole, p.Payload) {
		t.Fatalf("got payload %q, want a beginning of %q", p.Payload, whole)
	}
	if p.Truncated != (len(p.Payload) < len(whole)) {
		t.Fatalf("got truncated %t for %d of %d bytes", p.Truncated, len(p.Payload), len(whole))
	}
}

// TestNestingIsBounded: what would unwrap for ever does not. Half the bound is
// asked for, since some wrappings have two headers of their own.
func TestNestingIsBounded(t *testing.T) {
	for _, tun := range tunnels[1:] {
		for _, c := range []struct {
			times int
			want  Outcome
		}{{maxNesting / 2, Transport}, {maxNesting + 1, MalformedTunnel}, {10 * maxNesting, MalformedTunnel}} {
			ip := inners[0].ip
			for range c.times {
				ip = tun.wrap(ip)
			}
			var p Packet
			if got := New().Decode(LinkRaw, ip, len(ip), now, &p); got != c.want {
				t.Errorf("%d times %s: got %s, want %s", c.times, tun.name, got, c.want)
			}
		}
	}
}

// TestPortsDoNotMakeTunnels: what comes to a tunnel's port and is none stays
// the UDP packet that it is.
func TestPortsDoNotMakeTunnels(t *testing.T) {
	d := New()
	rtp := join([]byte{0x80, 0, 0, 1}, make([]byte, 168))
	arp := ethernetII(0x0806, make([]byte, 28))
	for _, port := range []int{4789, 8472, 6081, 2152, 37008} {
		for name, payload := range map[string][]byte{
			"sip": text, "rtp": rtp, "nothing": nil, "one byte": {8}, "zeros": make([]byte, 64),
			"vxlan flags alone": {8, 0, 0, 0, 0, 0, 9, 0}, "vxlan of junk": join([]byte{8, 0, 0, 0, 0, 0, 9, 0}, bytes.Repeat([]byte{0xee}, 64)),
			"vxlan with the last reserved byte set": join([]byte{8, 0, 0, 0, 0, 0, 9, 1}, arp),
			"geneve of another version":             join([]byte{0x40, 0, 0x65, 0x58, 0, 0, 9, 0}, arp),
			"geneve with options beyond its end":    join([]byte{0x3f, 0, 0x65, 0x58, 0, 0, 9, 0}, arp),
			"gtp echo":                              {0x32, 1, 0, 4, 0, 0, 0, 0, 0, 1, 0, 0},
			"gtp of another length":                 join([]byte{0x30, 255, 0, 99, 0, 0, 0, 1}, inners[0].ip),
			"tzsp of another version":               join([]byte{2, 0, 0, 1, 1}, arp),
			"tzsp keep-alive":                       {1, 4, 0, 0},
			"tzsp of token ring":                    join([]byte{1, 0, 0, 2, 1}, arp),
			"tzsp of junk":                          join([]byte{1, 0, 0, 1, 1}, bytes.Repeat([]byte{0xee}, 64)),
			"tzsp with no IP where it says so":      join([]byte{1, 0, 0, 7, 1}, make([]byte, 40)),
			"tzsp without its end tag":              {1, 0, 0, 1, 0, 0, 0, 0},
			"tzsp with a tag beyond its end":        join([]byte{1, 0, 0, 1, 10, 200}, arp),
			"tzsp that ends in a tag":               {1, 0, 0, 1, 10},
			"gtp with an extension of length zero":  join([]byte{0x34, 255, 0, 12, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0}),
		} {
			frame := ethernetII(0x0800, ip4(17, ip4a, ip4b, udpTo(40000, port, payload)))
			var p Packet
			got := d.Decode(LinkEthernet, frame, len(frame), now, &p)
			if got != Transport || p.Dst.Port() != uint16(port) || !bytes.Equal(p.Payload, payload) {
				t.Errorf("%s to port %d: got %s to %s with %x, want it as it is", name, port, got, p.Dst, p.Payload)
			}
		}
	}
}
