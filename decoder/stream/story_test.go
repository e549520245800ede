package stream

import (
	"bytes"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tollwatch/decoder/frame"
)

var (
	start = time.Unix(1_700_000_000, 0)
	alice = netip.MustParseAddrPort("192.0.2.1:50060")
	proxy = netip.MustParseAddrPort("192.0.2.9:5060")
)

// message makes a request with a body, its length said by the given header
// line; "%d" in it is the length.
func message(method, length, body string) string {
	if strings.Contains(length, "%d") {
		length = fmt.Sprintf(length, len(body))
	}
	return method + " sip:bob@example.org SIP/2.0\r\nVia: SIP/2.0/TCP 192.0.2.1;branch=z9hG4bK1\r\n" +
		"Call-ID: " + method + "@192.0.2.1\r\nCSeq: 1 " + method + "\r\n" + length + "\r\n" + body
}

// maxSpare is how many of the smallest buffers stay behind.
const maxSpare = spareMemory / minBuffer

const sdp = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n"

// conversation is a stream as telephones send it, and the messages in it.
func conversation() (stream string, messages []string) {
	messages = []string{
		message("INVITE", "Content-Type: application/sdp\r\nContent-Length: %d\r\n", sdp),
		message("ACK", "l: %d\r\n", ""),
		message("UPDATE", "L\t:\r\n %d\r\n", sdp),
		message("OPTIONS", "", ""), // no length: no body, RFC 3261 §18.3
		strings.ReplaceAll(message("INFO", "CONTENT-LENGTH:%d\r\n", "Signal=5\n"), "\r\n", "\n"),
		"SIP/2.0 200 OK\r\nVia: SIP/2.0/TCP 192.0.2.1\r\nContent-Length:   0  \r\n\r\n",
		message("NOTIFY", "Content-Length: %d\r\nContent-Length: 9999\r\n", "SIP/2.0 200 OK\r\n"),
		message("MESSAGE", "Content-Length: %d\r\n", "BYE sip:a@b SIP/2.0\r\nVia: x\r\n\r\n"),
		message("BYE", "Subject: l: 4\r\nContent-Length: %d\r\n", ""),
	}
	return messages[0] + messages[1] + "\r\n\r\n" + messages[2] + messages[3] + "\r\n" + messages[4] + messages[5] + "\n\n" +
		messages[6] + messages[7] + messages[8] + "\r\n\r\n\r\n", messages
}

// sender is one direction of a connection, given to an assembler.
type sender struct {
	t        testing.TB
	a        *Assembler
	src, dst netip.AddrPort
	first    uint32 // sequence number of the first byte
	at       time.Time
	got      []string
	cut      int // how many of them were truncated
	verdict  Verdict
	kind     Kind // of all messages, when not 0
}

func newSender(t testing.TB, cfg Config) *sender {
	return &sender{t: t, a: New(cfg), src: alice, dst: proxy, first: 0xffffff00, at: start}
}

// send gives b, which stands at offset in the stream.
func (s *sender) send(offset int, b string, flags byte) {
	s.t.Helper()
	s.packet(frame.Packet{Protocol: frame.TCP, Src: s.src, Dst: s.dst, Seq: s.first + uint32(offset), Flags: flags, Payload: []byte(b)})
}

func (s *sender) syn() {
	s.packet(frame.Packet{Protocol: frame.TCP, Src: s.src, Dst: s.dst, Seq: s.first - 1, Flags: frame.SYN})
}

func (s *sender) packet(p frame.Packet) {
	s.t.Helper()
	var messages []Message
	before := bytes.Clone(p.Payload)
	messages, s.verdict = s.a.Observe(&p, s.at)
	s.take(messages)
	if !bytes.Equal(before, p.Payload) {
		s.t.Fatal("the captured frame was written into")
	}
	clear(p.Payload) // the memory of a frame is used again for the next
	checkBooks(s.t, s.a)
	if (len(messages) > 0) != (s.verdict == Complete) {
		s.t.Fatalf("verdict %s with %d messages", s.verdict, len(messages))
	}
}

func (s *sender) take(messages []Message) {
	for _, m := range messages {
		if m.Src != s.src || m.Dst != s.dst {
			s.t.Fatalf("message of %s to %s, want %s to %s", m.Src, m.Dst, s.src, s.dst)
		}
		if s.kind != 0 && m.Kind != s.kind {
			s.t.Fatalf("got a message of kind %s, want %s", m.Kind, s.kind)
		}
		s.got = append(s.got, string(m.Data))
		if m.Truncated {
			s.cut++
		}
	}
}

func (s *sender) want(messages ...string) {
	s.t.Helper()
	if diff := cmp.Diff(messages, s.got); diff != "" {
		s.t.Fatalf("messages (-want +got):\n%s", diff)
	}
}

