package stream

import (
	"net/netip"
	"strings"
	"testing"

	"tollwatch/decoder/frame"
)

// TestStrangersAreNotKept: connections that are not SIP leave nothing behind.
func TestStrangersAreNotKept(t *testing.T) {
	for name, segments := range map[string][]string{
		"http":             {"GET /index.html HTTP/1.1\r\nHost: x\r\n\r\n", "GET /a HTTP/1.1\r\n\r\n"},
		"http answer":      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"},
		"rtsp":             {"OPTIONS rtsp://x/ RTSP/1.0\r\nCSeq: 1\r\n\r\n"},
		"ssh":              {"SSH-2.0-OpenSSH_9.2\r\n"},
		"binary":           {"\x00\x01\x02", "\x80\xff"},
		"prose":            {strings.Repeat("word and word again ", 70)},
		"base64":           {strings.Repeat("QUJD", 350), strings.Repeat("QUJD", 350)},
		"telnet":           {"l", "s", "\r\n"},
		"almost":           {"INVITE sip:a@b SIP/2.0\r\n", "\r\n\r\n"},
		"a line too long":  {"INVITE sip:" + strings.Repeat("a", maxStartLine)},
		"another protocol": {"SIP/2.0 2xx OK\r\nVia: x\r\n"},
	} {
		for _, opened := range []bool{true, false} {
			s := newSender(t, DefaultConfig())
			if opened {
				s.syn()
			}
			s.sendAll(segments)
			s.want()
			if s.verdict != NotSIP {
				t.Errorf("%s: got %s, want not_sip", name, s.verdict)
			}
			if c := s.a.Counters(); c.Flows != 0 || c.Buffered != 0 {
				t.Errorf("%s: got counters %+v, want nothing kept", name, c)
			}
		}
	}
}

// TestPickedUpAgain: a connection that was not SIP is followed from the first
// segment on that is.
func TestPickedUpAgain(t *testing.T) {
	_, messages := conversation()
	s := newSender(t, DefaultConfig())
	s.syn()
	s.send(0, "PROXY TCP4 192.0.2.1 192.0.2.9 1 2\r\n", frame.ACK)
	s.send(36, messages[0], frame.ACK)
	s.want(messages[0])
}

// host is the n-th of many addresses.
func host(n int) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)}), 5060)
}

func (s *sender) from(n int) { s.src = host(n) }

// TestSYNFlood: SYNs push out SYNs, but no connection that is SIP.
func TestSYNFlood(t *testing.T) {
	_, messages := conversation()
	s := newSender(t, Config{MaxFlows: 50, MaxBuffered: 1 << 20})
	for n := range 10 {
		s.from(n)
		s.send(0, messages[1], frame.ACK)
	}
	for n := range 500 {
		s.from(1000 + n)
		s.syn()
	}
	if c := s.a.Counters(); c.Flows != 50 || c.Evicted != 460 || s.a.sip.n != 10 {
		t.Errorf("got counters %+v and %d SIP flows, want 50 flows, 460 evicted, 10 SIP", c, s.a.sip.n)
	}
	if oldest := s.a.opening.first.src; oldest != host(1460) {
		t.Errorf("the oldest SYN that is left is of %s, want %s: older ones go first", oldest, host(1460))
	}
	for n := range 100 { // now SIP fills the table, and SYNs find no place
		s.from(2000 + n)
		s.send(0, messages[1], frame.ACK)
	}
	s.from(5000)
	s.syn()
	if c := s.a.Counters(); c.Flows != 50 || s.a.sip.n != 50 || c.Refused != 1 {
		t.Errorf("got counters %+v and %d SIP flows, want 50 of them and one SYN refused", c, s.a.sip.n)
	}
}

// TestByteFloods: neither unfinished messages nor segments behind gaps hold
// more than the cap.
func TestByteFloods(t *testing.T) {
	_, messages := conversation()
	long := messages[0][:150] + strings.Repeat("a", 60000)
	for name, attack := range map[string]func(s *sender){
		"unfinished": func(s *sender) { s.send(0, long, frame.ACK) },
		"fragments": func(s *sender) {
			s.send(0, webFrame(opening, 9, messages[0]), frame.ACK)
			s.send(len(webFrame(opening, 9, messages[0])), webFrame(more, 9, long[:60000]), frame.ACK)
		},
		"behind gaps": func(s *sender) {
			s.send(0, messages[0][:100], frame.ACK)
			for i := range 100 {
				s.send(1000+i*3000, long[:2000], frame.ACK)
			}
		},
	} {
		s := newSender(t, Config{MaxFlows: 1000, MaxBuffered: 1 << 20})
		for n := range 500 {
			s.from(n)
			s.got = nil
			attack(s)
		}
		if c := s.a.Counters(); c.Evicted == 0 || c.Buffered < 1<<19 {
			t.Errorf("%s: got counters %+v, want a full table and some evicted", name, c)
		}
		s.from(9999)
		s.got = nil
		s.send(0, messages[0][:100], frame.ACK)
		s.send(100, messages[0][100:], frame.ACK)
		s.want(messages[0])
	}
}
