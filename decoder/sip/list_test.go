package sip

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// addresses reads all values of an address header.
func addresses(m *Message, name string) (uris []string) {
	for a, next := m.NextAddress(name, 0); next >= 0; a, next = m.NextAddress(name, next) {
		uris = append(uris, text(m, a.URI))
	}
	return uris
}

// values reads all values of a list.
func values(m *Message, name string) (all []string) {
	for v, next := m.NextValue(name, 0); next >= 0; v, next = m.NextValue(name, next) {
		all = append(all, text(m, v))
	}
	return all
}

// TestLists reads every header that may come several times or as a list.
func TestLists(t *testing.T) {
	m := parsed(t, message("P-Asserted-Identity: \"A, <sip:evil@x>\" <sip:+33142000001@x>, <tel:+33142000001>",
		"P-Preferred-Identity: <sip:p@x>,\r\n <tel:+331>", "Remote-Party-ID: <sip:r@x>;party=calling,sip:s@x;party=called",
		"Diversion: <sip:d1@x>;reason=busy, <tel:+332>;reason=no-answer", "diversion : <sip:d3@x>",
		"History-Info: <sip:h1@x?Reason=SIP%3Bcause%3D302>;index=1, <sip:h2@x>;index=1.1", "History-Info: <sip:h3@x>;index=1.1.1",
		"Route: <sip:p1@x;lr>,,<sips:p2@x;lr> ,", "Route:", "Route: <urn:service:sos>",
		"Reason: SIP;cause=200;text=\"Call completed, elsewhere\", Q.850;cause=26", "Reason: Q.850 ;cause=16", "k: 100rel,timer , ,replaces"))
	for name, want := range map[string][]string{
		"P-Asserted-Identity":  {"sip:+33142000001@x", "tel:+33142000001"},
		"P-Preferred-Identity": {"sip:p@x", "tel:+331"},
		"Remote-Party-ID":      {"sip:r@x", "sip:s@x"},
		"Diversion":            {"sip:d1@x", "tel:+332", "sip:d3@x"},
		"History-Info":         {"sip:h1@x?Reason=SIP%3Bcause%3D302", "sip:h2@x", "sip:h3@x"},
		"Route":                {"sip:p1@x;lr", "sips:p2@x;lr", "urn:service:sos"},
		"Contact":              nil,
	} {
		if d := cmp.Diff(want, addresses(m, name)); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
	for name, want := range map[string][]string{
		"Reason":    {`SIP;cause=200;text="Call completed, elsewhere"`, "Q.850;cause=26", "Q.850 ;cause=16"},
		"Supported": {"100rel", "timer", "replaces"},
		"Diversion": {"<sip:d1@x>;reason=busy", "<tel:+332>;reason=no-answer", "<sip:d3@x>"},
		"Require":   nil,
	} {
		if d := cmp.Diff(want, values(m, name)); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

// TestListsInTurn: two walks that take turns do not lead each other astray.
func TestListsInTurn(t *testing.T) {
	m := parsed(t, message("Diversion: <sip:a@x>, <sip:b@x>", "Route: <sip:c@x>,<sip:d@x>,<sip:e@x>"))
	var got []string
	for d, r := 0, 0; d >= 0 || r >= 0; {
		for _, walk := range []struct {
			name string
			at   *int
		}{{"Diversion", &d}, {"Route", &r}} {
			if *walk.at < 0 {
				continue
			}
			var a Address
			if a, *walk.at = m.NextAddress(walk.name, *walk.at); *walk.at >= 0 {
				got = append(got, text(m, a.URI))
			}
		}
	}
	if d := cmp.Diff([]string{"sip:a@x", "sip:c@x", "sip:b@x", "sip:d@x", "sip:e@x"}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// checkWalks: every walk goes forward at each step, so that none takes more
// steps than the message has bytes, and gives no bytes twice.
func checkWalks(t *testing.T, m *Message) {
	t.Helper()
	for _, name := range []string{"via", "contact", "a", "reason", "Record-Route", "f"} {
		headers := func(at int) (Span, int) { return m.Header(name, at) }
		elements := func(at int) (Span, int) { return m.NextValue(name, at) }
		addresses := func(at int) (Span, int) { a, next := m.NextAddress(name, at); return a.Value, next }
		for i, walk := range []func(int) (Span, int){headers, elements, addresses} {
			last := 0
			for v, next := walk(0); next >= 0; v, next = walk(next) {
				if int(v.Start) < last || next <= last || next < int(v.End) {
					t.Fatalf("walk %d of %s: value [%d:%d], then %d, behind %d in %q", i, name, v.Start, v.End, next, last, m.buf)
				}
				last = next
			}
		}
	}
}

// TestReplaces reads the header, and the one that a Refer-To carries.
func TestReplaces(t *testing.T) {
	show := func(r *Replaces) string { return fmt.Sprintf("%s|%s|%s|%v", r.CallID, r.ToTag, r.FromTag, r.EarlyOnly) }
	var r Replaces
	for _, c := range []struct {
		value, want string
		ok          bool
	}{
		{"98732@sip.example.com;from-tag=r33th4x0r;to-tag=ff87ff", "98732@sip.example.com|ff87ff|r33th4x0r|false", true},
		{"12adf2f34456gs5 ; TO-TAG=12345 ;from-tag=54321; early-only", "12adf2f34456gs5|12345|54321|true", true},
		{"a@b;to-tag=1", "a@b|1||false", false},
		{";to-tag=1;from-tag=2", "|1|2|false", false},
		{"", "|||false", false},
	} {
		if ok := ParseReplaces([]byte(c.value), &r); ok != c.ok || show(&r) != c.want {
			t.Errorf("%q: got %s %v, want %s %v", c.value, show(&r), ok, c.want, c.ok)
		}
	}
	m := parsed(t, message("Refer-To: \"B\" <sip:b@x;method=INVITE?Subject=y&replaces=77aa02%40x%3Bto-tag%3D1%3Bfrom-tag%3D2&X>"))
	var u URI
	ParseURI(m.Text(m.ReferTo.URI), &u)
	escaped, _ := u.Header("Replaces")
	if ParseReplaces(AppendUnescaped(nil, escaped), &r); show(&r) != "77aa02@x|1|2|false" {
		t.Errorf("got %s from Refer-To, want 77aa02@x|1|2|false", show(&r))
	}
	if _, ok := u.Header("x"); !ok {
		t.Error("a header without value is not found")
	}
	if v, ok := u.Header("eplaces"); ok {
		t.Errorf("found a header of part of a name: %q", v)
	}
}

func TestCause(t *testing.T) {
	for _, c := range []struct {
		value, want string
		ok          bool
	}{
		{`SIP;cause=200;text="Call \"done\"; cause=3"`, `SIP 200 Call \"done\"; cause=3`, true},
		{`Q.850 ; CAUSE = 16`, "Q.850 16 ", true},
		{"Q.850", "Q.850 -1 ", true},
		{"Q.850;cause=x", "Q.850 -1 ", true},
		{"Q.850;cause=99999999999", "Q.850 -1 ", true},
		{";cause=16", " 16 ", false},
		{"", " -1 ", false},
	} {
		var got Cause
		ok := ParseCause([]byte(c.value), &got)
		if s := fmt.Sprintf("%s %d %s", got.Protocol, got.Code, got.Text); s != c.want || ok != c.ok {
			t.Errorf("%q: got %q %v, want %q %v", c.value, s, ok, c.want, c.ok)
		}
	}
}

func TestSessionTimer(t *testing.T) {
	for _, c := range []struct {
		line, want string
	}{
		{"Session-Expires: 1800;refresher=uac", "1800 uac"}, {"x:90 ; Refresher=uas", "90 uas"}, {"Session-Expires: 4294967296", "2147483647 "},
		{"Session-Expires: soon", "-1 "}, {"Session-Expires:", "-1 "}, {"Subject: none", "-1 "},
	} {
		seconds, refresher := parsed(t, message(c.line)).SessionTimer()
		if got := fmt.Sprintf("%d %s", seconds, refresher); got != c.want {
			t.Errorf("%s: got %s, want %s", c.line, got, c.want)
		}
	}
}

// TestCredentials: who logs in, where several headers ask and answer.
func TestCredentials(t *testing.T) {
	m := parsed(t, message(`Authorization: Digest username="2\"04\\", realm="a,b;username=evil", response="x"`,
		`authorization: Digest realm=c , username="205"`, `Proxy-Authorization: Digest username="206",realm="d"`,
		`WWW-Authenticate: Digest realm="e, f", nonce="n"`))
	var got []string
	for _, name := range []string{"Authorization", "Proxy-Authorization"} {
		for v, next := m.Header(name, 0); next >= 0; v, next = m.Header(name, next) {
			user, _ := DigestParam(m.Text(v), "username")
			realm, _ := DigestParam(m.Text(v), "realm")
			got = append(got, string(AppendUnquoted(nil, user)), string(AppendUnquoted(nil, realm)))
		}
	}
	realm, _ := DigestParam(m.Text(m.Challenge), "realm")
	got = append(got, string(realm))
	if d := cmp.Diff([]string{`2"04\`, "a,b;username=evil", "205", "c", "206", "d", "e, f"}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	for in, want := range map[string]string{"": "", `\`: `\`, `a\`: `a\`, `\\`: `\`, `\\\"b`: `\"b`} {
		if got := string(AppendUnquoted(nil, []byte(in))); got != want {
			t.Errorf("%q unquoted: got %q, want %q", in, got, want)
		}
	}
}

// TestSpoofedTags: what a display name, a URI or a quoted parameter says of a
// tag is none.
func TestSpoofedTags(t *testing.T) {
	for _, c := range []struct{ in, tag string }{
		{`"x" <sip:a@x>;tag=1`, "1"},
		{`"x;tag=9" <sip:a@x>;tag=1`, "1"},
		{`"x\";tag=9" <sip:a@x>;tag=1`, "1"},
		{`"<sip:e@x>;tag=9" <sip:a@x>;tag=1`, "1"},
		{`"x\\";tag=9 <sip:a@x>;tag=1`, "1"},
		{`x;tag=9 <sip:a@x>;tag=1`, "1"},
		{`<sip:a@x;tag=9>;tag=1`, "1"},
		{`<sip:a@x?From=b%3Btag%3D9>;tag=1`, "1"},
		{`<sip:a@x>;note=";tag=9";tag=1`, "1"},
		{`<sip:a@x>;xtag=9;tag-=9;tag=1;tag=9`, "1"},
		{`<sip:a@x>,<sip:b@x>;tag=9`, ""},
		{`<sip:a@x>;note=";tag=9`, ""},
	} {
		for _, name := range []string{"From: ", "f:", "From :\r\n\t", "FROM: "} {
			in := message("From: " + c.in)
			in = bytes.Replace(in, []byte("From: "), []byte(name), 1)
			if got := text(parsed(t, in), parsed(t, in).From.Tag); got != c.tag {
				t.Errorf("%s%s: got tag %q, want %q", name, c.in, got, c.tag)
			}
		}
	}
}
