package stream

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"
	"time"

	"tollwatch/decoder/frame"
)

const (
	get = "GET /ws HTTP/1.1\r\nHost: proxy.example.org\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: chat, sip\r\nSec-WebSocket-Version: 13\r\n\r\n"
	switching = "HTTP/1.1 101 Switching Protocols\r\nupgrade: WebSocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: sip\r\n\r\n"

	text, binaryFrame, ping, pong, closing = 0x81, 0x82, 0x89, 0x8a, 0x88
	opening, openingDeflated, more, last   = 0x01, 0x41, 0x00, 0x80
)

// webFrame makes a frame with the shortest length that fits; masked when key is
// not 0.
func webFrame(first byte, key uint32, payload string) string {
	b, mask := []byte{first}, byte(0)
	if key != 0 {
		mask = 0x80
	}
	switch n := len(payload); {
	case n < 126:
		b = append(b, mask|byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, mask|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, mask|127), uint64(n))
	}
	return string(b) + masked(key, payload)
}

func masked(key uint32, payload string) string {
	if key == 0 {
		return payload
	}
	k := binary.BigEndian.AppendUint32(nil, key)
	out := []byte(payload)
	for i := range out {
		out[i] ^= k[i%4]
	}
	return string(k) + string(out)
}

// webConversation is what one side of a connection sends after the handshake,
// and the messages in it.
func webConversation(key uint32) (stream string, messages []string) {
	invite := message("INVITE", "Content-Type: application/sdp\r\nContent-Length: %d\r\n", sdp)
	update := message("UPDATE", "l: %d\r\n", sdp)
	messages = []string{message("ACK", "", ""), invite, update, "SIP/2.0 200 OK\r\nv: SIP/2.0/WS x\r\n\r\n", message("BYE", "", "")}
	long := binary.BigEndian.AppendUint64([]byte{text, 127}, uint64(len(messages[4]))) // not the shortest length
	if key != 0 {
		long[1] |= 0x80
	}
	return webFrame(text, key, messages[0]) +
		webFrame(opening, key, invite[:5]) + webFrame(ping, key, "are you there") + webFrame(more, key, "") + webFrame(more, key+key>>7, invite[5:200]) +
		webFrame(pong, key, "") + webFrame(last, key, invite[200:]) +
		webFrame(binaryFrame, key, "\r\n"+update) + webFrame(text, key, "\r\n\r\n") +
		webFrame(openingDeflated, key, "\xaa\x56\x0a") + webFrame(last, key, "\xaa\x56\x0b") + webFrame(0xc1, key, "\xaa") +
		webFrame(text, key, "not ours") + webFrame(text, key, messages[3]) + string(long) + masked(key, messages[4]) +
		webFrame(closing, key, "\x03\xe8"), messages
}

// TestWebSocketSplitAnywhere: both sides, with their handshake and joined
// later, cut at every byte and, for some first cuts, at every second one.
func TestWebSocketSplitAnywhere(t *testing.T) {
	for name, c := range map[string]struct {
		handshake string
		key       uint32
	}{
		"client": {get, 0x37fa213d}, "server": {switching, 0},
		"client joined": {"", 0x80818283}, "server joined": {"", 0},
	} {
		frames, messages := webConversation(c.key)
		stream := c.handshake + frames
		run := func(segments []string) {
			t.Helper()
			s := newSender(t, DefaultConfig())
			s.kind = WebSocket
			s.sendAll(segments)
			s.want(messages...)
			if c := s.a.Counters(); c.Buffered != 0 || c.Truncated+c.Resyncs != 0 || c.Compressed != 2 || c.KeepAlives != 4 || s.cut != 0 {
				t.Fatalf("%s: got counters %+v, want two messages compressed and four keep-alives", name, c)
			}
		}
		run([]string{stream})
		for n := 1; n < len(stream); n++ {
			run(split(stream, n))
		}
		for n := 1; n < 40; n++ {
			run(every(stream, n))
		}
		for _, first := range []int{1, 2, len(c.handshake) + 1, len(c.handshake) + 3, len(stream) / 2} {
			for n := first + 1; n < len(stream); n++ {
				run(split(stream, first, n))
			}
		}
	}
}

