package frame

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"slices"
	"strconv"
	"testing"
	"time"
)

// transports are packets of each protocol, and where their checksums stand.
var transportPackets = []struct {
	name     string
	protocol byte
	l4       []byte
	checksum [2]int
}{
	{"udp", 17, udpTo(5060, 5070, text), [2]int{6, 8}},
	{"tcp", 6, tcpTo(5060, 5070, 99, PSH|ACK, text, 1, 1, 1, 1), [2]int{16, 18}},
	{"sctp", 132, join(u16(5060), u16(5070), make([]byte, 8), text), [2]int{8, 12}},
}

// turned is a copy of b with one byte turned over.
func turned(b []byte, at int) []byte {
	out := bytes.Clone(b)
	out[at] ^= 0xff
	return out
}

// TestDoubledFrames: the same packet comes again, over another way.
func TestDoubledFrames(t *testing.T) {
	type captured struct {
		name  string
		link  LinkType
		frame []byte
	}
	for _, tp := range transportPackets {
		ip := ip4(tp.protocol, ip4a, ip4b, tp.l4)
		routed := turned(turned(ip, 1), 8) // another DSCP, another TTL
		ways := []captured{
			{"as it was", LinkEthernet, ethernetII(0x0800, ip)},
			{"from another MAC address", LinkEthernet, turned(ethernetII(0x0800, ip), 6)},
			{"routed", LinkEthernet, ethernetII(0x0800, routed)},
			{"with a tag", LinkEthernet, ethernetII(0x8100, tag(10, 0x0800, ip))},
			{"on any interface", LinkSLL2, links[17].wrap(ip)},
			{"padded", LinkEthernet, append(ethernetII(0x0800, ip), make([]byte, 12)...)},
			{"before the card filled in the checksum", LinkRaw, ip4(tp.protocol, ip4a, ip4b, turned(tp.l4, tp.checksum[0]))},
		}
		for _, tun := range tunnels[1:] {
			ways = append(ways, captured{"in " + tun.name, LinkRaw, tun.wrap(ip)})
		}
		for _, first := range ways {
			d, want := New(), Transport
			var p Packet
			d.Decode(first.link, first.frame, len(first.frame), now, &p)
			for i, w := range ways {
				want = IgnoredDuplicate
				if got := d.Decode(w.link, w.frame, len(w.frame), now.Add(time.Duration(i)*time.Microsecond), &p); got != want {
					t.Errorf("%s %s, then %s: got %s, want %s", tp.name, first.name, w.name, got, want)
				}
			}
			if got := d.Counters().Doubled; got != uint64(len(ways)) {
				t.Errorf("%s %s: %d doubled, want %d", tp.name, first.name, got, len(ways))
			}
		}
	}
}

// TestAlmostDoubled: a packet that differs in any byte that says something is
// another packet, however alike it was made.
func TestAlmostDoubled(t *testing.T) {
	for _, tp := range transportPackets {
		first := ip4frag(tp.protocol, ip4a, ip4b, 0, 0, tp.l4)
		others := map[string][]byte{
			"another identification": turned(first, 4), "the other way": ip4frag(tp.protocol, ip4b, ip4a, 0, 0, tp.l4),
			"from another address": turned(first, 15), "to another address": turned(first, 19),
			"over IPv6":               ip6(tp.protocol, ip6a, ip6b, tp.l4),
			"from the mapped address": ip6(tp.protocol, netip.AddrFrom16(ip4a.As16()), netip.AddrFrom16(ip4b.As16()), tp.l4),
			"from both addresses":     ip6(tp.protocol, netip.AddrFrom16([16]byte(join(ip4a.AsSlice(), ip4b.AsSlice(), make([]byte, 8)))), netip.IPv6Unspecified(), tp.l4),
		}
		if tp.protocol != 17 { // which says its length
			others["longer"] = ip4frag(tp.protocol, ip4a, ip4b, 0, 0, append(bytes.Clone(tp.l4), 'x'))
		}
		for i := range tp.l4 {
			lengths := tp.protocol == 17 && (i == 4 || i == 5) || tp.protocol == 6 && i == 12
			if !lengths && (i < tp.checksum[0] || i >= tp.checksum[1]) {
				others["byte "+strconv.Itoa(i)] = ip4frag(tp.protocol, ip4a, ip4b, 0, 0, turned(tp.l4, i))
			}
		}
		for name, other := range others {
			d := New()
			var p Packet
			d.Decode(LinkRaw, first, len(first), now, &p)
			if got := d.Decode(LinkRaw, other, len(other), now, &p); got != Transport {
				t.Errorf("%s, %s: got %s, want transport", tp.name, name, got)
			}
		}
	}
}

