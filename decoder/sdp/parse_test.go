package sdp

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// lines joins lines as SIP bodies do.
func lines(l ...string) []byte { return []byte(strings.Join(l, "\r\n") + "\r\n") }

// show writes a session the way the tests below expect it: one line a section.
func show(s *Session) []string {
	var out []string
	for i := range s.Media[:s.N] {
		m := &s.Media[i]
		kind := [...]string{"?", "other", "audio", "video", "image"}[m.Kind]
		dir := [...]string{"?", "sendrecv", "sendonly", "recvonly", "inactive"}[m.Direction]
		t := fmt.Sprintf("%s %s rtcp %s %s", kind, m.Endpoint(), m.RTCP, dir)
		for _, f := range m.Formats[:m.N] {
			t += fmt.Sprintf(" %d=%s/%d", f.PayloadType, f.Codec, f.ClockRate)
		}
		for _, flag := range []struct {
			name string
			on   bool
		}{{"encrypted", m.Encrypted}, {"t38", m.T38}, {"held", m.Held()}} {
			if flag.on {
				t += " " + flag.name
			}
		}
		if m.Ptime != 0 {
			t += fmt.Sprintf(" ptime %d", m.Ptime)
		}
		out = append(out, t)
	}
	return out
}

func TestParse(t *testing.T) {
	for _, c := range []struct {
		name string
		in   []byte
		want []string
	}{
		{"a desk phone offers", lines("v=0", "o=- 7 9 IN IP4 192.0.2.7", "s=call", "c=IN IP4 192.0.2.7", "t=0 0",
			"m=audio 11000 RTP/AVP 8 0 101", "a=rtpmap:8 PCMA/8000", "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15",
			"a=ptime:20", "a=sendrecv"),
			[]string{"audio 192.0.2.7:11000 rtcp 192.0.2.7:11001 sendrecv 8=PCMA/8000 0=PCMU/8000 101=telephone-event/8000 ptime 20"}},
		{"line feeds alone, no s=, c= behind t=, media's own address wins", []byte("v=0\no=a 1 2 IN IP4 h\nt=0 0\nc=IN IP4 192.0.2.1\n" +
			"m=audio 4000 RTP/AVP 18\nc=IN IP4 192.0.2.2/127\nm=video 4002 RTP/AVP 31"),
			[]string{"audio 192.0.2.2:4000 rtcp 192.0.2.2:4001 sendrecv 18=G729/8000",
				"video 192.0.2.1:4002 rtcp 192.0.2.1:4003 sendrecv 31=H261/90000"}},
		{"the session's direction holds for media that say nothing", lines("v=0", "c=IN IP4 192.0.2.1", "a=sendonly",
			"m=audio 4000 RTP/AVP 0", "m=audio 4002 RTP/AVP 0", "a=recvonly"),
			[]string{"audio 192.0.2.1:4000 rtcp 192.0.2.1:4001 sendonly 0=PCMU/8000 held",
				"audio 192.0.2.1:4002 rtcp 192.0.2.1:4003 recvonly 0=PCMU/8000"}},
		{"hold in the old way", lines("v=0", "c=IN IP4 0.0.0.0", "m=audio 4000 RTP/AVP 0"),
			[]string{"audio 0.0.0.0:4000 rtcp 0.0.0.0:4001 sendrecv 0=PCMU/8000 held"}},
		{"fax", lines("v=0", "c=IN IP4 192.0.2.1", "m=image 4500 udptl t38", "a=T38FaxVersion:0"),
			[]string{"image 192.0.2.1:4500 rtcp invalid AddrPort sendrecv t38"}},
		{"refused video", lines("v=0", "c=IN IP4 192.0.2.1", "m=audio 4000 RTP/AVP 0", "m=video 0 RTP/AVP 99"),
			[]string{"audio 192.0.2.1:4000 rtcp 192.0.2.1:4001 sendrecv 0=PCMU/8000",
				"video 192.0.2.1:0 rtcp invalid AddrPort sendrecv 99=/0"}},
		{"IPv6, and IPv4 mapped into it", lines("v=0", "c=IN IP6 2001:db8::20", "m=audio 6000 RTP/AVP 9", "m=audio 6002 RTP/AVP 9",
			"c=IN IP6 ::ffff:192.0.2.9", "m=audio 6004 RTP/AVP 9", "c=IN IP6 fe80::1%eth0"),
			[]string{"audio [2001:db8::20]:6000 rtcp [2001:db8::20]:6001 sendrecv 9=G722/8000",
				"audio 192.0.2.9:6002 rtcp 192.0.2.9:6003 sendrecv 9=G722/8000",
				"audio [fe80::1]:6004 rtcp [fe80::1]:6005 sendrecv 9=G722/8000"}},
		{"control packets elsewhere, or on the same port", lines("v=0", "c=IN IP4 192.0.2.1", "m=audio 4000 RTP/AVP 0", "a=rtcp:53020",
			"m=audio 4002 RTP/AVP 0", "a=rtcp:53021 IN IP4 192.0.2.3", "m=audio 4004 RTP/AVP 0", "a=rtcp-mux", "a=rtcp:9"),
			[]string{"audio 192.0.2.1:4000 rtcp 192.0.2.1:53020 sendrecv 0=PCMU/8000",
				"audio 192.0.2.1:4002 rtcp 192.0.2.3:53021 sendrecv 0=PCMU/8000",
				"audio 192.0.2.1:4004 rtcp 192.0.2.1:4004 sendrecv 0=PCMU/8000"}},
		{"encrypted by profile, by key, by fingerprint of the session", lines("v=0", "c=IN IP4 192.0.2.1", "m=audio 4000 RTP/SAVP 0",
			"m=audio 4002 RTP/AVP 0", "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x"),
			[]string{"audio 192.0.2.1:4000 rtcp 192.0.2.1:4001 sendrecv 0=PCMU/8000 encrypted",
				"audio 192.0.2.1:4002 rtcp 192.0.2.1:4003 sendrecv 0=PCMU/8000 encrypted"}},
		{"browser", lines("v=0", "a=fingerprint:sha-256 00", "a=group:BUNDLE 0", "m=audio 9 UDP/TLS/RTP/SAVPF 111 63", "c=IN IP4 0.0.0.0",
			"a=rtpmap:111 opus/48000/2", "a=rtcp-mux", "m=application 9 UDP/DTLS/SCTP webrtc-datachannel"),
			[]string{"audio 0.0.0.0:9 rtcp 0.0.0.0:9 sendrecv 111=opus/48000 63=/0 encrypted held",
				"other invalid AddrPort rtcp invalid AddrPort sendrecv encrypted"}},
		{"a host name is no address; unknown lines and odd numbers pass", lines("v=0", "x=what", "", "c=IN IP4 media.example.net",
			"m=audio 99999 RTP/AVP 0 999 -1 seven", "a=ptime:20.0", "a=rtpmap:zero X/1", "a", "=", "m =audio 1 RTP/AVP 0"),
			[]string{"audio invalid AddrPort rtcp invalid AddrPort sendrecv 0=PCMU/8000 ptime 20"}},
		{"a static type under another name", lines("v=0", "c=IN IP4 192.0.2.1", "m=audio 4000/2 RTP/AVP 0", "a=rtpmap:0 pcmu/8000/1"),
			[]string{"audio 192.0.2.1:4000 rtcp 192.0.2.1:4001 sendrecv 0=pcmu/8000"}},
		{"the last port has no next", lines("v=0", "c=IN IP4 192.0.2.1", "m=audio 65535 RTP/AVP 0"),
			[]string{"audio 192.0.2.1:65535 rtcp 192.0.2.1:0 sendrecv 0=PCMU/8000"}},
	} {
		var s Session
		if !Parse(c.in, &s) {
			t.Errorf("%s: refused %q", c.name, c.in)
			continue
		}
		if d := cmp.Diff(c.want, show(&s)); d != "" {
			t.Errorf("%s: %q (-want +got):\n%s", c.name, c.in, d)
		}
	}
}