// TestWebSocketOneSegmentLost: whichever is lost, what was not in it comes out,
// and nothing that was not sent is invented.
func TestWebSocketOneSegmentLost(t *testing.T) {
	for _, key := range []uint32{0, 0x37fa213d} {
		frames, messages := webConversation(key)
		segments := every(frames+frames, 150)
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
			s.take(s.a.Advance(s.at.Add(patience)))
			spared := 0
			for _, m := range s.got {
				if !strings.Contains(strings.Join(messages, ""), m) {
					t.Fatalf("key %x, lost %d: got %q, which was not sent", key, lost, m)
				}
				if slices.Contains(messages, m) {
					spared++
				}
			}
			// A hole may touch four of them.
			if want := 2*len(messages) - 4; spared < want {
				t.Errorf("key %x, lost %d: got %d whole messages, want %d at least", key, lost, spared, want)
			}
		}
	}
}

// TestWebSocketStories are connections of which one thing is out of the
// ordinary, and what is read of them.
func TestWebSocketStories(t *testing.T) {
	const key = 0x37fa213d
	ack, bye := message("ACK", "", ""), message("BYE", "", "")
	invite := message("INVITE", "Content-Length: %d\r\n", sdp)
	huge := string(binary.BigEndian.AppendUint64([]byte{text, 127}, 1<<40))
	for name, c := range map[string]struct {
		segments []string
		want     []string
		cut      int
	}{
		"an upgrade that was refused, and plain SIP": {[]string{get, invite}, []string{invite}, 0},
		"an upgrade to something else":               {[]string{strings.Replace(get, "sip", "mqtt", 1), webFrame(text, key, "{}")}, nil, 0},
		"an upgrade twice":                           {[]string{get, get + webFrame(text, key, bye)}, []string{bye}, 0},
		"fragments, the last of which never comes":   {[]string{get + webFrame(opening, key, invite[:120]), webFrame(text, key, bye)}, []string{invite[:120], bye}, 1},
		"a continuation of nothing":                  {[]string{get + webFrame(more, key, invite), webFrame(last, key, invite) + webFrame(text, key, bye)}, []string{bye}, 0},
		"a frame longer than any":                    {[]string{webFrame(text, 0, ack) + huge, invite, webFrame(text, 0, bye)}, []string{ack, bye}, 0},
		"reserved bits":                              {[]string{webFrame(text, key, ack) + webFrame(0xb1, key, ack), webFrame(text, key, bye)}, []string{ack, bye}, 0},
		"a ping that is too long":                    {[]string{webFrame(text, key, ack) + webFrame(ping, key, strings.Repeat("x", 200)) + webFrame(text, key, bye)}, []string{ack, bye}, 0},
		"a length with the top bit":                  {[]string{webFrame(text, key, ack) + "\x81\x7f" + strings.Repeat("\xff", 8) + webFrame(text, key, bye)}, []string{ack, bye}, 0},
		"joined within a frame":                      {[]string{webFrame(text, key, invite)[40:], webFrame(text, key, bye)}, []string{bye}, 0},
		"frames of another protocol":                 {[]string{webFrame(text, key, "{\"id\":1}"), webFrame(text, 0, "hello"), webFrame(binaryFrame, 0, "\x01\x02")}, nil, 0},
		"fragments longer than a message": {[]string{webFrame(opening, key, invite[:200]), webFrame(more, key, strings.Repeat("x", 65000)), webFrame(more, key, strings.Repeat("x", 65000)),
			webFrame(last, key, "x") + webFrame(text, key, bye)}, []string{invite[:200] + strings.Repeat("x", 65000), bye}, 1},
	} {
		s := newSender(t, DefaultConfig())
		s.sendAll(c.segments)
		if !slices.Equal(s.got, c.want) || s.cut != c.cut {
			t.Errorf("%s: got %d messages, %d cut: %.400q, want %.400q", name, len(s.got), s.cut, s.got, c.want)
		}
		if c := s.a.Counters(); c.Buffered != 0 {
			t.Errorf("%s: got counters %+v, want nothing held", name, c)
		}
	}
}

