package frame

import (
	"bytes"
	"slices"
	"testing"
	"time"
)

// story is a decoder, and what became of each fragment given to it.
type story struct {
	t *testing.T
	d *Decoder
	p Packet
}

func newStory(t *testing.T) *story { return &story{t: t, d: New()} }

func (s *story) ip(ip []byte, at time.Duration, want Outcome) {
	s.t.Helper()
	if got := s.d.Decode(LinkRaw, ip, len(ip), now.Add(at), &s.p); got != want {
		s.t.Fatalf("%x at %v: got %s, want %s", ip, at, got, want)
	}
	checkCaps(s.t, s.d)
}

func (s *story) payload(want []byte) {
	s.t.Helper()
	if !bytes.Equal(s.p.Payload, want) || s.p.Truncated {
		s.t.Fatalf("got payload of %d bytes, truncated %t, want %d: %.40x", len(s.p.Payload), s.p.Truncated, len(want), s.p.Payload)
	}
}

func (s *story) counters(want Counters) {
	s.t.Helper()
	got := s.d.Counters()
	want.Fragments, want.Held, want.HeldBytes = got.Fragments, got.Held, got.HeldBytes
	if got != want {
		s.t.Fatalf("got counters %+v, want %+v", got, want)
	}
}

// pieces cuts a UDP datagram with a payload of n bytes into fragments of size.
func pieces4(id, n, size int) (fragments [][]byte, payload []byte) {
	payload = make([]byte, n)
	for i := range payload {
		payload[i] = byte(i * 7)
	}
	whole := udpTo(5060, 5070, payload)
	for at := 0; at < len(whole); at += size {
		end, more := min(at+size, len(whole)), 0x2000
		if end == len(whole) {
			more = 0
		}
		fragments = append(fragments, ip4frag(17, ip4a, ip4b, id, at/8|more, whole[at:end]))
	}
	return fragments, payload
}

func TestFragmentsInAnyOrder(t *testing.T) {
	fragments, payload := pieces4(1, 100, 32)
	order := []int{0, 1, 2, 3}
	for permutation := range permutations(order) {
		s := newStory(t)
		for i, k := range permutation {
			want := Held
			if i == len(order)-1 {
				want = Transport
			}
			s.ip(fragments[k], 0, want)
		}
		s.payload(payload)
		s.counters(Counters{Reassembled: 1})
	}
}

// permutations yields every order of a.
func permutations(a []int) func(func([]int) bool) {
	var walk func(n int, yield func([]int) bool) bool
	walk = func(n int, yield func([]int) bool) bool {
		if n == len(a) {
			return yield(a)
		}
		for i := n; i < len(a); i++ {
			a[n], a[i] = a[i], a[n]
			if !walk(n+1, yield) {
				return false
			}
			a[n], a[i] = a[i], a[n]
		}
		return true
	}
	return func(yield func([]int) bool) { walk(0, yield) }
}

func TestFragmentsOfIPv6(t *testing.T) {
	whole := join([]byte{17, 0, 1, 4, 0, 0, 0, 0}, udpTo(5060, 5070, text)) // destination options, then UDP
	s := newStory(t)
	s.ip(ip6frag(60, 5, 24, whole[24:]), 0, Held)
	s.ip(ip6frag(60, 6, 24, whole[24:]), 0, Held) // another datagram
	s.ip(ip6frag(60, 5, 1, whole[:24]), 0, Transport)
	s.payload(text)
	s.ip(ip6frag(60, 5, 0, whole), time.Second, Transport) // an atomic fragment is whole by itself
	s.payload(text)
	s.ip(ip6(44, ip6a, ip6b, []byte{17, 0, 0, 1}), 0, MalformedIP)
}

// TestLargestDatagram: 65,535 bytes in pieces of an Ethernet MTU.
func TestLargestDatagram(t *testing.T) {
	fragments, payload := pieces4(1, maxDatagram-8, 1480)
	s := newStory(t)
	for _, f := range fragments[:len(fragments)-1] {
		s.ip(f, 0, Held)
	}
	s.ip(fragments[len(fragments)-1], 0, Transport)
	s.payload(payload)
}

// TestFragmentsWithinFragments: a tunnel packet in pieces carries a packet
// that is a piece itself.
func TestFragmentsWithinFragments(t *testing.T) {
	inner, payload := pieces4(1, 100, 64)
	s := newStory(t)
	s.ip(inner[0], 0, Held)
	whole := join(u16(0), u16(0x0800), inner[1])
	s.ip(ip4frag(47, ip4a, ip4b, 1, 0x2000, whole[:40]), 0, Held)
	s.ip(ip4frag(47, ip4a, ip4b, 1, 5, whole[40:]), 0, Transport)
	s.payload(payload)
	s.counters(Counters{Reassembled: 2, Tunnelled: 1})
}