func TestOrigin(t *testing.T) {
	var s Session
	Parse(lines("v=0", "o=- 1811832412 42 IN IP4 192.0.2.9", "o=- 1 1 IN IP4 192.0.2.1", "s=-"), &s)
	got := fmt.Sprintf("%s %s %s", s.ID, s.Version, s.Origin)
	if want := "1811832412 42 192.0.2.9"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	Parse(lines("v=0", "s=-"), &s)
	if s.ID != nil || s.Version != nil || s.Origin != nil || s.N != 0 {
		t.Errorf("got %+v left from the description before, want nothing", s)
	}
}

func TestRefused(t *testing.T) {
	for _, in := range []string{"", "v", "v=", "\r\n", "o=- 1 1 IN IP4 h\r\nv=0\r\n", "<xml/>", "hello v=0"} {
		var s Session
		if Parse([]byte(in), &s) {
			t.Errorf("%q: got a description, want none", in)
		}
	}
}

func TestCodec(t *testing.T) {
	var s Session
	Parse(lines("v=0", "m=audio 4000 RTP/AVP 0 96 97 98", "a=rtpmap:96 Telephone-Event/16000", "a=rtpmap:97 iLBC/8000"), &s)
	m := &s.Media[0]
	for _, c := range []struct {
		pt   uint8
		want string
	}{{0, "PCMU/8000"}, {18, "G729/8000"}, {96, "Telephone-Event/16000"}, {97, "iLBC/8000"}, {98, "/0"}, {35, "/0"}, {255, "/0"}, {1, "/0"}} {
		name, rate := m.Codec(c.pt)
		if got := fmt.Sprintf("%s/%d", name, rate); got != c.want {
			t.Errorf("payload type %d: got %s, want %s", c.pt, got, c.want)
		}
		if got := m.IsTelephoneEvent(c.pt); got != (c.pt == 96) {
			t.Errorf("payload type %d: telephone-event %v, want %v", c.pt, got, c.pt == 96)
		}
	}
}