// TestWebSocketEnds: what FIN, silence and a new connection do to a message
// that is not whole.
func TestWebSocketEnds(t *testing.T) {
	const key = 0x37fa213d
	invite := message("INVITE", "Content-Length: %d\r\n", sdp)
	sent := webFrame(opening, key, invite[:150]) + webFrame(more, key, invite[150:])
	sent = sent[:len(sent)-20]
	single := webFrame(text, key, invite)
	single = single[:len(single)-20]
	part := invite[:len(invite)-20]
	for name, end := range map[string]func(s *sender, n int){
		"FIN":       func(s *sender, n int) { s.send(n, "", frame.FIN|frame.ACK) },
		"silence":   func(s *sender, n int) { s.take(s.a.Advance(s.at.Add(patience))) },
		"a new SYN": func(s *sender, n int) { s.first += 5_000_000; s.syn() },
		"the end":   func(s *sender, n int) { s.take(s.a.Flush()) },
	} {
		for _, sent := range []string{sent, single} {
			s := newSender(t, DefaultConfig())
			s.send(0, sent, frame.ACK)
			s.want()
			end(s, len(sent))
			if len(s.got) != 1 || s.got[0] != part || s.cut != 1 {
				t.Errorf("%s: got %q, %d cut, want the part", name, s.got, s.cut)
			}
			if c := s.a.Counters(); c.Buffered != 0 {
				t.Errorf("%s: got counters %+v, want nothing held", name, c)
			}
		}
	}
	s := newSender(t, DefaultConfig())
	s.send(0, sent, frame.ACK)
	s.first += 5_000_000
	s.syn()
	s.send(0, message("BYE", "", ""), frame.ACK) // the new connection is plain TCP
	s.want(part, message("BYE", "", ""))
}

// TestNotJoined: frames on an unknown connection that are not followed,
// though SIP stands in them.
func TestNotJoined(t *testing.T) {
	bye := message("BYE", "", "")
	for name, sent := range map[string]string{
		"compressed":      webFrame(0xc1, 0, bye),
		"a continuation":  webFrame(last, 0, bye),
		"a ping":          webFrame(ping, 0, bye[:100]),
		"far too long":    string(binary.BigEndian.AppendUint64([]byte{text, 127}, 1<<20)) + bye,
		"behind a prefix": webFrame(text, 0, "x\r\n"+bye),
		"a line for ever": webFrame(text, 0, "INVITE sip:"+strings.Repeat("x", maxStartLine)),
	} {
		s := newSender(t, DefaultConfig())
		s.send(0, sent, frame.ACK)
		if c := s.a.Counters(); s.verdict != NotSIP || c.Flows != 0 {
			t.Errorf("%s: got %s, %d flows, want not_sip and none", name, s.verdict, c.Flows)
		}
	}
}

// TestOtherFramesEndBelief: a connection that was SIP is not followed for ever
// through messages of another protocol; each SIP message renews the credit.
func TestOtherFramesEndBelief(t *testing.T) {
	bye, other := webFrame(text, 1, message("BYE", "", "")), strings.Repeat(webFrame(binaryFrame, 1, strings.Repeat("\x00", 10_000)), 3*maxSkipped/40_000)
	s := newSender(t, DefaultConfig())
	s.sendAll(every(bye+other+bye+other, 1400))
	if c := s.a.Counters(); c.Flows != 1 || c.Messages != 2 {
		t.Errorf("got %d flows, %d messages, want the flow kept", c.Flows, c.Messages)
	}
	offset := len(bye + other + bye + other)
	for _, b := range every(other, 1400) {
		s.send(offset, b, frame.ACK)
		offset += len(b)
	}
	if c := s.a.Counters(); c.Flows != 0 || s.verdict != NotSIP {
		t.Errorf("got %s and %d flows, want the flow forgotten", s.verdict, c.Flows)
	}
}

// TestHandshakeAloneIsNoSIP: who only asks for an upgrade is the first to go.
func TestHandshakeAloneIsNoSIP(t *testing.T) {
	s := newSender(t, Config{MaxFlows: 20, MaxBuffered: 1 << 20})
	for n := range 10 {
		s.from(n)
		s.send(0, webFrame(text, 1, message("BYE", "", "")), frame.ACK)
	}
	for n := range 200 {
		s.from(1000 + n)
		s.send(0, get, frame.ACK)
	}
	if c := s.a.Counters(); c.Flows != 20 || c.Evicted != 190 || s.a.sip.n != 10 {
		t.Errorf("got counters %+v and %d flows with messages, want 190 handshakes evicted and 10 flows", c, s.a.sip.n)
	}
}
