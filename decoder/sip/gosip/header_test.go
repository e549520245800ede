package gosip

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func headersOf(t *testing.T, message string) map[string]Header {
	t.Helper()
	f, err := New().Parse([]byte(message))
	if err != nil {
		t.Fatalf("%q: %v", message, err)
	}
	out := map[string]Header{}
	for _, h := range f.Headers {
		out[h.Name] = h
	}
	return out
}

// TestTheTreeOfATrunkInvite: what a person looks at when a call is doubted.
func TestTheTreeOfATrunkInvite(t *testing.T) {
	b, err := os.ReadFile("../testdata/invite_trunk.sip")
	if err != nil {
		t.Fatal(err)
	}
	got := headersOf(t, string(b))
	for _, want := range []Header{
		{"From", `"Reception" <sip:+33388000001@pbx.example.org>;tag=a61f09c2`, []Address{{Display: "Reception",
			URI: URI{Scheme: "sip", User: "+33388000001", Host: "pbx.example.org"}, Parameters: []Parameter{{"tag", "a61f09c2"}}}}},
		{"To", "<sip:0022790123456@trunk.example.net;user=phone>", []Address{{
			URI: URI{Scheme: "sip", User: "0022790123456", Host: "trunk.example.net", Parameters: []Parameter{{"user", "phone"}}}}}},
		{"Contact", "<sip:+33388000001@192.0.2.10:5060>", []Address{{URI: URI{Scheme: "sip", User: "+33388000001", Host: "192.0.2.10", Port: 5060}}}},
		{"P-Asserted-Identity", `"Reception" <sip:+33388000001@pbx.example.org>`, []Address{{Display: "Reception",
			URI: URI{Scheme: "sip", User: "+33388000001", Host: "pbx.example.org"}}}},
		{"Diversion", "<sip:204@pbx.example.org>;reason=unconditional;counter=1", []Address{{
			URI: URI{Scheme: "sip", User: "204", Host: "pbx.example.org"}, Parameters: []Parameter{{"reason", "unconditional"}, {"counter", "1"}}}}},
		{"Session-Expires", "1800;refresher=uac", nil},
		{"CSeq", "102 INVITE", nil},
	} {
		if d := cmp.Diff(want, got[want.Name]); d != "" {
			t.Errorf("%s (-want +got):\n%s", want.Name, d)
		}
	}
}

// TestNoSecretIsKept: passwords in URIs and the answers to challenges.
func TestNoSecretIsKept(t *testing.T) {
	const secret = "hunter2"
	f, err := New().Parse([]byte("INVITE sip:b:hunter2@x SIP/2.0\r\nVia: SIP/2.0/UDP y;branch=z9hG4bK1\r\nFrom: <sip:a:hunter2@x>;tag=1\r\n" +
		"To: <sip:b:hunter2@x>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\nContact: <sip:a:hunter2@y>\r\nRoute: <sip:p:hunter2@z;lr>\r\n" +
		"P-Asserted-Identity: <sip:a:hunter2@x>\r\nAuthorization: Digest username=\"a\", response=\"hunter2\"\r\n\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	if all := fmt.Sprintf("%+v", f); strings.Contains(all, secret) || !strings.Contains(all, "Digest") {
		t.Errorf("got %s, want the scheme of the credentials and no secret", all)
	}
}

// TestTheTreeIsBounded: a message of headers alone, parameters alone, and one
// long value.
func TestTheTreeIsBounded(t *testing.T) {
	const start = "INVITE sip:b@x SIP/2.0\r\n"
	for _, c := range []struct{ name, in string }{
		{"headers", start + strings.Repeat("X: y\r\n", 1000) + "\r\n"},
		{"parameters", start + "From: <sip:a@x>" + strings.Repeat(";p=q", 1000) + "\r\n\r\n"},
		{"distinct parameters", start + "From: <sip:a@x>" + numbered(1000) + "\r\n\r\n"},
		{"addresses", start + "Diversion: <sip:a@x>" + strings.Repeat(",<sip:a@x>", 500) + "\r\n\r\n"},
		{"value", start + "X: " + strings.Repeat("y", 7000) + "\r\n\r\n"},
	} {
		f, err := New().Parse([]byte(c.in))
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if len(f.Headers) == 0 || len(f.Headers) > maxHeaders {
			t.Errorf("%s: got %d headers, want 1 to %d", c.name, len(f.Headers), maxHeaders)
		}
		for _, h := range f.Headers {
			if len(h.Value) > maxValue || len(h.Addresses) > maxAddresses {
				t.Errorf("%s: got %d bytes and %d addresses of %s", c.name, len(h.Value), len(h.Addresses), h.Name)
			}
			for _, a := range h.Addresses {
				if len(a.Parameters) > maxParameters {
					t.Errorf("%s: got %d parameters", c.name, len(a.Parameters))
				}
			}
		}
	}
}

func numbered(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, ";p%d", i)
	}
	return b.String()
}
