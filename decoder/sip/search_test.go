package sip

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHeader(t *testing.T) {
	m := parsed(t, message("Record-Route: <sip:p1;lr>", "Subject: one\r\n and two", "record-route :<sip:p2;lr>,<sip:p3;lr>",
		"RECORD-ROUTE: <sip:p4;lr>", "k: 100rel", "X-Record-Route: no"))
	for _, c := range []struct {
		name string
		want []string
	}{
		{"Record-Route", []string{"<sip:p1;lr>", "<sip:p2;lr>,<sip:p3;lr>", "<sip:p4;lr>"}},
		{"subject", []string{"one\r\n and two"}},
		{"S", []string{"one\r\n and two"}},
		{"Supported", []string{"100rel"}},
		{"K", []string{"100rel"}},
		{"call-id", []string{"c1"}},
		{"i", []string{"c1"}},
		{"Route", nil},
		{"", nil},
		{"z", nil},
	} {
		var got []string
		for v, next := m.Header(c.name, 0); next >= 0; v, next = m.Header(c.name, next) {
			got = append(got, text(m, v))
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%q (-want +got):\n%s", c.name, d)
		}
	}
}

func TestNextContact(t *testing.T) {
	b, err := os.ReadFile("testdata/register_200.sip")
	if err != nil {
		t.Fatal(err)
	}
	m := parsed(t, b)
	type binding struct{ URI, Expires string }
	var got []binding
	for a, next := m.NextContact(0); next >= 0; a, next = m.NextContact(next) {
		expires, _ := Param(m.Text(a.Value), "expires")
		got = append(got, binding{text(m, a.URI), string(expires)})
	}
	want := []binding{{"sip:204@192.0.2.77:5062", "3600"}, {"sip:204@198.51.100.20:1024;line=a,b", "120"}, {"sip:204@[2001:db8::77]", "60"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if m.Contacts != len(want) {
		t.Errorf("Parse counted %d, want %d", m.Contacts, len(want))
	}
	if _, next := parsed(t, message()).NextContact(0); next != -1 {
		t.Errorf("no Contact: got next %d, want -1", next)
	}
	for _, in := range []string{"Contact: ,,", "Contact: <sip:a@b>,,<sip:c@d>,", "Contact:", "Contact: \"a,b\" <sip:x>, sip:y, *"} {
		parsed(t, message(in))
	}
}

func TestParam(t *testing.T) {
	for _, c := range []struct {
		value, name, want string
		ok                bool
	}{
		{`<sip:a@b>;expires=60`, "expires", "60", true},
		{`<sip:a@b;expires=9> ; EXPIRES = 60 ;q=1`, "Expires", "60", true},
		{`"x;expires=9" <sip:a@b>;expires=60`, "expires", "60", true},
		{`"x" <sip:a@b>;n="a;expires=9";expires=60`, "expires", "60", true},
		{`sip:a@b;expires=60`, "expires", "60", true},
		{`<sip:a@b>;lr`, "lr", "", true},
		{`<sip:a@b>;lr`, "l", "", false},
		{`SIP;cause=200;text="Call done; elsewhere"`, "text", "Call done; elsewhere", true},
		{`Q.850 ;cause=16`, "cause", "16", true},
		{`98732@x;to-tag=1;from-tag=2`, "from-tag", "2", true},
		{`<sip:a@b>;x=1, <sip:c@d>;y=2`, "y", "", false},
		{`1800;refresher=uac`, "refresher", "uac", true},
		{`Foo <sip:a@b;x=9>;x=1`, "x", "1", true},
		{`<sip:a@b`, "x", "", false},
		{`a;x="unbalanced`, "x", "unbalanced", true},
		{``, "x", "", false},
	} {
		got, ok := Param([]byte(c.value), c.name)
		if string(got) != c.want || ok != c.ok {
			t.Errorf("%s of %q: got %q %v, want %q %v", c.name, c.value, got, ok, c.want, c.ok)
		}
	}
	long := append([]byte("<sip:a@b>"), strings.Repeat(";a=b", 30000)...)
	if _, ok := Param(long, "c"); ok {
		t.Error("found what is not there")
	}
}

func TestDigestParam(t *testing.T) {
	const v = `Digest username="2\"04", realm="a, nonce=\"x", nonce=5f2a ,uri="sip:x",` + "\r\n stale = TRUE, qop=\"auth,auth-int\""
	for _, c := range []struct {
		name, want string
		ok         bool
	}{{"username", `2\"04`, true}, {"REALM", `a, nonce=\"x`, true}, {"nonce", "5f2a", true}, {"uri", "sip:x", true}, {"stale", "TRUE", true},
		{"qop", "auth,auth-int", true}, {"response", "", false}, {"digest", "", false}} {
		got, ok := DigestParam([]byte(v), c.name)
		if string(got) != c.want || ok != c.ok {
			t.Errorf("%s: got %q %v, want %q %v", c.name, got, ok, c.want, c.ok)
		}
	}
	for _, v := range []string{"", "Digest", "Digest ", "Digest ,,, =", `Digest username="`, "Digest =\"x"} {
		if got, ok := DigestParam([]byte(v), "realm"); ok {
			t.Errorf("%q: got %q, want nothing", v, got)
		}
	}
}