// TestDoublesInTime: within the window of the first, on either side.
func TestDoublesInTime(t *testing.T) {
	const ms = time.Millisecond
	ip := inners[0].ip
	s := newStory(t)
	s.ip(ip, 0, Transport)
	s.ip(ip, doubleWindow, IgnoredDuplicate)
	s.ip(ip, doubleWindow+1, Transport) // its own double was no reason to wait longer
	s.ip(ip, doubleWindow+1-20*ms, IgnoredDuplicate)
	s.ip(ip, -10*ms, IgnoredDuplicate)   // frames come out of order
	s.ip(ip, -doubleWindow-1, Transport) // the clock was set back
	s.ip(ip, -time.Hour, Transport)
	s.ip(ip, -time.Hour+ms, IgnoredDuplicate)
	s.ip(ip, time.Hour, Transport)
	s.counters(Counters{Doubled: 4})
}

// TestSIPRetransmissionsCount: what a sender repeats after T1 is news, and so is
// what it sends anew at once.
func TestSIPRetransmissionsCount(t *testing.T) {
	const t1 = 500 * time.Millisecond
	s := newStory(t)
	for id := range 3 {
		s.ip(ip4frag(17, ip4a, ip4b, id, 0, udpTo(5060, 5060, text)), 0, Transport)
	}
	for i := range 3 {
		s.ip(ip6(17, ip6a, ip6b, udpTo(5060, 5060, text)), time.Duration(i)*t1, Transport)
	}
}

