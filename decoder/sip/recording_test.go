package sip

import (
	"strings"
	"testing"
)

// TestRecording: a recorder's INVITE, and what only resembles one.
func TestRecording(t *testing.T) {
	src := "Contact: <sip:rec@192.0.2.9>;+sip.src"
	answer := strings.Replace(string(message("Contact: <sip:srs@192.0.2.8>;+sip.srs")), "INVITE sip:b@example.net SIP/2.0", "SIP/2.0 200 OK", 1)
	other := func(lines ...string) string {
		return strings.ReplaceAll(string(message(lines...)), "INVITE", "OPTIONS")
	}
	for _, c := range []struct {
		name, in string
		want     bool
	}{
		{"as RFC 7866 wants it", string(message("Require: siprec", src)), true},
		{"option alone, among others", string(message("Require: 100rel, SIPREC")), true},
		{"option in a second header", string(message("Require: timer", "Require: siprec")), true},
		{"feature tag alone", string(message(src)), true},
		{"feature tag among parameters", string(message(`Contact: <sip:rec@192.0.2.9>;q=1;x="a;b";+SIP.SRC`)), true},
		{"answer of the recorder", answer, true},
		{"an ordinary call", string(message("Contact: <sip:a@192.0.2.9>", "Require: 100rel")), false},
		{"supported, not required", string(message("Supported: siprec")), false},
		{"within the URI", string(message("Contact: <sip:a@192.0.2.9;+sip.src>")), false},
		{"within quotes", string(message(`Contact: ";+sip.src" <sip:a@192.0.2.9>;x=";+sip.srs"`)), false},
		{"longer names", string(message("Require: siprec2", "Contact: <sip:a@192.0.2.9>;+sip.srcx")), false},
		{"no INVITE", other("Require: siprec", src), false},
	} {
		if got := parsed(t, []byte(c.in)).Recording(); got != c.want {
			t.Errorf("%s: got %v, want %v: %q", c.name, got, c.want, c.in)
		}
	}
}