// checkBooks compares the counters with what the tables hold, and both with
// the caps.
func checkBooks(t testing.TB, a *Assembler) {
	t.Helper()
	used, waiting := 0, 0
	for _, f := range a.flows {
		used += cap(f.held) + cap(f.parts)
		ahead := 0
		for i, p := range f.pending {
			ahead += len(p.data)
			if i > 0 && distance(p.seq, f.pending[i-1].end()) < 0 {
				t.Fatalf("pending pieces %d and %d overlap", i-1, i)
			}
		}
		if ahead != f.ahead {
			t.Fatalf("flow says it holds %d bytes ahead, it holds %d", f.ahead, ahead)
		}
		used += ahead
		if len(f.held)+len(f.pending)+len(f.parts) > 0 {
			waiting++
		}
		if h := &f.head; h.begun && (h.end == 0 && h.seen != len(f.held) || h.end > len(f.held)) {
			t.Fatalf("%d of %d bytes of headers are read: bytes are read twice, or not", h.seen, len(f.held))
		}
		if len(f.held) > 2*maxMessage+maxPendingBytes || ahead > maxPendingBytes || len(f.pending) > maxPending {
			t.Fatalf("flow holds %d bytes and %d pieces of %d bytes: above the caps", len(f.held), len(f.pending), ahead)
		}
	}
	c := a.Counters()
	switch {
	case c.Buffered != used || c.Flows != len(a.flows):
		t.Fatalf("counters say %d bytes, %d flows; the tables hold %d and %d", c.Buffered, c.Flows, used, len(a.flows))
	case len(a.buffers.spare[0]) > maxSpare:
		t.Fatalf("%d spare buffers, want %d at most", len(a.buffers.spare[0]), maxSpare)
	case used > a.cfg.MaxBuffered || len(a.flows) > a.cfg.MaxFlows:
		t.Fatalf("%d bytes, %d flows: above the caps %+v", used, len(a.flows), a.cfg)
	case a.opening.n+a.sip.n != len(a.flows) || a.waiting.n != waiting:
		t.Fatalf("lists of %d, %d and %d flows, want %d in all and %d waiting", a.opening.n, a.sip.n, a.waiting.n, len(a.flows), waiting)
	}
}

// split cuts s after each of the given offsets.
func split(s string, at ...int) []string {
	var out []string
	last := 0
	for _, n := range at {
		out, last = append(out, s[last:n]), n
	}
	return append(out, s[last:])
}

// every cuts s into segments of n bytes.
func every(s string, n int) []string {
	var out []string
	for len(s) > n {
		out, s = append(out, s[:n]), s[n:]
	}
	return append(out, s)
}

func (s *sender) sendAll(segments []string) {
	s.t.Helper()
	offset := 0
	for _, b := range segments {
		s.send(offset, b, frame.ACK)
		offset += len(b)
	}
}

func TestOneSegmentOneMessage(t *testing.T) {
	_, messages := conversation()
	s := newSender(t, DefaultConfig())
	s.sendAll(messages)
	s.want(messages...)
	if c := s.a.Counters(); c.Buffered != 0 || c.Messages != uint64(len(messages)) || c.Truncated+c.Resyncs+c.Skipped != 0 {
		t.Errorf("got counters %+v", c)
	}
}

func TestSplitAnywhere(t *testing.T) {
	stream, messages := conversation()
	for _, opened := range []bool{true, false} {
		run := func(segments []string) {
			t.Helper()
			s := newSender(t, DefaultConfig())
			s.kind = TCP
			if opened {
				s.syn()
			}
			s.sendAll(segments)
			s.want(messages...)
			if c := s.a.Counters(); c.Buffered != 0 || c.Truncated+c.Resyncs+c.Skipped != 0 {
				t.Fatalf("got counters %+v", c)
			}
		}
		run([]string{stream})
		for n := 1; n < len(stream); n++ {
			run(split(stream, n))
			run(every(stream, n))
		}
		for n := 1; n+7 < len(stream); n++ {
			run(split(stream, n, n+1, n+7))
		}
		for _, first := range []int{1, 60, len(stream) / 2} {
			for n := first + 1; n < len(stream); n++ {
				run(split(stream, first, n))
			}
		}
	}
}

func TestMidStreamStart(t *testing.T) {
	_, messages := conversation()
	s := newSender(t, DefaultConfig())
	s.send(0, messages[0][100:], frame.ACK) // the rest of an INVITE
	if s.verdict != NotSIP {
		t.Errorf("rest of a message on an unknown flow: got %s, want not_sip", s.verdict)
	}
	s.send(len(messages[0])-100, messages[1]+messages[2][:50], frame.ACK)
	s.send(len(messages[0])-100+len(messages[1])+50, messages[2][50:], frame.ACK)
	s.want(messages[1], messages[2])
}

