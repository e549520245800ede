package sip

import (
	"strings"
	"testing"
)

func TestLooksLike(t *testing.T) {
	for _, c := range []struct {
		in   string
		want bool
	}{
		{"INVITE sip:b@example.net SIP/2.0\r\n", true},
		{"\r\n\r\nINVITE sip:b@example.net SIP/2.0\r\n", true},
		{"OPTIONS sip:b@example.net SIP/2.0\n", true},
		{"!odd-Method.%~ sip:b SIP/2.0\r\n", true},
		{"SIP/2.0 200 OK\r\n", true},
		{"SIP/2.0 100 \r\n", true},
		{"SIP/2.0 404 Not", true},
		{"INVITE tel:+22790 SIP/2.0\r\n", true},
		{"INVITE urn:service:sos SIP/2.0\r\n", true},
		{"INVITE sip:b; lr SIP/2.0\r\n", true},

		{"", false},
		{"\r\n\r\n", false},
		{"\x00\x00\x00\x00", false},
		{"SIP/2.0 4294967301 x\r\n", false},
		{"SIP/2.0 20 x\r\n", false},
		{"SIP/2.0\r\n", false},
		{"SIP/2.0 2x0 OK\r\n", false},
		{"SIP/x 200 OK\r\n", false},
		{"HTTP/1.1 200 OK\r\n", false},
		{"GET / HTTP/1.1\r\nHost: x\r\n", false},
		{"DESCRIBE rtsp://192.0.2.1/a RTSP/1.0\r\n", false},
		{"RTSP/1.0 200 OK\r\n", false},
		{"INVITE sip:b@example.net\r\n", false},
		{"INVITE sip:b@example.net SIP/2.0", false},
		{"INVITE  SIP/2.0\r\n", false},
		{"INVITE SIP/2.0\r\n", false},
		{"INVITE sip:b@example.net SIP/2.0 is what he sent\r\n", false},
		{"<34>Oct 11 22:14:15 pbx: INVITE sip:b SIP/2.0\r\n", false},
		{"Oct 11 22:14:15 pbx: INVITE sip:b SIP/2.0\r\n", false},
		{"REQUEST: sip:b SIP/2.0\r\n", false},
		{"INV\x01TE sip:b SIP/2.0\r\n", false},
		{"INVITE\tsip:b SIP/2.0\r\n", false},
		{strings.Repeat("A", 4096) + " sip:b SIP/2.0\r\n", false},
		{"\x80\x08\x12\x34\x00\x00\x00\xa0SIP/2.0 200 OK\r\n", false},
		{"\xef\xbb\xbfINVITE sip:b SIP/2.0\r\n", false},
		{"HEP3\x00\x80SIP/2.0 200 OK\r\n", false},
	} {
		if got := LooksLike([]byte(c.in)); got != c.want {
			t.Errorf("%.60q: got %v, want %v", c.in, got, c.want)
		}
		m := Message{CSeq: 7}
		if got := Parse([]byte(c.in), &m); got != c.want {
			t.Errorf("%.60q: Parse got %v, want %v", c.in, got, c.want)
		}
		if !c.want && m.CSeq != 7 {
			t.Errorf("%.60q: refused, but the message was changed", c.in)
		}
	}
}

// TestMethods: the registry's methods, in any case, and no other.
func TestMethods(t *testing.T) {
	for m := Invite; m <= Update; m++ {
		for _, c := range []struct {
			text string
			odd  bool
		}{{m.String(), false}, {strings.ToLower(m.String()), true}} {
			if got, odd := parseMethod([]byte(c.text)); got != m || odd != c.odd {
				t.Errorf("%s: got %s, odd %v, want %s, %v", c.text, got, odd, m, c.odd)
			}
		}
	}
	for _, s := range []string{"", "X", "INVITES", "OTHER", "other"} {
		if got, odd := parseMethod([]byte(s)); got != Other || odd {
			t.Errorf("%q: got %s, odd %v, want %s", s, got, odd, Other)
		}
	}
}
