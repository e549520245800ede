package sip

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// message builds a request that is right but for what the lines change: a line
// whose header the base has too takes its place, all others are added.
func message(lines ...string) []byte {
	base := []string{"INVITE sip:b@example.net SIP/2.0", "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa",
		"From: <sip:a@example.org>;tag=f1", "To: <sip:b@example.net>", "Call-ID: c1", "CSeq: 1 INVITE", "Content-Length: 0"}
	var out []string
	for _, l := range lines {
		name, _, _ := strings.Cut(l, ":")
		placed := false
		for i, have := range base {
			if strings.HasPrefix(have, name+":") {
				base[i], placed = l, true
			}
		}
		if !placed {
			out = append(out, l)
		}
	}
	return []byte(strings.Join(append(base, out...), "\r\n") + "\r\n\r\n")
}

// parsed scans what must be SIP.
func parsed(t *testing.T, b []byte) *Message {
	t.Helper()
	var m Message
	if !Parse(b, &m) {
		t.Fatalf("refused %q", b)
	}
	checkSpans(t, b, &m)
	return &m
}

// TestStory reads the whole of the call that testdata tells.
func TestStory(t *testing.T) {
	for _, c := range []struct {
		file string
		want map[string]string
	}{
		{"invite_trunk", map[string]string{"ruri": "sip:0022790123456@trunk.example.net:5060;user=phone", "method": "INVITE",
			"from": "sip:+33388000001@pbx.example.org", "fromtag": "a61f09c2", "to": "sip:0022790123456@trunk.example.net;user=phone",
			"contact": "sip:+33388000001@192.0.2.10:5060", "callid": "77aa01-4f12-9b3c@192.0.2.10", "branch": "z9hG4bK-8c1f-77aa01",
			"asserted": "sip:+33388000001@pbx.example.org", "diversion": "sip:204@pbx.example.org", "agent": "Example PBX 4.2",
			"expires": "1800;refresher=uac", "type": "application/sdp", "anomalies": ""}},
		{"answer_200", map[string]string{"reason": "OK", "method": "INVITE", "totag": "SDg81v999-0a0037", "agent": "Example SBC",
			"contact": "sip:198.51.100.4:5060;transport=udp", "branch": "z9hG4bK-8c1f-77aa01", "anomalies": ""}},
		{"ringing_180", map[string]string{"reason": "Ringing", "totag": "SDg81v999-0a0037", "anomalies": ""}},
		{"register_digest", map[string]string{"method": "REGISTER", "ruri": "sip:pbx.example.org", "fromtag": "1193847",
			"contact": "sip:204@192.0.2.77:5062", "anomalies": ""}},
		{"register_200", map[string]string{"method": "REGISTER", "contact": "sip:204@192.0.2.77:5062", "totag": "as19b2", "anomalies": ""}},
		{"bye_compact", map[string]string{"method": "BYE", "branch": "z9hG4bKb01", "fromtag": "a61f09c2", "totag": "1193847",
			"why": `Q.850;cause=16;text="Normal; call clearing"`, "anomalies": ""}},
		{"scan_options", map[string]string{"fromtag": "6161626263630a", "from": "sip:100@1.1.1.1", "agent": "friendly-tester",
			"contact": "sip:100@203.0.113.66:5070", "anomalies": ""}},
		{"refer", map[string]string{"referto": "sip:0013455551234@pbx.example.org?Replaces=77aa02%40x%3Bto-tag%3D1%3Bfrom-tag%3D2",
			"referredby": "sip:204@pbx.example.org", "anomalies": ""}},
	} {
		b, err := os.ReadFile(filepath.Join("testdata", c.file+".sip"))
		if err != nil {
			t.Fatal(err)
		}
		m := parsed(t, b)
		got := map[string]string{"ruri": text(m, m.RequestURI), "method": m.Method.String(), "from": text(m, m.From.URI),
			"fromtag": text(m, m.From.Tag), "to": text(m, m.To.URI), "totag": text(m, m.To.Tag), "contact": text(m, m.Contact.URI),
			"callid": text(m, m.CallID), "branch": text(m, m.Branch), "asserted": text(m, m.Asserted.URI),
			"diversion": text(m, m.Diversion.URI), "agent": text(m, m.UserAgent), "expires": text(m, m.SessionExpire),
			"type": text(m, m.ContentType), "reason": text(m, m.Reason), "why": text(m, m.ReasonHeader),
			"referto": text(m, m.ReferTo.URI), "referredby": text(m, m.ReferredBy.URI), "anomalies": (m.Anomalies | Validate(m)).String()}
		for k, w := range c.want {
			if got[k] != w {
				t.Errorf("%s: got %s %q, want %q", c.file, k, got[k], w)
			}
		}
	}
}

