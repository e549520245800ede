package rtp

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// packet is a header of version 2, payload type 8, sequence 7, time stamp 160,
// SSRC 0x01020304, its first byte or-ed with flags, and what follows.
func packet(flags byte, rest ...byte) []byte {
	return append([]byte{0x80 | flags, 8, 0, 7, 0, 0, 0, 160, 1, 2, 3, 4}, rest...)
}

func TestDecode(t *testing.T) {
	h := func(offset, length int) *Header {
		return &Header{PayloadType: 8, Sequence: 7, Timestamp: 160, SSRC: 0x01020304, PayloadOffset: offset, PayloadLength: length}
	}
	for _, c := range []struct {
		name string
		in   []byte
		want *Header // nil: no RTP
	}{
		{"plain", packet(0, 1, 2, 3), h(12, 3)},
		{"no payload", packet(0), h(12, 0)},
		{"short", packet(0)[:11], nil},
		{"empty", nil, nil},
		{"version 1", append([]byte{0x40}, packet(0)[1:]...), nil},
		{"two CSRC", packet(2, 0, 0, 0, 1, 0, 0, 0, 2, 9), h(20, 1)},
		{"CSRC beyond the end", packet(15, 1, 2, 3), nil},
		{"extension of one word", packet(0x10, 0xbe, 0xde, 0, 1, 1, 2, 3, 4, 9, 9), h(20, 2)},
		{"extension of no word", packet(0x10, 0xbe, 0xde, 0, 0, 9), h(16, 1)},
		{"extension cut in its header", packet(0x10, 0xbe, 0xde, 0), nil},
		{"extension beyond the end", packet(0x10, 0xbe, 0xde, 0xff, 0xff, 1), nil},
		{"CSRC and extension", packet(0x11, 0, 0, 0, 1, 0, 0, 0, 0, 9), h(20, 1)},
		{"padding", packet(0x20, 1, 2, 0, 0, 3), h(12, 2)},
		{"nothing but padding", packet(0x20, 0, 2), h(12, 0)},
		{"padding longer than the payload stays", packet(0x20, 1, 2, 200), h(12, 3)},
		{"padding of zero stays", packet(0x20, 1, 2, 0), h(12, 3)},
		{"padding without payload", packet(0x20), h(12, 0)},
	} {
		var got Header
		ok := Decode(c.in, &got)
		if ok != (c.want != nil) {
			t.Errorf("%s: got %v, want %v: % x", c.name, ok, c.want != nil, c.in)
			continue
		}
		if ok && got != *c.want {
			t.Errorf("%s: % x: %s", c.name, c.in, cmp.Diff(*c.want, got))
		}
	}
	var marked Header
	if !Decode([]byte{0x80, 0x88, 1, 2, 0, 0, 0, 0, 0, 0, 0, 1}, &marked) || !marked.Marker || marked.PayloadType != 8 || marked.Sequence != 258 {
		t.Errorf("marker: got %+v, want marker, payload type 8, sequence 258", marked)
	}
}

func TestDecodeEvent(t *testing.T) {
	for _, c := range []struct {
		in   []byte
		want Event
		ok   bool
	}{
		{[]byte{5, 0x8a, 3, 0x20}, Event{Code: 5, End: true, Volume: 10, Duration: 800}, true},
		{[]byte{11, 0x4a, 0, 0xa0, 99}, Event{Code: 11, Volume: 10, Duration: 160}, true}, // the reserved bit is ignored
		{[]byte{5, 0x8a, 3}, Event{}, false},
		{nil, Event{}, false},
	} {
		var got Event
		if ok := DecodeEvent(c.in, &got); ok != c.ok || got != c.want {
			t.Errorf("% x: got %+v %v, want %+v %v", c.in, got, ok, c.want, c.ok)
		}
	}
}

