package stream

import (
	"strings"
	"testing"

	"tollwatch/decoder/frame"
)

// TestOverlapsBehindAGap: pieces that overlap others at either end, at both and
// in the middle give what was seen first, byte by byte.
func TestOverlapsBehindAGap(t *testing.T) {
	m := message("INVITE", "X: "+strings.Repeat("-", 500)+"\r\nl: %d\r\n", sdp)
	s := newSender(t, DefaultConfig())
	s.send(0, m[:150], frame.ACK)
	want := []byte(m)
	for _, piece := range []struct {
		offset, length int
		b              string
		first, last    int // of its bytes that are new
	}{
		{200, 50, "a", 200, 250},
		{180, 40, "b", 180, 200}, // over the head of a
		{240, 40, "c", 250, 280}, // over the tail of a
		{300, 20, "d", 300, 320},
		{210, 20, "e", 0, 0},     // within a
		{270, 80, "f", 280, 300}, // from c over d, and behind it
		{140, 30, "g", 150, 170}, // from what is in order
	} {
		s.send(piece.offset, strings.Repeat(piece.b, piece.length), frame.ACK)
		copy(want[piece.first:piece.last], strings.Repeat(piece.b, piece.length))
	}
	copy(want[320:350], strings.Repeat("f", 30))
	s.send(170, m[170:], frame.ACK)
	s.want(string(want))
}

// TestFINBeforeTheRest: a FIN that overtakes ends nothing that still comes.
func TestFINBeforeTheRest(t *testing.T) {
	_, messages := conversation()
	m := messages[0]
	s := newSender(t, DefaultConfig())
	s.send(0, m[:100], frame.ACK)
	s.send(200, m[200:], frame.FIN|frame.ACK)
	s.send(100, m[100:200], frame.ACK)
	s.want(m)
}

// TestBytesBehindAGap: large segments reach the cap on bytes before that on
// pieces; then the gap is given up.
func TestBytesBehindAGap(t *testing.T) {
	s := newSender(t, DefaultConfig())
	s.send(0, message("INVITE", "", "")[:100], frame.ACK)
	for i := range 3 {
		s.send(1000+i*60000, strings.Repeat("b", 60000), frame.ACK)
	}
	if c := s.a.Counters(); c.Gaps != 1 || c.Truncated != 1 || c.Buffered != 0 {
		t.Errorf("got counters %+v, want the gap given up and nothing held", c)
	}
}

// TestNewConnectionDropsPieces: what waited behind a gap of the old connection
// is no part of the new one.
func TestNewConnectionDropsPieces(t *testing.T) {
	_, messages := conversation()
	s := newSender(t, DefaultConfig())
	s.send(0, messages[0][:100], frame.ACK)
	s.send(200, messages[0][200:], frame.ACK)
	s.first += 5_000_000
	s.syn()
	s.send(0, messages[1], frame.ACK)
	s.want(messages[0][:100], messages[1])
	if c := s.a.Counters(); c.Buffered != 0 {
		t.Errorf("got counters %+v, want nothing held", c)
	}
}

// TestGarbageEndsBelief: a stream that was SIP is followed through garbage, but
// not for ever; each message renews the credit.
func TestGarbageEndsBelief(t *testing.T) {
	_, messages := conversation()
	garbage := strings.Repeat("\x00\x01\x02 garbage\r\n", 3*maxSkipped/4/14)
	s := newSender(t, DefaultConfig())
	stream := messages[1] + garbage + messages[1] + garbage
	offset := 0
	for _, b := range every(stream, 1400) {
		s.send(offset, b, frame.ACK)
		offset += len(b)
	}
	if c := s.a.Counters(); c.Flows != 1 || c.Messages != 2 {
		t.Errorf("got counters %+v, want two messages and the flow kept", c)
	}
	for _, b := range every(garbage, 1400) {
		s.send(offset, b, frame.ACK)
		offset += len(b)
	}
	if c := s.a.Counters(); c.Flows != 0 || s.verdict != NotSIP {
		t.Errorf("got %s and counters %+v, want the flow forgotten", s.verdict, c)
	}
}

// TestLongestMessage: one of the cap is whole, one of a byte more is not.
func TestLongestMessage(t *testing.T) {
	_, messages := conversation()
	head := message("INVITE", "Content-Length: 65000\r\nX: ", "")
	for _, c := range []struct{ more, cut int }{{0, 0}, {1, 1}} {
		fill := maxMessage - 65000 - len(head) - len("\r\n") + c.more
		m := strings.TrimSuffix(head, "\r\n") + strings.Repeat("x", fill) + "\r\n\r\n" + strings.Repeat("b", 64998) + "\r\n"
		s := newSender(t, DefaultConfig())
		s.sendAll(every(m+messages[1], 1400))
		if len(m) != maxMessage+c.more || len(s.got) != 2 || s.cut != c.cut || c.cut == 0 && s.got[0] != m || s.got[1] != messages[1] {
			t.Errorf("message of %d bytes: got %d messages, %d cut, want 2 and %d", len(m), len(s.got), s.cut, c.cut)
		}
	}
}

// TestFoldsOfOtherHeaders: a folded line belongs to the header above it.
func TestFoldsOfOtherHeaders(t *testing.T) {
	_, messages := conversation()
	m := message("INFO", "l:\r\nX: y\r\n 5\r\n", "")
	s := newSender(t, DefaultConfig())
	s.sendAll([]string{m + messages[1]})
	s.want(m, messages[1])
}

// TestSpareBuffers: after a flood of unfinished messages that all end, no more
// memory stays behind than its cap.
func TestSpareBuffers(t *testing.T) {
	_, messages := conversation()
	s := newSender(t, DefaultConfig())
	const flows = 3 * maxSpare
	for n := range flows {
		s.from(n)
		s.send(0, messages[1][:60], frame.ACK)
	}
	s.at = start.Add(patience)
	s.a.Observe(&frame.Packet{Protocol: frame.TCP, Src: proxy, Dst: alice}, s.at)
	s.a.Observe(&frame.Packet{Protocol: frame.TCP, Src: proxy, Dst: alice}, s.at)
	checkBooks(t, s.a)
	if c := s.a.Counters(); c.Truncated != flows || c.Buffered != 0 || len(s.a.buffers.spare[0]) != maxSpare {
		t.Errorf("got counters %+v and %d spare buffers, want %d", c, len(s.a.buffers.spare[0]), maxSpare)
	}
}