func text(m *Message, s Span) string { return string(m.Text(s)) }

// TestAnomalies: one deviation, one bit, and the facts stand all the same.
func TestAnomalies(t *testing.T) {
	valid := string(message())
	start := func(line string) string { return strings.Replace(valid, "INVITE sip:b@example.net SIP/2.0", line, 1) }
	for _, c := range []struct {
		name, in string
		want     Anomaly
	}{
		{"nothing", valid, 0},
		{"version", start("INVITE sip:b@example.net SIP/3.0"), BadVersion},
		{"version in lower case is right", start("INVITE sip:b@example.net sip/2.0"), 0},
		{"blanks in the start line", start("INVITE  sip:b@example.net SIP/2.0"), BadStartLine},
		{"blank behind the start line", start("INVITE sip:b@example.net SIP/2.0 "), BadStartLine},
		{"blank in the URI", start("INVITE sip:b@example.net; x SIP/2.0"), BadURI},
		{"brackets round the URI", start("INVITE <sip:b@example.net> SIP/2.0"), BadURI},
		{"lower case method", strings.ReplaceAll(valid, "INVITE", "invite"), OddMethod},
		{"status", start("SIP/2.0 999 x"), BadStatus},
		{"status too small", start("SIP/2.0 099 x"), BadStatus},
		{"status without reason", start("SIP/2.0 200"), BadStartLine},
		{"empty reason is right", start("SIP/2.0 200 "), 0},
		{"leading CRLF", "\r\n\r\n" + valid, LeadingCRLF},
		{"LF", strings.ReplaceAll(valid, "\r\n", "\n"), BareLF},
		{"fold", strings.Replace(valid, "Call-ID: c1", "Call-ID:\r\n c1", 1), Folded},
		{"no end of headers", strings.TrimSuffix(valid, "\r\n"), NoEmptyLine},
		{"line without colon", string(message("what is this")), BadHeaderLine},
		{"line without name", string(message(": x")), BadHeaderLine},
		{"fold of the start line", start("INVITE sip:b@example.net SIP/2.0\r\n x: y"), BadHeaderLine},
		{"no Call-ID", strings.Replace(valid, "Call-ID: c1\r\n", "", 1), MissingHeader},
		{"no Via", strings.Replace(valid, "Via:", "X-Via:", 1), MissingHeader},
		{"two From", valid[:len(valid)-2] + "f: <sip:x@y>;tag=2\r\n\r\n", DuplicateHeader},
		{"list in From", string(message("From: <sip:a@example.org>;tag=f1, <sip:x@y>;tag=2")), MultiValue},
		{"CSeq no number", string(message("CSeq: one INVITE")), BadCSeq | MethodMismatch},
		{"CSeq too large", string(message("CSeq: 2147483648 INVITE")), BadCSeq},
		{"CSeq far too large", string(message("CSeq: 36893488147419103233 INVITE")), BadCSeq},
		{"CSeq glued", string(message("CSeq: 1INVITE")), BadCSeq},
		{"CSeq of another method", string(message("CSeq: 1 BYE")), MethodMismatch},
		{"length negative", string(message("Content-Length: -1")), BadContentLength},
		{"length with more", string(message("Content-Length: 0 bytes")), BadContentLength},
		{"length beyond all", string(message("Content-Length: 99999999999999999999")), BadContentLength | ShortBody},
		{"short", string(message("Content-Length: 5")), ShortBody},
		{"surplus", valid + "more", SurplusBytes},
		{"expires", string(message("Expires: soon")), BadExpires},
		{"expires too large", string(message("Expires: 4294967296")), BadExpires},
		{"expires large", string(message("Expires: 4294967295")), 0},
		{"date", string(message("Date: Sat, 14 Nov 2026 02:13:20 CET")), BadDate},
		{"no tag", string(message("From: <sip:a@example.org>")), NoFromTag},
		{"name that looks like a URI", string(message(`From: "x <sip:evil@e>" <sip:a@example.org>;tag=f1`)), QuotedSpoof},
		{"name that looks like a tag", string(message(`From: "x;tag=evil" <sip:a@example.org>;tag=f1`)), QuotedSpoof},
		{"quote that does not end", string(message(`From: "x <sip:a@example.org>;tag=f1`)), UnbalancedQuote},
		{"escaped quote that ends nothing", string(message(`From: "x\" <sip:a@example.org>;tag=f1`)), UnbalancedQuote},
		{"comma in a bare name", string(message("From: A, B <sip:a@example.org>;tag=f1")), BareDisplayName},
		{"no URI", string(message("To: nobody")), BadAddress},
		{"empty To", string(message("To:")), BadAddress | EmptyParameter},
		{"bracket that does not close", string(message("To: <sip:b@example.net")), BadAddress},
		{"blank in brackets", string(message("To: < sip:b@example.net >")), BadURI},
		{"headers in a bare URI", string(message("Contact: sip:a@192.0.2.1?X=y")), BadURI},
		{"empty parameter", string(message("To: <sip:b@example.net>;;x")), EmptyParameter},
		{"empty Via", string(message("Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa,,")), EmptyParameter},
		{"wildcard is right", string(message("Contact: *")), 0},
	} {
		if got := parsed(t, []byte(c.in)).Anomalies; got != c.want {
			t.Errorf("%s: got %q, want %q: %q", c.name, got, c.want, c.in)
		}
	}
}