func TestKindOf(t *testing.T) {
	stun := append([]byte{0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42}, make([]byte, 12)...)
	dtls := []byte{22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0}
	for _, c := range []struct {
		name string
		in   []byte
		want Kind
	}{
		{"rtp", packet(0, 1), Media},
		{"stun", stun, STUN},
		{"stun without its cookie", append([]byte{0, 1, 0, 0, 1, 1, 1, 1}, make([]byte, 12)...), Unknown},
		{"stun cut", stun[:19], Unknown},
		{"dtls 1.2", dtls, DTLS},
		{"zrtp hello", append([]byte{0x10, 0, 0, 1, 'Z', 'R', 'T', 'P', 1, 2, 3, 4}, "PZ"...), ZRTP},
		{"zrtp without its cookie", []byte{0x10, 0, 0, 1, 'Z', 'R', 'T', 'Q', 1, 2, 3, 4}, Unknown},
		{"zrtp cut", []byte{0x10, 0, 0, 1, 'Z', 'R', 'T', 'P'}, Unknown},
		{"turn channel of rtp", append([]byte{0x40, 1, 0, 13}, packet(0, 7)...), Channel},
		{"turn channel, padded", append(append([]byte{0x4f, 0xff, 0, 13}, packet(0, 7)...), 0, 0, 0), Channel},
		{"turn channel, cut", []byte{0x40, 1, 0, 13, 0x80, 8}, Unknown},
		{"turn channel, too long", []byte{0x40, 1, 0, 1, 1, 2, 3, 4, 5}, Unknown},
		{"dtls 1.0", []byte{22, 0xfe, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, DTLS},
		{"tls over tcp's version", []byte{22, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, Unknown},
		{"rtcp sender report", []byte{0x80, 200, 0, 1, 1, 2, 3, 4}, Control},
		{"rtcp cut", []byte{0x80, 200, 0, 6, 1, 2, 3, 4, 5, 6, 7, 8}, Control},
		{"an unused rtcp type that does not fit is RTP with a marker", append([]byte{0x80, 222, 0, 99}, packet(0)[4:]...), Media},
		{"an unused rtcp type that fits", []byte{0x80, 222, 0, 1, 0, 0, 0, 1}, Control},
		{"dns", []byte{0x1a, 0x2b, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0}, Unknown},
		{"udptl", []byte{0, 1, 6, 0, 0, 0}, Unknown},
		{"text", []byte("hello"), Unknown},
		{"three bytes", []byte{0x80, 0, 0}, Unknown},
		{"nothing", nil, Unknown},
	} {
		if got := KindOf(c.in); got != c.want {
			t.Errorf("%s: got %d, want %d: % x", c.name, got, c.want, c.in)
		}
	}
}

func TestIsUDPTL(t *testing.T) {
	long := append([]byte{0, 1, 0x80, 200}, make([]byte, 200)...)
	for _, c := range []struct {
		in   []byte
		want bool
	}{
		{[]byte{0, 1, 1, 0x06, 0}, true},
		{[]byte{0xff, 0xff, 6, 1, 2, 3, 4, 5, 6, 0, 0}, true},
		{long, true},
		{long[:203], false},
		{[]byte{0, 1, 5, 1, 2}, false},
		{[]byte{0, 1, 0, 0, 0}, false},
		{[]byte{0, 1, 1}, false},
		{nil, false},
	} {
		if got := IsUDPTL(c.in); got != c.want {
			t.Errorf("% x: got %v, want %v", c.in, got, c.want)
		}
	}
}

func TestNoAllocation(t *testing.T) {
	media, control := packet(0x20, 1, 2, 2), compound()
	var h Header
	var c Compound
	if n := testing.AllocsPerRun(100, func() {
		KindOf(media)
		Decode(media, &h)
		DecodeControl(control, &c)
	}); n != 0 {
		t.Errorf("got %v allocations, want 0", n)
	}
}

func BenchmarkDecode(b *testing.B) {
	in := packet(0x10, append([]byte{0xbe, 0xde, 0, 0}, make([]byte, 160)...)...)
	var h Header
	b.ReportAllocs()
	for b.Loop() {
		if KindOf(in) != Media || !Decode(in, &h) {
			b.Fatal("not decoded")
		}
	}
}