// TestAddresses: our parser says what net/netip says, mapped addresses and
// zones apart.
func TestAddresses(t *testing.T) {
	for _, in := range []string{"0.0.0.0", "255.255.255.255", "256.1.1.1", "1.2.3", "1.2.3.4.5", "1..2.3", "a.b.c.d", "::", "::1",
		"1::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1::2::3", ":::", ":1",
		"1:", "12345::", "g::", "::1.2.3.4", "64:ff9b::192.0.2.33", "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3", "2001:DB8::A",
		"1:2:3:4:5:6:7:8::", "", "-", "1.2.3.4 ", "[::1]", "12::34:1.2.3.4:5"} {
		want, err := netip.ParseAddr(strings.Trim(in, "[]")) // brackets are forgiven
		want = want.Unmap()
		if got := parseAddr([]byte(in)); got != want {
			t.Errorf("%q: got %v, want %v (%v)", in, got, want, err)
		}
	}
}

// TestFlood: a thousand media lines, and a media line with a thousand formats.
func TestFlood(t *testing.T) {
	in := []byte("v=0\r\nc=IN IP4 192.0.2.1\r\n" + strings.Repeat("m=audio 4000 RTP/AVP 0\r\na=rtpmap:0 X/8000\r\n", 1000))
	var s Session
	if !Parse(in, &s) || s.N != MaxMedia || s.Dropped != 1000-MaxMedia {
		t.Errorf("a thousand sections: got %d and %d dropped, want %d and %d", s.N, s.Dropped, MaxMedia, 1000-MaxMedia)
	}
	in = []byte("v=0\r\nm=audio 4000 RTP/AVP" + strings.Repeat(" 0", 1000) + "\r\n")
	if !Parse(in, &s) || s.N != 1 || s.Media[0].N != MaxFormats || s.Dropped != 1000-MaxFormats {
		t.Errorf("a thousand formats: got %d and %d dropped, want %d and %d", s.Media[0].N, s.Dropped, MaxFormats, 1000-MaxFormats)
	}
}

func TestAllocations(t *testing.T) {
	in := lines("v=0", "o=- 7 9 IN IP4 192.0.2.7", "s=call", "c=IN IP6 2001:db8::7", "t=0 0", "m=audio 11000 RTP/AVP 8 0 101",
		"a=rtpmap:8 PCMA/8000", "a=rtpmap:101 telephone-event/8000", "a=rtcp:4 IN IP4 host", "a=sendrecv")
	body := lines("--b", "Content-Type: application/sdp", "", string(in), "--b--")
	contentType := []byte(`multipart/mixed;boundary="b"`)
	var s Session
	if n := testing.AllocsPerRun(100, func() {
		part, _ := InBody(contentType, body)
		if !Parse(part, &s) || !s.Media[0].IsTelephoneEvent(101) {
			t.Fatal("not read")
		}
	}); n != 0 {
		t.Errorf("got %v allocations, want 0", n)
	}
}

func BenchmarkParse(b *testing.B) {
	in := lines("v=0", "o=- 1811832412 1811832412 IN IP4 192.0.2.10", "s=Asterisk", "c=IN IP4 192.0.2.10", "t=0 0",
		"m=audio 14382 RTP/AVP 8 0 9 101", "a=rtpmap:8 PCMA/8000", "a=rtpmap:0 PCMU/8000", "a=rtpmap:9 G722/8000",
		"a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-16", "a=ptime:20", "a=maxptime:150", "a=sendrecv")
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	var s Session
	for b.Loop() {
		Parse(in, &s)
	}
}