func TestValidate(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     Anomaly
	}{
		{"nothing", string(message()), 0},
		{"control character", string(message("Subject: a\x01b")), ControlCharacter},
		{"CR within a line", string(message("Subject: a\rb")), ControlCharacter},
		{"tab and fold are none", string(message("Subject: a\tb\r\n\tc")), 0},
		{"IPv6 without brackets", strings.Replace(string(message()), "sip:b@example.net SIP", "sip:2001:db8::1 SIP", 1), BadURI},
		{"headers in the Request-URI", strings.Replace(string(message()), "sip:b@example.net SIP", "sip:b@example.net?X=y SIP", 1), BadURI},
		{"no scheme", strings.Replace(string(message()), "sip:b@example.net SIP", "b@example.net SIP", 1), BadURI},
		{"port of a Contact", string(message("Contact: <sip:a@192.0.2.1:99999>")), BadURI},
		{"wildcard", string(message("Contact: *")), 0},
	} {
		if got := Validate(parsed(t, []byte(c.in))); got != c.want {
			t.Errorf("%s: got %q, want %q: %q", c.name, got, c.want, c.in)
		}
	}
}

// TestFirstCounts: where a header comes twice, or holds a list, the first
// value is the fact.
func TestFirstCounts(t *testing.T) {
	m := parsed(t, message("From: <sip:a@example.org>;tag=f1, <sip:x@y>;tag=evil", "f: <sip:z@y>;tag=worse", "P-Asserted-Identity: <sip:1@x>, <tel:2>",
		"P-Asserted-Identity: <sip:3@x>", "Diversion: <sip:4@x>;reason=busy,<sip:5@x>", "Diversion: <sip:6@x>", "Authorization: Digest a=1",
		"Proxy-Authorization: Digest a=2", "Server: s", "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa , SIP/2.0/UDP h;branch=z9hG4bKb",
		"v: SIP/2.0/UDP i;branch=z9hG4bKc,SIP/2.0/TCP j"))
	got := []string{text(m, m.From.URI), text(m, m.From.Tag), text(m, m.Asserted.URI), text(m, m.Diversion.Value), text(m, m.Authorization),
		text(m, m.UserAgent), text(m, m.Via), text(m, m.Branch)}
	want := []string{"sip:a@example.org", "f1", "sip:1@x", "<sip:4@x>;reason=busy", "Digest a=1", "s", "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa", "z9hG4bKa"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if m.Vias != 4 {
		t.Errorf("got %d Via values, want 4", m.Vias)
	}
}

// TestAddresses reads the shapes that an address comes in.
func TestAddresses(t *testing.T) {
	for _, c := range []struct{ in, uri, tag string }{
		{`<sip:a@b>;tag=1`, "sip:a@b", "1"},
		{`<sip:a@b> ; tag = 1`, "sip:a@b", "1"},
		{`<sip:a@b>;TAG=1;x=y`, "sip:a@b", "1"},
		{`<sip:a@b>;x="1;tag=evil";tag=2`, "sip:a@b", "2"},
		{`<sip:a@b>;tag="q"`, "sip:a@b", "q"},
		{`<sip:a@b;tag=evil>;tag=2`, "sip:a@b;tag=evil", "2"},
		{`<sip:a@b>;tags=1;xtag=2`, "sip:a@b", ""},
		{`<sip:a@b>;tag`, "sip:a@b", ""},
		{`<sip:a@b>;tag=1;tag=2`, "sip:a@b", "1"},
		{`"A \"B\" <x;tag=evil>, " <sip:a@b>;tag=1`, "sip:a@b", "1"},
		{`"A"<sip:a@b>;tag=1`, "sip:a@b", "1"},
		{`"A"   <sip:a@b>;tag=1`, "sip:a@b", "1"},
		{`"A\\" <sip:a@b>;tag=1`, "sip:a@b", "1"},
		{`A B <sip:a@b>;tag=1`, "sip:a@b", "1"},
		{`A "B <x>" <sip:a@b>;tag=1`, "sip:a@b", "1"},
		{`caller<sip:a@b>;tag=1`, "sip:a@b", "1"},
		{`sip:a@b;tag=1`, "sip:a@b", "1"},
		{`sip:a@b ;   tag    = 1`, "sip:a@b", "1"},
		{`tel:+33-1-42;phone-context=x`, "tel:+33-1-42", ""},
		{`<tel:+33142;phone-context=x>;tag=1`, "tel:+33142;phone-context=x", "1"},
		{`<sips:a@[2001:db8::1]:5061>;tag=1`, "sips:a@[2001:db8::1]:5061", "1"},
		{`<urn:service:sos>`, "urn:service:sos", ""},
		{`"Fran` + "\xc3\xa7" + `ois" <sip:fran%C3%A7ois@b>;tag=1`, "sip:fran%C3%A7ois@b", "1"},
		{`<sip:a@b>;tag=!weird!*tag~`, "sip:a@b", "!weird!*tag~"},
	} {
		m := parsed(t, message("From: "+c.in))
		if got := text(m, m.From.URI); got != c.uri {
			t.Errorf("%s: got URI %q, want %q", c.in, got, c.uri)
		}
		if got := text(m, m.From.Tag); got != c.tag {
			t.Errorf("%s: got tag %q, want %q", c.in, got, c.tag)
		}
	}
}

// TestLength: what Content-Length leaves of the body.
func TestLength(t *testing.T) {
	for _, c := range []struct {
		length, rest, want string
	}{{"5", "hello", "hello"}, {"3", "hello", "hel"}, {"9", "hello", "hello"}, {"x", "hello", "hello"}, {"0", "hello", ""}} {
		m := parsed(t, append(message("Content-Length: "+c.length), c.rest...))
		if got := text(m, m.Body); got != c.want {
			t.Errorf("Content-Length %s of %q: got body %q, want %q", c.length, c.rest, got, c.want)
		}
	}
	m := parsed(t, append(message("Content-Length:0", "Content-Length: 4"), "hello"...))
	if m.ContentLength != 4 || !m.Anomalies.Has(SurplusBytes) {
		t.Errorf("got length %d, %s", m.ContentLength, m.Anomalies)
	}
}