func TestKeepAlives(t *testing.T) {
	_, messages := conversation()
	s := newSender(t, DefaultConfig())
	s.send(0, "\r\n\r\n", frame.ACK)
	if s.verdict != NotSIP {
		t.Errorf("line ends on an unknown flow: got %s, want not_sip", s.verdict)
	}
	s.send(4, messages[1], frame.ACK)
	s.send(4+len(messages[1]), "\r\n\r\n", frame.ACK)
	if s.verdict != Buffered {
		t.Errorf("keep-alive: got %s, want buffered", s.verdict)
	}
	s.send(8+len(messages[1]), "\r\n"+messages[3], frame.ACK)
	s.want(messages[1], messages[3])
	if c := s.a.Counters(); c.KeepAlives != 2 || c.Buffered != 0 || c.Skipped != 0 {
		t.Errorf("got counters %+v, want two keep-alives and nothing held", c)
	}
}

// TestConnectionsEnd: what FIN, RST and a new SYN do to a message that is not
// whole.
func TestConnectionsEnd(t *testing.T) {
	_, messages := conversation()
	part := messages[0][:len(messages[0])-20]
	for name, end := range map[string]func(s *sender){
		"FIN":           func(s *sender) { s.send(len(part), "", frame.FIN|frame.ACK) },
		"RST":           func(s *sender) { s.send(len(part), "", frame.RST) },
		"a new SYN":     func(s *sender) { s.first += 5_000_000; s.syn() },
		"another place": func(s *sender) { s.send(9_000_000, messages[1], frame.ACK) },
		"a cut segment": func(s *sender) {
			s.packet(frame.Packet{Protocol: frame.TCP, Src: s.src, Dst: s.dst, Seq: s.first + uint32(len(part)), Truncated: true})
		},
	} {
		s := newSender(t, DefaultConfig())
		s.send(0, part, frame.ACK)
		end(s)
		if len(s.got) == 0 || s.got[0] != part || s.cut != 1 {
			t.Errorf("%s: got %q, %d truncated, want the part", name, s.got, s.cut)
		}
		if c := s.a.Counters(); c.Buffered != 0 || c.Truncated != 1 {
			t.Errorf("%s: got counters %+v, want nothing held", name, c)
		}
	}
	s := newSender(t, DefaultConfig())
	s.send(0, messages[1], frame.FIN|frame.ACK)
	s.want(messages[1])
	if c := s.a.Counters(); c.Flows != 0 || c.Truncated != 0 {
		t.Errorf("FIN behind a whole message: got counters %+v, want no flow", c)
	}
}

// TestRepeatedSYN: a SYN sent twice, or seen late, ends nothing.
func TestRepeatedSYN(t *testing.T) {
	_, messages := conversation()
	s := newSender(t, DefaultConfig())
	s.syn()
	s.syn()
	s.send(0, messages[0][:99], frame.ACK)
	s.syn()
	s.send(99, messages[0][99:], frame.ACK)
	s.want(messages[0])
}

func TestFlush(t *testing.T) {
	_, messages := conversation()
	s := newSender(t, DefaultConfig())
	s.send(0, messages[0]+messages[1][:60], frame.ACK)
	s.send(len(messages[0])+70, "rest\r\n"+messages[2], frame.ACK)
	s.take(s.a.Flush())
	s.want(messages[0], messages[1][:60], messages[2])
	if c := s.a.Counters(); c.Flows != 0 || c.Buffered != 0 || c.Gaps != 1 || c.Truncated != 1 {
		t.Errorf("got counters %+v, want nothing left and one gap", c)
	}
}

// TestSilentFlowsExpire and are picked up again at their next message.
func TestSilentFlowsExpire(t *testing.T) {
	_, messages := conversation()
	s := newSender(t, DefaultConfig())
	s.send(0, messages[1], frame.ACK)
	s.a.Advance(start.Add(idleTime - 1))
	if c := s.a.Counters(); c.Flows != 1 {
		t.Errorf("got %d flows, want 1", c.Flows)
	}
	s.a.Advance(start.Add(idleTime))
	if c := s.a.Counters(); c.Flows != 0 || c.Expired != 1 {
		t.Errorf("got %+v, want the flow expired", c)
	}
	s.send(len(messages[1]), messages[2], frame.ACK)
	s.want(messages[1], messages[2])
}

// TestNoCopy: what came whole is handed on where it lies.
func TestNoCopy(t *testing.T) {
	_, messages := conversation()
	a := New(DefaultConfig())
	p := frame.Packet{Protocol: frame.TCP, Src: alice, Dst: proxy, Payload: []byte(messages[0] + messages[1])}
	got, _ := a.Observe(&p, start)
	if len(got) != 2 || &got[0].Data[0] != &p.Payload[0] || &got[1].Data[0] != &p.Payload[len(messages[0])] {
		t.Errorf("got %d messages, want two inside the segment", len(got))
	}
	if !bytes.Equal(got[1].Data, []byte(messages[1])) {
		t.Errorf("got %q, want %q", got[1].Data, messages[1])
	}
}