func TestDoubledFragments(t *testing.T) {
	fragments, payload := pieces4(1, 100, 64)
	s := newStory(t)
	s.ip(fragments[0], 0, Held)
	s.ip(fragments[0], 0, IgnoredDuplicate)
	s.ip(fragments[1], 0, Transport)
	s.payload(payload)
	s.ip(fragments[1], time.Millisecond, IgnoredDuplicate)
	s.counters(Counters{Reassembled: 1, Duplicate: 2})
	s.ip(fragments[0], 2*time.Second, Held) // the identification is used anew
	s.ip(fragments[1], 2*time.Second, Transport)
	s.payload(payload)
}

// TestVLANsAreApart: the same fragments with and without a tag, as a mirror of
// both sides of a switch has them, are two whole datagrams, of which the second
// is the double of the first.
func TestVLANsAreApart(t *testing.T) {
	fragments, _ := pieces4(1, 100, 64)
	d := New()
	var p Packet
	var got []Outcome
	for _, f := range fragments {
		plain, tagged := ethernetII(0x800, f), ethernetII(0x8100, tag(7, 0x800, f))
		got = append(got, d.Decode(LinkEthernet, plain, len(plain), now, &p), d.Decode(LinkEthernet, tagged, len(tagged), now, &p))
	}
	if want := []Outcome{Held, Held, Transport, IgnoredDuplicate}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestOverlap: fragments that contradict each other spoil their datagram, and
// what still comes of it.
func TestOverlap(t *testing.T) {
	fragments, payload := pieces4(1, 100, 32)
	whole := udpTo(5060, 5070, payload)
	at := func(offset, n, more int) []byte {
		return ip4frag(17, ip4a, ip4b, 1, offset/8|more, bytes.Repeat([]byte{0xee}, n))
	}
	for name, liar := range map[string][]byte{
		"over the head of another":    at(24, 16, 0x2000),
		"over the tail of another":    at(0, 40, 0x2000),
		"within another":              at(40, 8, 0x2000),
		"in place of another":         at(32, 32, 0x2000),
		"behind the end":              at(128, 8, 0x2000),
		"a second end":                at(96, 4, 0),
		"an end before what is there": at(8, 8, 0),
		"across the end":              at(64, 64, 0x2000),
	} {
		s := newStory(t)
		s.ip(fragments[1], 0, Held) // 32..64
		s.ip(fragments[3], 0, Held) // 96..108
		s.ip(liar, 0, DroppedFragments)
		s.ip(fragments[0], 0, DroppedFragments)
		s.ip(fragments[2], 0, DroppedFragments)
		if got := s.d.Counters(); got.Overlapping != 1 || got.Held != 0 || got.HeldBytes != 0 {
			t.Errorf("%s: got counters %+v, want one overlap and nothing held", name, got)
		}
		s.ip(ip4frag(17, ip4a, ip4b, 1, 0x2000, whole[:32]), fragmentTimeout, Held) // its time is up
	}
}

func TestFragmentsThatLie(t *testing.T) {
	s := newStory(t)
	s.ip(ip4frag(17, ip4a, ip4b, 1, 0x2000, nil), 0, MalformedIP)                  // nothing in it
	s.ip(ip4frag(17, ip4a, ip4b, 1, 0x2000, make([]byte, 12)), 0, MalformedIP)     // more to come, but no multiple of 8
	s.ip(ip4frag(17, ip4a, ip4b, 1, 0x1fff, make([]byte, 8)), 0, MalformedIP)      // ends behind 65,535
	s.ip(ip6frag(17, 1, 0xfff8, make([]byte, 8)), 0, MalformedIP)                  // so does this
	s.ip(ip4frag(17, ip4a, ip4b, 1, 0x2000|0x1ffe, make([]byte, 8)), 0, Held)      // ends at 65,528
	s.ip(ip4frag(17, ip4a, ip4b, 1, 0x1fff, make([]byte, 7)), 0, Held)             // ends at 65,535
	s.ip(ip4frag(17, ip4a, ip4b, 1, 0x2000, make([]byte, 8)), 0, Held)             // and the middle never comes
	s.ip(ip4frag(1, ip4a, ip4b, 1, 0x2000, make([]byte, 8)), 0, Held)              // another protocol: another datagram
	s.ip(ip4frag(1, ip4a, ip4b, 1, 1, make([]byte, 8)), 0, IgnoredProtocol)        // which is ICMP
	s.ip(ip4frag(17, ip4a, ip4b, 2, 0x2000, make([]byte, 8)), 0, Held)             // a UDP length of zero
	s.ip(ip4frag(17, ip4a, ip4b, 2, 1, []byte("0123456789")), time.Hour/120, Held) // comes half a minute later
	s.ip(ip4frag(17, ip4a, ip4b, 3, 0x2000, make([]byte, 8)), time.Hour/120, Held) // and this
	s.ip(ip4frag(17, ip4a, ip4b, 3, 1, []byte("01234")), time.Hour/120, Transport) // is in time
	s.payload([]byte("01234"))
}

func TestFragmentsExpire(t *testing.T) {
	fragments, _ := pieces4(1, 100, 64)
	s := newStory(t)
	s.ip(fragments[0], 0, Held)
	s.d.Advance(now.Add(fragmentTimeout - 1))
	s.counters(Counters{})
	s.d.Advance(now.Add(fragmentTimeout))
	s.counters(Counters{Expired: 1})
	checkCaps(t, s.d)
	if c := s.d.Counters(); c.Held != 0 || c.HeldBytes != 0 {
		t.Errorf("got %+v, want nothing held", c)
	}
	s.ip(fragments[1], fragmentTimeout, Held)
}

// TestCutFragment: when the snaplen cut a fragment, the datagram ends there.
func TestCutFragment(t *testing.T) {
	fragments, payload := pieces4(1, 100, 32)
	d := New()
	var p Packet
	for i, f := range fragments {
		n := len(f)
		if i == 1 {
			n -= 12
		}
		got := d.Decode(LinkRaw, f[:n], len(f), now, &p)
		if want := map[bool]Outcome{false: Held, true: Transport}[i == 3]; got != want {
			t.Fatalf("fragment %d: got %s, want %s", i, got, want)
		}
	}
	if !p.Truncated || !bytes.Equal(p.Payload, payload[:24+20]) {
		t.Errorf("got %d bytes, truncated %t, want the 44 before the cut", len(p.Payload), p.Truncated)
	}
}

// TestFragmentFlood: first fragments of more datagrams than fit evict the
// oldest; the youngest is still put together.
func TestFragmentFlood(t *testing.T) {
	for name, size := range map[string]int{"many": 16, "large": 60000} {
		s := newStory(t)
		const flood = 3 * MaxDatagrams
		for id := range flood {
			f := ip4frag(17, ip4a, ip4b, id, 0x2000, make([]byte, size))
			if got := s.d.Decode(LinkRaw, f, len(f), now, &s.p); got != Held {
				t.Fatalf("%s: fragment %d: got %s, want held", name, id, got)
			}
			if id%100 == 0 {
				checkCaps(t, s.d)
			}
		}
		checkCaps(t, s.d)
		c := s.d.Counters()
		if c.Evicted == 0 || c.Evicted+uint64(c.Held) != flood {
			t.Errorf("%s: got %d evicted and %d held, want %d in all", name, c.Evicted, c.Held, flood)
		}
		s.ip(ip4frag(17, ip4a, ip4b, flood-1, size/8, []byte("end")), 0, Transport)
	}
}

// TestDoneFlood: the memory of whole datagrams has a cap too.
func TestDoneFlood(t *testing.T) {
	s := newStory(t)
	for id := range 3 * MaxDatagrams {
		s.ip(ip4frag(17, ip4a, ip4b, id, 0x2000, make([]byte, 8)), 0, Held)
		s.ip(ip4frag(17, ip4a, ip4b, id, 1, make([]byte, 8)), 0, Transport)
	}
	s.counters(Counters{Reassembled: 3 * MaxDatagrams})
}

// TestTooManyPieces: a datagram in crumbs is refused.
func TestTooManyPieces(t *testing.T) {
	s := newStory(t)
	for i := range maxPieces {
		s.ip(ip4frag(17, ip4a, ip4b, 1, 0x2000|i, make([]byte, 8)), 0, Held)
	}
	s.ip(ip4frag(17, ip4a, ip4b, 1, 0x2000|maxPieces, make([]byte, 8)), 0, DroppedFragments)
	s.ip(ip4frag(17, ip4a, ip4b, 1, maxPieces+1, make([]byte, 8)), 0, DroppedFragments)
	s.counters(Counters{Refused: 1})
}
