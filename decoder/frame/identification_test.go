package frame

import (
	"bytes"
	"testing"
	"time"
)

// TestForgedDatagramHidesNone: whoever guesses the next identification and
// sends a datagram of his own under it does not hide the true one.
func TestForgedDatagramHidesNone(t *testing.T) {
	fragments, payload := pieces4(1, 100, 64)
	s := newStory(t)
	forged := udpTo(5060, 5070, bytes.Repeat([]byte{'x'}, 100))
	s.ip(ip4frag(17, ip4a, ip4b, 1, 0x2000, forged[:64]), 0, Held)
	s.ip(ip4frag(17, ip4a, ip4b, 1, 64/8, forged[64:]), 0, Transport)
	s.ip(fragments[0], 0, Held)
	s.ip(fragments[1], 0, Transport)
	s.payload(payload)
	s.ip(fragments[0], 0, IgnoredDuplicate) // but its own doubles are known,
	s.ip(fragments[1], 0, IgnoredDuplicate)
	s.ip(ip4frag(17, ip4a, ip4b, 1, 64/8|0x2000, forged[64:104]), 0, Held) // and what ends elsewhere is none of them
	s.counters(Counters{Reassembled: 2, Duplicate: 2})
}

// TestClockSetBack: a datagram that began at a time yet to come is not the one
// whose fragments come now.
func TestClockSetBack(t *testing.T) {
	fragments, payload := pieces4(1, 100, 64)
	other := ip4frag(17, ip4a, ip4b, 1, 0x2000, bytes.Repeat([]byte{'x'}, 64))
	s := newStory(t)
	s.ip(other, 0, Held)
	s.ip(fragments[0], -time.Hour, Held)
	s.ip(fragments[1], -time.Hour-time.Millisecond, Transport) // frames overtake each other
	s.payload(payload)
	s.ip(fragments[0], -2*time.Hour, Held) // no double of one that is yet to come
	s.counters(Counters{Reassembled: 1, Expired: 1})
}

// TestDoubledCutFragment: the snaplen cuts a frame earlier when a tunnel is
// around it; the fragment says nothing new.
func TestDoubledCutFragment(t *testing.T) {
	fragments, _ := pieces4(1, 100, 64)
	d := New()
	var p Packet
	cut := func(by int) Outcome {
		return d.Decode(LinkRaw, fragments[0][:len(fragments[0])-by], len(fragments[0]), now, &p)
	}
	for i, c := range []struct {
		by   int
		want Outcome
	}{{8, Held}, {8, IgnoredDuplicate}, {20, IgnoredDuplicate}, {4, DroppedFragments}} {
		if got := cut(c.by); got != c.want {
			t.Errorf("fragment %d, cut by %d: got %s, want %s", i, c.by, got, c.want)
		}
	}
}

// TestWholeDatagramsGoFirst: the memory of what is whole makes room for what
// waits, not the other way round.
func TestWholeDatagramsGoFirst(t *testing.T) {
	fragments, payload := pieces4(0, 100, 64)
	s := newStory(t)
	s.ip(fragments[0], 0, Held)
	for id := 1; id <= 2*MaxHeldBytes/maxDatagram; id++ {
		large := make([]byte, 60000)
		s.ip(ip4frag(17, ip4a, ip4b, id, 0x2000, large), 0, Held)
		s.ip(ip4frag(17, ip4a, ip4b, id, 60000/8, make([]byte, 8)), 0, Transport)
	}
	s.ip(fragments[1], 0, Transport)
	s.payload(payload)
	if c := s.d.Counters(); c.Evicted != 0 || c.Held != 0 {
		t.Errorf("got %+v, want nothing evicted and nothing held", c)
	}
}
