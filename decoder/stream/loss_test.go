package stream

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"tollwatch/decoder/frame"
)

// TestShuffledAndDoubled: in any order, some of them twice, with or without
// new cuts in the second sending: the same messages, in order.
func TestShuffledAndDoubled(t *testing.T) {
	stream, messages := conversation()
	random := rand.New(rand.NewPCG(1, 2))
	for round := range 300 {
		type segment struct {
			offset int
			b      string
		}
		var segments []segment
		for range 1 + round%2 {
			offset := 0
			for _, b := range every(stream, 40+random.IntN(300)) {
				segments = append(segments, segment{offset, b})
				offset += len(b)
			}
		}
		random.Shuffle(len(segments), func(i, j int) { segments[i], segments[j] = segments[j], segments[i] })
		s := newSender(t, DefaultConfig())
		s.syn()
		for _, g := range segments {
			s.send(g.offset, g.b, frame.ACK)
		}
		s.want(messages...)
		if c := s.a.Counters(); c.Buffered != 0 || c.Gaps != 0 {
			t.Fatalf("round %d: got counters %+v", round, c)
		}
	}
}

// TestFirstBytesWin: what was seen first stays, before the gap and behind it.
func TestFirstBytesWin(t *testing.T) {
	_, messages := conversation()
	m := messages[0]
	s := newSender(t, DefaultConfig())
	s.send(0, m[:100], frame.ACK)
	s.send(50, strings.Repeat("x", 50), frame.ACK) // known already
	s.send(150, m[150:200], frame.ACK)
	s.send(120, m[120:150]+strings.Repeat("x", 70)+m[220:240], frame.ACK) // the middle is known
	s.send(0, strings.Repeat("x", 100)+m[100:], frame.ACK)                // fills all holes
	s.want(m[:200] + strings.Repeat("x", 20) + m[220:])
	if c := s.a.Counters(); c.Retransmitted != 1 || c.OutOfOrder != 2 {
		t.Errorf("got counters %+v", c)
	}
}

// TestOneSegmentLost: whichever of a stream's segments is lost, the messages
// that were not in it come out, the one in it is cut or gone, and nothing that
// was not sent is invented.
func TestOneSegmentLost(t *testing.T) {
	stream, messages := conversation()
	for _, size := range []int{100, 250, 600} {
		segments := every(stream+stream, size)
		for lost := range segments {
			s := newSender(t, DefaultConfig())
			s.syn()
			offset := 0
			for i, b := range segments {
				if i != lost {
					s.send(offset, b, frame.ACK)
				}
				offset += len(b)
				s.at = s.at.Add(100 * time.Millisecond)
			}
			s.at = s.at.Add(patience)
			s.send(offset, "\r\n\r\n", frame.ACK)
			s.take(s.a.Flush())
			spared := 0
			for _, m := range s.got {
				if !strings.Contains(stream, m) {
					t.Fatalf("size %d, lost %d: got %q, which was not sent", size, lost, m)
				}
				if slices.Contains(messages, m) {
					spared++
				}
			}
			// A hole of 600 bytes touches at most five of these messages, and
			// may hide the start line of one more.
			if want := 2*len(messages) - 2 - size/100; spared < want {
				t.Fatalf("size %d, lost %d: got %d whole messages, want %d at least", size, lost, spared, want)
			}
		}
	}
}

// TestGapIsWaitedFor: a gap that fills within patience costs nothing; one that
// does not is jumped over at the next segment of whichever flow.
func TestGapIsWaitedFor(t *testing.T) {
	_, messages := conversation()
	gap := func() *sender {
		s := newSender(t, DefaultConfig())
		s.send(0, messages[0][:200], frame.ACK)
		s.send(len(messages[0]), messages[1]+messages[3], frame.ACK)
		s.want()
		return s
	}
	s := gap()
	s.at = start.Add(patience - 1)
	s.send(200, messages[0][200:], frame.ACK)
	s.want(messages[0], messages[1], messages[3])

	s = gap()
	other := frame.Packet{Protocol: frame.TCP, Src: proxy, Dst: alice, Seq: 1, Flags: frame.ACK}
	got, verdict := s.a.Observe(&other, start.Add(patience))
	if verdict != Complete {
		t.Errorf("got verdict %s, want complete", verdict)
	}
	s.take(got)
	s.want(messages[0][:200], messages[1], messages[3])
	if c := s.a.Counters(); c.Gaps != 1 || c.Truncated != 1 || c.Buffered != 0 {
		t.Errorf("got counters %+v, want one gap and one message cut", c)
	}
}

