package media

import "testing"

// TestUnannouncedStreamIsHeardOnce: after a second of speech, and not before.
func TestUnannouncedStreamIsHeardOnce(t *testing.T) {
	x := newTap(t, DefaultConfig())
	for i := range uint16(200) {
		x.observe(packet(alice, bob, 7, 8, i, make([]byte, 160)))
		if want := min(int(i+1)/heardPackets, 1); len(x.heard) != want {
			t.Fatalf("packet %d: heard of %d streams, want %d", i+1, len(x.heard), want)
		}
	}
	if s := x.heard[0]; s.Src != alice || s.Dst != bob || s.Call != 0 || s.Packets != heardPackets {
		t.Errorf("got %+v, want the stream from %v to %v, of no call", s, alice, bob)
	}
}

// TestAnnouncedStreamIsNotHeard, nor is a flood of SSRCs.
func TestAnnouncedStreamIsNotHeard(t *testing.T) {
	x := newTap(t, DefaultConfig())
	x.announce(1, bob)
	for i := range uint16(200) {
		x.observe(packet(alice, bob, 7, 8, i, make([]byte, 160)))
		x.observe(packet(alice, port1, 1000+uint32(i/40), 8, i, make([]byte, 160)))
	}
	if len(x.heard) > 0 {
		t.Errorf("heard of %d streams, want none: %+v", len(x.heard), x.heard[0])
	}
}