// TestDoubledCutFrames: a frame that the snaplen cut is the double of one that
// showed as much or more of the same length, and of no other.
func TestDoubledCutFrames(t *testing.T) {
	zeros := make([]byte, 40) // like memory that nobody wrote to
	ip := ip4(6, ip4a, ip4b, tcpTo(5060, 5070, 1, ACK, zeros))
	longer := ip4(6, ip4a, ip4b, tcpTo(5060, 5070, 1, ACK, zeros))
	longer = append(longer, 0)
	longer[3]++
	for _, c := range []struct {
		name          string
		first, second []byte
		wire          int
		want          Outcome
	}{
		{"cut as early", ip[:60], ip[:60], len(ip), IgnoredDuplicate},
		{"cut earlier", ip[:64], ip[:60], len(ip), IgnoredDuplicate},
		{"cut later", ip[:60], ip[:64], len(ip), Transport},
		{"whole", ip[:60], ip, len(ip), Transport},
		{"cut, of another length", ip[:60], longer[:60], len(longer), Transport},
	} {
		d := New()
		var p Packet
		d.Decode(LinkRaw, c.first, len(ip), now, &p)
		if got := d.Decode(LinkRaw, c.second, c.wire, now, &p); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

// TestDoubledDatagrams: each fragment mirrored twice, one after the other or all
// again, with a tag the second time or without: one datagram.
func TestDoubledDatagrams(t *testing.T) {
	fragments, _ := pieces4(1, 100, 32)
	plain := func(ip []byte) []byte { return ethernetII(0x0800, ip) }
	tagged := func(ip []byte) []byte { return ethernetII(0x8100, tag(10, 0x0800, ip)) }
	for name, second := range map[string]func([]byte) []byte{"plain": plain, "tagged": tagged} {
		for _, inTurn := range []bool{true, false} {
			d, whole := New(), 0
			var p Packet
			decode := func(frame []byte) {
				if d.Decode(LinkEthernet, frame, len(frame), now, &p) == Transport {
					whole++
				}
			}
			for _, f := range fragments {
				decode(plain(f))
				if inTurn {
					decode(second(f))
				}
			}
			for _, f := range fragments {
				if !inTurn {
					decode(second(f))
				}
			}
			if whole != 1 {
				t.Errorf("%s, in turn %t: got %d datagrams, want 1", name, inTurn, whole)
			}
			checkCaps(t, d)
		}
	}
}

// TestDoublesForgetTheOldest: what lies between a packet and its double may be
// so much that it is forgotten; then it counts twice, and nothing else happens.
func TestDoublesForgetTheOldest(t *testing.T) {
	numbered := func(i, size int) []byte {
		payload := make([]byte, size)
		binary.BigEndian.PutUint32(payload, uint32(i))
		return ip4(17, ip4a, ip4b, udpTo(5060, 5070, payload))
	}
	for _, c := range map[string]struct{ packets, size int }{
		"more packets than places": {2 * doublePackets, 8}, "more bytes than the ring has": {6, 60000},
	} {
		s := newStory(t)
		for i := range c.packets {
			s.ip(numbered(i, c.size), 0, Transport)
		}
		s.ip(numbered(c.packets-1, c.size), 0, IgnoredDuplicate)
		s.ip(numbered(0, c.size), 0, Transport)
		s.ip(numbered(0, c.size), 0, IgnoredDuplicate)
	}
}

// TestDoublesOverwritten: another packet's bytes where those of a packet were
// do not speak for it.
func TestDoublesOverwritten(t *testing.T) {
	const size = doubleBytes / 32
	other := make([]byte, size-udpHeader)
	other[20] = 1 // which the fingerprint does not look at
	s := newStory(t)
	s.ip(ip4(17, ip4a, ip4b, udpTo(5060, 5070, make([]byte, size-udpHeader))), 0, Transport)
	for i := range 31 {
		s.ip(ip4(17, ip4a, ip4b, udpTo(5061+i, 5070, make([]byte, size-udpHeader))), 0, Transport)
	}
	s.ip(ip4(17, ip4b, ip4a, udpTo(5060, 5070, other)), 0, Transport)
	s.ip(ip4(17, ip4a, ip4b, udpTo(5060, 5070, other)), 0, Transport)
}

// TestDoublesAtARate: of the voice of 500 calls, mirrored twice with 12 ms
// between, nearly every double is recognised.
func TestDoublesAtARate(t *testing.T) {
	const (
		streams = 1000
		behind  = 600 // packets between a frame and its double: 12 ms of 50,000 a second
	)
	d, doubled, packets := New(), 0, 20*streams
	var p Packet
	decode := func(i int) Outcome {
		rtp := make([]byte, 172)
		binary.BigEndian.PutUint32(rtp, 0x80000000|uint32(i/streams))
		binary.BigEndian.PutUint32(rtp[8:], uint32(i%streams))
		ip := ip4frag(17, ip4a, ip4b, 0, 0, udpTo(10000+i%streams, 20000, rtp))
		return d.Decode(LinkRaw, ip, len(ip), now.Add(time.Duration(i)*20*time.Microsecond), &p)
	}
	for i := range packets {
		if got := decode(i); got != Transport {
			t.Fatalf("packet %d: got %s, want transport", i, got)
		}
		if i >= behind && decode(i-behind) == IgnoredDuplicate {
			doubled++
		}
	}
	if doubled < packets*8/10 {
		t.Errorf("%d of %d doubles were recognised", doubled, packets-behind)
	}
	t.Logf("%d of %d doubles were recognised", doubled, packets-behind)
}

// FuzzDoubles plays a script of packets that are very much alike. A packet is
// refused only when the same one was handed on within the window.
func FuzzDoubles(f *testing.F) {
	f.Add([]byte{1, 0, 0, 1, 0, 0, 1, 1, 0, 1, 0, 255})
	f.Add([]byte{7, 20, 3, 7, 20, 200, 6, 20, 3, 7, 20, 3})
	f.Fuzz(func(t *testing.T, script []byte) {
		d, at := New(), now
		handedOn := map[string][]time.Time{}
		var p Packet
		for ; len(script) >= 3; script = script[3:] {
			payload := make([]byte, int(script[1])*64)
			if len(payload) > 0 {
				payload[len(payload)/2] = script[0] & 3
			}
			ip := ip4frag(17, ip4a, ip4b, int(script[0]>>2), 0, udpTo(5060, 5070, payload))
			at = at.Add(time.Duration(int8(script[2])) * time.Millisecond)
			near := func(last time.Time) bool { return at.Sub(last).Abs() <= doubleWindow }
			switch got := d.Decode(LinkRaw, ip, len(ip), at, &p); {
			case got == Transport:
				handedOn[string(ip)] = append(handedOn[string(ip)], at)
			case got != IgnoredDuplicate || !slices.ContainsFunc(handedOn[string(ip)], near):
				t.Fatalf("packet of %d bytes at %v: got %s; it was handed on at %v", len(payload), at, got, handedOn[string(ip)])
			}
		}
	})
}
