package sip

import (
	"fmt"
	"testing"
)

func TestParseURI(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"sip:a@example.org", "1 a@example.org"},
		{"SIP:a@example.org:5070;transport=tcp;lr?Subject=x&y=z", "1 a@example.org:5070 params transport=tcp;lr headers Subject=x&y=z"},
		{"sips:a:secret@example.org", "2 a@example.org"},
		{"sip:+33142;phone-context=+33;npdi:x@example.org;user=phone", "1 +33142 [phone-context=+33;npdi]@example.org params user=phone"},
		{"sip:example.org", "1 @example.org"},
		{"sip:a@[2001:db8::1]:5070;x", "1 a@2001:db8::1:5070 params x"},
		{"sip:[::ffff:192.0.2.1]", "1 @::ffff:192.0.2.1"},
		{"tel:+33-1-42;phone-context=example.org", "3 +33-1-42@ params phone-context=example.org"},
		{"urn:service:sos", "4 @"},
		{"http://example.org", "0 @"},
		{" sip:a@example.org ", "1 a@example.org"},
		{"sip:a%40b@example.org", "1 a%40b@example.org"},
		{"sip:a?b/c;d@example.org", "1 a?b/c [d]@example.org"},

		{"sip:a@b@example.org", "1 a@b@example.org malformed"},
		{"sip:a@example.org;x=@evil", "1 a@example.org params x=@evil"},
		{"sip:2001:db8::10", "1 @2001:db8::10 malformed"},
		{"sip:a@example.org:99999", "1 a@example.org malformed"},
		{"sip:a@example.org:", "1 a@example.org malformed"},
		{"sip:a@[2001:db8::1", "1 a@2001:db8::1 malformed"},
		{"sip:a@[2001:db8:::1]", "1 a@2001:db8:::1 malformed"},
		{"sip:a@[evil]", "1 a@evil malformed"},
		{"sip:a@[::1]5060", "1 a@::1 malformed"},
		{"sip:", "1 @ malformed"},
		{"sip:@example.org", "1 @example.org malformed"},
		{"sip://a@example.org", "1 a@example.org malformed"},
		{"sip:a b@example.org", "1 a b@example.org malformed"},
		{"tel:", "3 @ malformed"},

		{"", "none"}, {"*", "none"}, {"a@example.org", "none"}, {":x", "none"}, {"1a:x", "none"}, {"a b:c", "none"},
	} {
		var u URI
		got := "none"
		if ParseURI([]byte(c.in), &u) {
			got = showURI(&u)
		}
		if got != c.want {
			t.Errorf("%q: got %s, want %s", c.in, got, c.want)
		}
	}
}

func showURI(u *URI) string {
	scheme := map[Scheme]int{SIP: 1, SIPS: 2, Tel: 3, URN: 4, OtherScheme: 0}[u.Scheme]
	t := fmt.Sprintf("%d %s", scheme, u.User)
	if u.UserParams != nil {
		t += fmt.Sprintf(" [%s]", u.UserParams)
	}
	t += "@" + string(u.Host)
	if u.Port != 0 {
		t += fmt.Sprintf(":%d", u.Port)
	}
	if u.Params != nil {
		t += fmt.Sprintf(" params %s", u.Params)
	}
	if u.Headers != nil {
		t += fmt.Sprintf(" headers %s", u.Headers)
	}
	if u.Malformed {
		t += " malformed"
	}
	return t
}

func TestAppendUnescaped(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", "x"}, {"abc", "xabc"}, {"%41", "xA"}, {"%2B33%2b1", "x+33+1"}, {"%", "x%"}, {"%4", "x%4"}, {"%zz%41", "x%zzA"}, {"%00", "x\x00"}, {"%%41", "x%A"},
	} {
		if got := string(AppendUnescaped([]byte("x"), []byte(c.in))); got != c.want {
			t.Errorf("%q: got %q, want %q", c.in, got, c.want)
		}
	}
}
