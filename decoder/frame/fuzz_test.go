package frame

import (
	"testing"
	"time"
)

// FuzzDecode gives a frame whole, at once again, later to a decoder that knows
// other frames, and cut by the snaplen. Whatever it is, it has an outcome, its
// payload lies where it is promised to, the second is the double of the first, a
// cut frame gives a beginning of the whole one's payload or nothing, and the
// table of fragments keeps its caps.
func FuzzDecode(f *testing.F) {
	for _, l := range links {
		for i, tun := range tunnels {
			f.Add(uint16(l.link), l.wrap(tun.wrap(inners[i%len(inners)].ip)), uint16(20))
		}
	}
	fragments, _ := pieces4(1, 100, 32)
	for _, ip := range fragments {
		f.Add(uint16(LinkRaw), ip, uint16(4))
	}
	f.Add(uint16(LinkRaw), ip6frag(17, 1, 1, make([]byte, 16)), uint16(0))
	for _, in := range inners[len(inners)-4:] {
		f.Add(uint16(LinkHEP), in.ip[28:], uint16(9))
		f.Add(uint16(LinkRaw), in.ip, uint16(50))
	}
	d := New()
	at := now
	f.Fuzz(func(t *testing.T, link uint16, frame []byte, cut uint16) {
		at = at.Add(time.Millisecond)
		check := func(d *Decoder, data []byte) (Outcome, Packet) {
			var p Packet
			outcome := d.Decode(LinkType(link), data, len(frame), at, &p)
			if outcome.Class() == 0 {
				t.Fatalf("outcome %d has no class", outcome)
			}
			if outcome == Transport {
				checkPayload(t, d, data, &p)
			}
			checkCaps(t, d)
			return outcome, p
		}
		check(d, frame) // with whatever fragments came before
		first := New()
		whole, p := check(first, frame)
		again, _ := check(first, frame)
		if whole == Transport && LinkType(link) != LinkHEP && len(frame) <= maxDatagram && again != IgnoredDuplicate {
			t.Fatalf("the same frame again: got %s, want duplicate", again)
		}
		n := len(frame) - min(int(cut), len(frame))
		outcome, q := check(New(), frame[:n:n])
		same := outcome == Transport && whole == Transport && p.Src == q.Src && p.Dst == q.Dst && p.Protocol == q.Protocol
		if same && len(q.Payload) > len(p.Payload) {
			t.Fatalf("payload of %d bytes in the cut frame, of %d in the whole one", len(q.Payload), len(p.Payload))
		}
	})
}
