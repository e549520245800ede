package stream

import (
	"strings"
	"testing"
	"time"

	"tollwatch/decoder/frame"
)

// TestSilenceLosesNoMessage: when the whole network is silent for longer than
// a flow is kept, what waits behind a gap is still returned, by the clock.
func TestSilenceLosesNoMessage(t *testing.T) {
	_, messages := conversation()
	s := newSender(t, DefaultConfig())
	s.send(0, messages[0][:200], frame.ACK)
	s.send(len(messages[0]), messages[1], frame.ACK)
	s.take(s.a.Advance(start.Add(idleTime)))
	checkBooks(t, s.a)
	s.want(messages[0][:200], messages[1])
	s.a.Advance(start.Add(2 * idleTime))
	if c := s.a.Counters(); c.Flows != 0 || c.Expired != 1 || c.Buffered != 0 {
		t.Errorf("got counters %+v, want the flow expired", c)
	}
}

// TestSilenceBehindTwoGaps: what waits behind the second is not forgotten with
// the first.
func TestSilenceBehindTwoGaps(t *testing.T) {
	_, messages := conversation()
	s := newSender(t, DefaultConfig())
	s.send(0, messages[1], frame.ACK)
	s.send(1000, messages[1], frame.ACK)
	s.send(2000, messages[2], frame.ACK)
	s.take(s.a.Advance(start.Add(idleTime)))
	s.want(messages[1], messages[1])
	s.take(s.a.Advance(start.Add(idleTime + patience)))
	s.want(messages[1], messages[1], messages[2])
}

// TestElsewhereIsASegmentToo: what a FIN, a RST and a cut mean does not depend
// on where the segment lies.
func TestElsewhereIsASegmentToo(t *testing.T) {
	_, messages := conversation()
	const far = 9_000_000
	for name, p := range map[string]frame.Packet{
		"FIN": {Flags: frame.FIN | frame.ACK}, "a cut": {Truncated: true},
	} {
		s := newSender(t, DefaultConfig())
		s.send(0, messages[0], frame.ACK)
		p.Protocol, p.Src, p.Dst, p.Seq, p.Payload = frame.TCP, s.src, s.dst, s.first+far, []byte(messages[1][:100])
		s.packet(p)
		s.want(messages[0], messages[1][:100])
		if c := s.a.Counters(); c.Flows != 0 || c.Truncated != 1 || c.Buffered != 0 {
			t.Errorf("%s: got counters %+v, want one message cut and no flow", name, c)
		}
	}
	s := newSender(t, DefaultConfig())
	s.send(0, messages[0], frame.ACK)
	s.send(far, "\x00\x01\x02", frame.ACK) // begins nothing: the flow stays where it is
	if c := s.a.Counters(); s.verdict != Buffered || c.Skipped != 3 {
		t.Errorf("got %s and counters %+v, want three bytes skipped", s.verdict, c)
	}
	s.send(len(messages[0]), messages[1], frame.ACK)
	s.want(messages[0], messages[1])
}

// TestUnknownFlowWithAGap: a connection whose first bytes were lost is not
// kept beyond patience, unless SIP stands behind the gap.
func TestUnknownFlowWithAGap(t *testing.T) {
	_, messages := conversation()
	for behind, want := range map[string][]string{"\x00\x03\x04": nil, "rest\r\n" + messages[1]: {messages[1]}} {
		s := newSender(t, DefaultConfig())
		s.syn()
		s.send(50, behind, frame.ACK)
		s.at = start.Add(patience)
		s.send(0, "", frame.ACK)
		s.want(want...)
		if c := s.a.Counters(); c.Flows != len(want) || c.Buffered != 0 || c.Gaps != 1 {
			t.Errorf("%q: got counters %+v, want %d flows", behind, c, len(want))
		}
	}
	s := newSender(t, DefaultConfig())
	s.send(0, "INVITE sip:bob@exam", frame.ACK) // and the rest of the line never comes
	s.at = start.Add(patience)
	s.packet(frame.Packet{Protocol: frame.TCP, Src: proxy, Dst: alice, Flags: frame.ACK})
	if c := s.a.Counters(); c.Flows != 0 || c.Buffered != 0 || c.Skipped == 0 {
		t.Errorf("got counters %+v, want nothing kept", c)
	}
}

// TestByteByByte: a large message comes out of the smallest segments, each byte
// of its header section read once.
func TestByteByByte(t *testing.T) {
	sent := message("INVITE", strings.Repeat("X: y\r\n", 9000)+"l: 9000\r\n", strings.Repeat("b", 9000))
	a := New(DefaultConfig())
	p := frame.Packet{Protocol: frame.TCP, Src: alice, Dst: proxy, Flags: frame.ACK}
	for i := range sent {
		p.Seq, p.Payload = uint32(i), []byte(sent[i:i+1])
		got, _ := a.Observe(&p, start.Add(time.Duration(i)*time.Millisecond))
		checkBooks(t, a)
		if done := i == len(sent)-1; (len(got) == 1) != done || done && string(got[0].Data) != sent {
			t.Fatalf("byte %d of %d: got %d messages", i, len(sent), len(got))
		}
	}
}

func TestVerdictWords(t *testing.T) {
	for v, want := range map[Verdict]string{NotSIP: "not_sip", Buffered: "buffered", Complete: "complete", 0: "", 99: ""} {
		if got := v.String(); got != want {
			t.Errorf("verdict %d: got %q, want %q", v, got, want)
		}
	}
}
