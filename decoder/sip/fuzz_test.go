package sip

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// FuzzParse: all spans inside the buffer, LooksLike and Parse agree, what is
// read on demand stays inside too, and reading twice gives the same.
func FuzzParse(f *testing.F) {
	for _, b := range own(f) {
		f.Add(b)
	}
	for _, s := range salads {
		f.Add(s.build(300))
	}
	f.Add(message("Via:", "Contact: \"", "To: <", "m: ,;\",<>", "From: \"\\", "x:y", " z", "CSeq: 1"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var m, again Message
		ok := Parse(b, &m)
		if LooksLike(b) != ok {
			t.Fatalf("LooksLike %v, Parse %v: %q", !ok, ok, b)
		}
		if !ok {
			return
		}
		checkSpans(t, b, &m)
		checkAlike(t, b)
		again.Contacts, again.contactsEnd = 9, 9
		Parse(b, &again)
		again.contactsEnd = m.contactsEnd
		if !reflect.DeepEqual(m, again) {
			t.Fatalf("read twice, got two messages: %q", b)
		}
		onDemand(&m)
	})
}

// onDemand calls all that reads from the spans.
func onDemand(m *Message) {
	Validate(m)
	var u URI
	for _, s := range [...]Span{m.RequestURI, m.From.URI, m.To.URI, m.Contact.URI, m.ReferTo.URI} {
		ParseURI(m.Text(s), &u)
		AppendUnescaped(nil, u.User)
	}
	Param(m.Text(m.From.Value), "tag")
	DigestParam(m.Text(m.Authorization), "username")
	for from, n := 0, 0; from >= 0; n++ {
		if _, from = m.Header("via", from); n > len(m.buf) {
			panic("Header does not end")
		}
	}
}

func FuzzParams(f *testing.F) {
	f.Add([]byte(`"a" <sip:x>;b=c;d="e"`), "d")
	f.Add([]byte(`Digest a="b",c=d`), "c")
	f.Fuzz(func(t *testing.T, value []byte, name string) {
		for _, find := range []func([]byte, string) ([]byte, bool){Param, DigestParam} {
			if v, ok := find(value, name); ok && !bytes.Contains(value, v) {
				t.Fatalf("%q of %q gave %q, which is no part of it", name, value, v)
			}
		}
		var u URI
		ParseURI(value, &u)
		for _, part := range [][]byte{u.User, u.Host, u.Params, u.UserParams, u.Headers} {
			if !bytes.Contains(value, part) {
				t.Fatalf("%q gave the part %q", value, part)
			}
		}
	})
}

// TestAllocations: nothing, for right and for wrong messages, on demand too.
func TestAllocations(t *testing.T) {
	messages := append(own(t), []byte("HTTP/1.1 200 OK\r\n"), message("From: \"x", "CSeq: x", "Contact: a, b"))
	var m Message
	if n := testing.AllocsPerRun(50, func() {
		for _, b := range messages {
			if !Parse(b, &m) {
				continue
			}
			Validate(&m)
			var u URI
			ParseURI(m.Text(m.RequestURI), &u)
			for _, next := m.NextContact(0); next >= 0; _, next = m.NextContact(next) {
			}
			m.Header("X-Rare", 0)
			Param(m.Text(m.From.Value), "tag")
			DigestParam(m.Text(m.Authorization), "username")
		}
	}); n != 0 {
		t.Errorf("got %v allocations, want 0", n)
	}
}

// salads are messages built to be dear: each fills its size with one thing.
var salads = []salad{
	{"tiny headers", "a:b\r\n", ""},
	{"tiny lines without colon", "a\r\n", ""},
	{"empty lines of LF folds", "\n ", "X: "},
	{"contacts", "m:<sip:a@b>,", "Contact: <sip:a@b>,"},
	{"contacts in a list", "<sip:a@b>,", "Contact: "},
	{"commas", ",", "Contact: "},
	{"semicolons", ";", "Via: x"},
	{"parameters", ";a=b", "From: <sip:a@b>"},
	{"vias", "v: x,\r\n", ""},
	{"commas in Via", ",", "Via: x"},
	{"escaped quotes", `\"`, `From: "`},
	{"quotes", `"`, `From: <sip:a@b>;x=`},
	{"escaped quotes in a list", `"\",`, `Contact: `},
	{"brackets in a list", `<a,`, `Contact: `},
	{"blanks", " ", "From: "},
	{"digits", "1", "CSeq: "},
	{"backslashes", `\`, `From: "`},
	{"exclamation marks", `!`, `From: <sip:a@b>;tag=`},
}

type salad struct{ name, unit, head string }

func (s salad) build(size int) []byte {
	start := "INVITE sip:b@x SIP/2.0\r\n" + s.head
	return []byte(start + strings.Repeat(s.unit, max(0, size-len(start))/len(s.unit)) + "\r\n\r\n")
}

// BenchmarkSalad: ten times the bytes may cost at most twelve times the time.
func BenchmarkSalad(b *testing.B) {
	var m Message
	for _, s := range salads {
		for _, size := range []int{6000, 60000} {
			in := s.build(size)
			b.Run(fmt.Sprintf("%s/%d", strings.ReplaceAll(s.name, " ", "_"), size), func(b *testing.B) {
				for b.Loop() {
					Parse(in, &m)
					for _, next := m.NextContact(0); next >= 0; _, next = m.NextContact(next) {
					}
				}
			})
		}
	}
}
