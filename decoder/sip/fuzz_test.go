package sip

import (
	"bytes"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
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
		checkWalks(t, &m)
		again.Contacts, again.list = 9, Span{9, 9}
		Parse(b, &again)
		again.list = m.list
		if !reflect.DeepEqual(m, again) {
			t.Fatalf("read twice, got two messages: %q", b)
		}
		onDemand(&m)
	})
}

// onDemand calls all that reads from the spans. It allocates nothing.
func onDemand(m *Message) {
	Validate(m)
	m.Recording()
	m.SessionTimer()
	var u URI
	for _, s := range [...]Span{m.RequestURI, m.From.URI, m.To.URI, m.Contact.URI, m.ReferTo.URI} {
		ParseURI(m.Text(s), &u)
		u.Header("Replaces")
	}
	var r Replaces
	ParseReplaces(m.Text(m.Replaces), &r)
	Param(m.Text(m.From.Value), "x")
	DigestParam(m.Text(m.Authorization), "username")
	for _, next := m.NextContact(0); next >= 0; _, next = m.NextContact(next) {
	}
	for _, name := range [...]string{"Via", "a"} {
		for _, next := m.Header(name, 0); next >= 0; _, next = m.Header(name, next) {
		}
	}
	var c Cause
	for v, next := m.NextValue("Reason", 0); next >= 0; v, next = m.NextValue("Reason", next) {
		ParseCause(m.Text(v), &c)
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
	messages := append(own(t), []byte("HTTP/1.1 200 OK\r\n"), message("From: \"x", "CSeq: x", "Contact: a, b"),
		message("Require: siprec", "Reason: SIP;cause=200, Q.850", "Replaces: a;to-tag=b;from-tag=c"))
	var m Message
	scratch := make([]byte, 0, 256)
	if n := testing.AllocsPerRun(50, func() {
		for _, b := range messages {
			if !Parse(b, &m) {
				continue
			}
			onDemand(&m)
			AppendUnescaped(scratch, m.Text(m.From.URI))
			AppendUnquoted(scratch, m.Text(m.From.URI))
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
	{"one endless header", "x", "Subject: "},
	{"an endless header that Parse keeps", "x y", "User-Agent: "},
	{"folds", "\r\n x", "Subject: y"},
	{"folds in From", "\r\n ;x", "From: <sip:a@b>"},
	{"many Content-Length", "l: 0\r\n", ""},
	{"many Call-ID", "Call-ID: a\r\n", ""},
	{"unknown headers", "X-Unknown-Header: some value\r\n", ""},
	{"names without end", "x", ""},
	{"blanks before the colon", "Via : x\r\n", ""},
	{"quotes in quotes", `"\"\\" `, "To: "},
	{"quoted parameters", `;a="\""`, "Contact: <sip:a@b>"},
	{"lists in quotes", `"a,b" <sip:c,d>,`, "Contact: "},
	{"brackets without end", "<", "Contact: "},
	{"at signs", "@", "To: <sip:"},
	{"URI headers", "&a=b", "Refer-To: <sip:a@b?"},
	{"URI parameters", ";a=b", "Contact: <sip:a@b"},
	{"reasons", "a;cause=1,", "Reason: "},
	{"reason headers", "Reason: a;cause=1\r\n", ""},
	{"credentials", `a="b",`, "Authorization: Digest "},
	{"commas in Replaces", ",", "Replaces: a"},
	{"non-ASCII", "\xc3\xa9", "From: <sip:"},
	{"backslashes", `\`, `From: "`},
	{"exclamation marks", `!`, `From: <sip:a@b>;tag=`},
}

type salad struct{ name, unit, head string }

func (s salad) build(size int) []byte {
	start := "INVITE sip:b@x SIP/2.0\r\n" + s.head
	return []byte(start + strings.Repeat(s.unit, max(0, size-len(start))/len(s.unit)) + "\r\n\r\n")
}

// BenchmarkSalad: ten times the bytes may cost at most twelve times the time,
// all that is read on demand included. It reports that ratio for each salad,
// and the worst of all.
func BenchmarkSalad(b *testing.B) {
	ratios := map[string]float64{}
	for _, s := range salads {
		b.Run(strings.ReplaceAll(s.name, " ", "_"), func(b *testing.B) {
			small, large := s.build(6000), s.build(60000)
			least := [2]float64{math.MaxFloat64, math.MaxFloat64}
			var m Message
			for range b.N {
				for i, in := range [...][]byte{small, large} {
					start, n := time.Now(), 0
					for ; time.Since(start) < 200*time.Microsecond; n++ {
						Parse(in, &m)
						onDemand(&m)
					}
					least[i] = min(least[i], float64(time.Since(start).Nanoseconds())/float64(n))
				}
			}
			b.ReportMetric(least[1]/1e3, "µs")
			b.ReportMetric(least[1]/least[0], "x-for-10")
			ratios[s.name] = least[1] / least[0] // of the last round, which is the longest
		})
	}
	worst := 0.0
	for _, r := range ratios {
		worst = max(worst, r)
	}
	b.Run("worst", func(b *testing.B) { b.ReportMetric(worst, "x-for-10") })
}
