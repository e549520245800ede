package frame

import (
	"net/netip"
	"testing"
	"time"
)

// TestOldestAboveTheCap: when a fragment for the oldest datagram does not fit,
// the oldest is what goes, like in any other case: the cap has no exception.
func TestOldestAboveTheCap(t *testing.T) {
	s := newStory(t)
	s.ip(ip4frag(17, ip4a, ip4b, 0, 0x2000, make([]byte, 8)), 0, Held)
	const each = 4096
	for id := 1; s.d.Counters().HeldBytes+each+pieceOverhead <= MaxHeldBytes; id++ {
		s.ip(ip4frag(17, ip4a, ip4b, id, 0x2000, make([]byte, each)), 0, Held)
	}
	s.ip(ip4frag(17, ip4a, ip4b, 0, 0x2000|1, make([]byte, 60000)), 0, DroppedFragments)
	s.counters(Counters{Evicted: 1})
	s.ip(ip4frag(17, ip4a, ip4b, 1, each/8, []byte("end")), 0, Transport) // the others stay
}

// TestChainOfFragments: a datagram put together may be a fragment that
// completes the next datagram, and so on. One frame must not set off as many
// copies as there are datagrams waiting.
func TestChainOfFragments(t *testing.T) {
	const chain = 500
	s := newStory(t)
	for id := uint32(1); id <= chain; id++ { // each waits for what follows its first 8 bytes
		next := join([]byte{17, 0}, u16(8), u32(id+1))
		s.ip(ip6frag(44, id, 1, next), 0, Held)
	}
	long := ip6frag(44, 1, 8, make([]byte, 1400))
	if got := s.d.Decode(LinkRaw, long, len(long), now, &s.p); got != MalformedTunnel {
		t.Errorf("got %s, want tunnel", got)
	}
	if c := s.d.Counters(); c.Reassembled > maxNesting+1 {
		t.Errorf("one frame put %d datagrams together, want %d at most", c.Reassembled, maxNesting+1)
	}
	checkCaps(t, s.d)
}

// TestPseudowireToAnyAddress: without a control word, a frame to an address
// that begins with 4 or 6 looks like IP to its first four bits.
func TestPseudowireToAnyAddress(t *testing.T) {
	for first := range 256 {
		inner := ethernetII(0x0800, inners[0].ip)
		inner[0] = byte(first)
		frame := ethernetII(0x8847, join(u32(17<<12|0x100|64), inner))
		var p Packet
		if got := New().Decode(LinkEthernet, frame, len(frame), now, &p); got != Transport || !equal(&p, &inners[0].want) {
			t.Errorf("to %#x…: got %s to %s, want the packet", first, got, p.Dst)
		}
	}
}

// TestLabelledIPLikeEthernet: an IP packet whose source address stands where a
// pseudowire has an EtherType, and its version, is still IP.
func TestLabelledIPLikeEthernet(t *testing.T) {
	src := netip.MustParseAddr("8.0.69.1")
	frame := ethernetII(0x8847, join(u32(17<<12|0x100|64), ip4(17, src, ip4b, udpTo(5060, 5070, text))))
	var p Packet
	if got := New().Decode(LinkEthernet, frame, len(frame), now, &p); got != Transport || p.Src.Addr() != src {
		t.Errorf("got %s from %s, want transport from %s", got, p.Src, src)
	}
}

// FuzzFragments sends pieces of datagrams that never contradict each other in
// what they carry: four bytes of script say which datagram, offset, length,
// and whether it ends, repeats or waits. What is put together is what was cut.
func FuzzFragments(f *testing.F) {
	f.Add([]byte{0, 0, 4, 0, 0, 4, 4, 1})
	f.Add([]byte{1, 4, 4, 1, 1, 0, 4, 0, 1, 0, 4, 0})
	f.Add([]byte{0, 0, 4, 0, 1, 0, 4, 0, 0, 2, 4, 0, 1, 4, 2, 3, 0, 4, 4, 0xf1})
	f.Fuzz(func(t *testing.T, script []byte) {
		whole := make([]byte, 512*8)
		for i := range whole {
			whole[i] = byte(i * 11)
		}
		copy(whole, udpTo(5060, 5070, nil))
		copy(whole[4:], []byte{0, 0})           // as long as it turns out to be
		script = script[:min(len(script), 800)] // 200 fragments tell any story
		d, at, frames := New(), now, uint64(0)
		var p Packet
		for ; len(script) >= 4; script = script[4:] {
			id, offset, n, what := int(script[0]), int(script[1])*8, 8*(1+int(script[2])), script[3]
			flags := 0x2000
			if what&1 != 0 {
				flags, n = 0, n-int(what>>1&7)
			}
			n = min(n, len(whole)-offset)
			at = at.Add(time.Duration(what>>4) * time.Second)
			ip := ip4frag(17, ip4a, ip4b, id, flags|offset/8, whole[offset:offset+n])
			outcome := d.Decode(LinkRaw, ip, len(ip), at, &p)
			frames++
			if outcome == Transport {
				checkPayload(t, d, ip, &p)
				if string(p.Payload) != string(whole[8:8+len(p.Payload)]) || p.Truncated {
					t.Fatalf("payload %x is not what was cut", p.Payload)
				}
			}
			checkCaps(t, d)
		}
		c := d.Counters()
		if ended := c.Reassembled + c.Expired + c.Evicted + c.Overlapping + c.Refused + uint64(c.Held); ended > frames {
			t.Fatalf("%d datagrams came of %d fragments: %+v", ended, frames, c)
		}
	})
}