// TestRestNeverComes: a length that lies within the cap swallows what follows
// only as long as one waits for the rest.
func TestRestNeverComes(t *testing.T) {
	_, messages := conversation()
	liar := message("REGISTER", "Content-Length: 50000\r\n", "")
	s := newSender(t, DefaultConfig())
	s.send(0, liar, frame.ACK)
	s.want()
	s.at = start.Add(patience)
	s.send(len(liar), messages[0], frame.ACK)
	s.want(liar, messages[0])
	if s.cut != 1 {
		t.Errorf("got %d messages cut, want the first", s.cut)
	}
}

func TestLengthsThatLie(t *testing.T) {
	_, messages := conversation()
	next := messages[1]
	long := strings.Repeat("X-Long: 0123456789\r\n", maxMessage/20+1)
	for name, c := range map[string]struct {
		sent string
		want []string
	}{
		"far too long": {message("INVITE", "Content-Length: 99999999999999999999\r\n", sdp) + next,
			[]string{message("INVITE", "Content-Length: 99999999999999999999\r\n", sdp), next}},
		"just too long": {message("INVITE", "Content-Length: 65535\r\n", "") + next,
			[]string{message("INVITE", "Content-Length: 65535\r\n", ""), next}},
		"too short": {message("INVITE", "Content-Length: 4\r\n", sdp) + next,
			[]string{message("INVITE", "Content-Length: 4\r\n", "v=0\r"), next}},
		"negative": {message("INVITE", "Content-Length: -5\r\n", "") + next,
			[]string{message("INVITE", "Content-Length: -5\r\n", ""), next}},
		"not a number": {message("INVITE", "Content-Length: many\r\nContent-Length: 0\r\n", "") + next,
			[]string{message("INVITE", "Content-Length: many\r\nContent-Length: 0\r\n", ""), next}},
		"headers without end": {message("INVITE", long, "") + next,
			[]string{message("INVITE", long, "")[:maxMessage], next}},
		"garbage between": {next + strings.Repeat("\x00\x01 garbage\r\n", 50) + next, []string{next, next}},
	} {
		for _, size := range []int{1 << 20, 1400} {
			s := newSender(t, DefaultConfig())
			for offset, b := 0, every(c.sent, size); len(b) > 0; b = b[1:] {
				s.send(offset, b[0], frame.ACK)
				offset += len(b[0])
			}
			if len(s.got) != 2 || !strings.HasPrefix(c.want[0], s.got[0]) || len(s.got[0]) < 100 || s.got[1] != c.want[1] {
				t.Errorf("%s in segments of %d: got %d messages %.300q, want %.300q", name, size, len(s.got), s.got, c.want)
			}
			if size > maxMessage*2 && len(s.got) > 0 && s.got[0] != c.want[0] {
				t.Errorf("%s: got %.300q, want %.300q", name, s.got[0], c.want[0])
			}
		}
	}
}

// TestBodiesThatLookLikeMessages: a body that is a start line, in a segment of
// its own (RFC 3515 §2.4.5), begins no message, neither within a message nor
// on a flow that is not known.
func TestBodiesThatLookLikeMessages(t *testing.T) {
	s := newSender(t, DefaultConfig())
	m := message("NOTIFY", "Content-Length: %d\r\n", "SIP/2.0 200 OK\r\n")
	n := len(m) - len("SIP/2.0 200 OK\r\n")
	s.send(0, m[:n], frame.ACK)
	s.send(n, m[n:], frame.ACK)
	s.want(m)
	s = newSender(t, DefaultConfig())
	s.send(0, "SIP/2.0 200 OK\r\n", frame.ACK)
	s.send(16, "\r\nand so on", frame.ACK)
	s.want()
	if c := s.a.Counters(); c.Flows != 0 || c.Buffered != 0 {
		t.Errorf("got counters %+v, want no flow", c)
	}
}
