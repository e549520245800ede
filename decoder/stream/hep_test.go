package stream

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"
	"time"

	"tollwatch/decoder/frame"
)

// capsule makes a HEP packet of two chunks: a byte, and the payload.
func capsule(payload string) string {
	chunks := "\x00\x00\x00\x01\x00\x07\x02\x00\x00\x00\x0f" + string(binary.BigEndian.AppendUint16(nil, uint16(6+len(payload)))) + payload
	return hepMagic + string(binary.BigEndian.AppendUint16(nil, uint16(hepHeader+len(chunks)))) + chunks
}

func hepConversation() (stream string, packets []string) {
	_, messages := conversation()
	for _, m := range messages {
		packets = append(packets, capsule(m))
	}
	packets = append(packets, capsule("HEP3"), capsule(""), capsule(strings.Repeat("x", 600)))
	return strings.Join(packets, ""), packets
}

func TestHEPSplitAnywhere(t *testing.T) {
	stream, packets := hepConversation()
	for _, opened := range []bool{true, false} {
		run := func(segments []string) {
			t.Helper()
			s := newSender(t, DefaultConfig())
			s.kind = HEP
			if opened {
				s.syn()
			}
			s.sendAll(segments)
			s.want(packets...)
			if c := s.a.Counters(); c.Buffered != 0 || c.Truncated+c.Resyncs+c.Skipped+c.KeepAlives != 0 {
				t.Fatalf("got counters %+v", c)
			}
		}
		run([]string{stream})
		for n := 1; n < len(stream); n++ {
			run(split(stream, n))
		}
		for n := 1; n < 40; n++ {
			run(every(stream, n))
		}
		for _, first := range []int{1, 4, 11, len(packets[0]) + 5} {
			for n := first + 1; n < len(stream); n++ {
				run(split(stream, first, n))
			}
		}
	}
}

func TestHEPOneSegmentLost(t *testing.T) {
	stream, packets := hepConversation()
	segments := every(stream+stream, 150)
	for lost := range segments {
		s := newSender(t, DefaultConfig())
		s.kind = HEP
		s.syn()
		offset := 0
		for i, b := range segments {
			if i != lost {
				s.send(offset, b, frame.ACK)
			}
			offset += len(b)
			s.at = s.at.Add(100 * time.Millisecond)
		}
		s.take(s.a.Advance(s.at.Add(patience)))
		spared := 0
		for _, m := range s.got {
			if slices.Contains(packets, m) {
				spared++
			}
		}
		if want := 2*len(packets) - 4; spared < want || len(s.got) > 2*len(packets) {
			t.Errorf("lost %d: got %d packets, %d as sent, want %d at least", lost, len(s.got), spared, want)
		}
	}
}

func TestHEPStories(t *testing.T) {
	one, two := capsule("one"), capsule("two")
	for name, c := range map[string]struct {
		segments []string
		want     []string
		cut      int
	}{
		"a length that is too short":  {[]string{one + "HEP3\x00\x05\x00\x00\x00\x01\x00\x07\x02" + two}, []string{one, two}, 0},
		"a chunk that is too long":    {[]string{one + "HEP3\x00\x10\x00\x00\x00\x01\x00\x0b\x02" + two}, []string{one, two}, 0},
		"bytes between":               {[]string{one + "garbage", two}, []string{one, two}, 0},
		"version 2":                   {[]string{"\x02\x10\x02\x11", "\x13\xc4\x13\xc4"}, nil, 0},
		"a packet that ends too soon": {[]string{one, two[:14]}, []string{one, two[:14]}, 1},
	} {
		s := newSender(t, DefaultConfig())
		s.sendAll(c.segments)
		s.take(s.a.Flush())
		if !slices.Equal(s.got, c.want) || s.cut != c.cut {
			t.Errorf("%s: got %q, %d cut, want %q", name, s.got, s.cut, c.want)
		}
	}
}

// TestUnknownBehindAGap: of a connection whose first bytes were lost, the kind
// is learned at the first message behind the gap.
func TestUnknownBehindAGap(t *testing.T) {
	bye := message("BYE", "", "")
	for name, c := range map[string]struct {
		behind, want string
		kind         Kind
	}{
		"tcp":        {"rest\r\n" + bye, bye, TCP},
		"ws":         {"rest" + webFrame(text, 0x37fa213d, bye), bye, WebSocket},
		"hep":        {"rest" + capsule(bye), capsule(bye), HEP},
		"hep of sip": {"rest\r\n" + capsule("\r\n"+bye), capsule("\r\n" + bye), HEP},
	} {
		s := newSender(t, DefaultConfig())
		s.kind = c.kind
		s.syn()
		s.send(50, c.behind, frame.ACK)
		s.take(s.a.Advance(s.at.Add(patience)))
		if len(s.got) != 1 || s.got[0] != c.want {
			t.Errorf("%s: got %q, want %q", name, s.got, c.want)
		}
	}
}

// TestKindStays: a connection is searched only for what it carried; another
// at the same addresses, far from it, may carry something else.
func TestKindStays(t *testing.T) {
	ack, bye := message("ACK", "", ""), message("BYE", "", "")
	s := newSender(t, DefaultConfig())
	s.kind = TCP
	s.sendAll([]string{ack + "\x00" + capsule("x") + webFrame(text, 0, ack) + "\r\n" + bye})
	s.want(ack, bye)
	for from, begin := range map[Kind]string{WebSocket: webFrame(text, 9, ack), HEP: capsule(ack)} {
		s := newSender(t, DefaultConfig())
		s.send(0, begin, frame.ACK)
		s.kind = TCP
		s.send(9_000_000, bye, frame.ACK)
		if len(s.got) != 2 || s.got[1] != bye {
			t.Errorf("%s: got %q, want the message of the other connection", from, s.got)
		}
	}
}

func TestKindWords(t *testing.T) {
	for k, want := range map[Kind]string{TCP: "tcp", WebSocket: "ws", SCTP: "sctp", HEP: "hep", 0: "", 99: ""} {
		if got := k.String(); got != want {
			t.Errorf("kind %d: got %q, want %q", k, got, want)
		}
	}
}
