package opinion

import (
	"fmt"
	"testing"
	"time"

	"tollwatch/decoder/sip"
)

var began = time.Date(2026, 3, 7, 2, 0, 0, 0, time.UTC)

// opening is an INVITE outside any dialog, with a line changed or added.
func opening(from, to, via, contact string) string {
	or := func(s, other string) string {
		if s == "" {
			return other
		}
		return s
	}
	return "INVITE sip:0022790123456@192.0.2.2 SIP/2.0\r\n" +
		"Via: " + or(via, "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1") + "\r\n" +
		"From: " + or(from, "<sip:204@192.0.2.1>;tag=a") + "\r\n" +
		"To: " + or(to, "<sip:0022790123456@192.0.2.2>") + "\r\n" +
		"Call-ID: c\r\nCSeq: 1 INVITE\r\n" +
		"Contact: " + or(contact, "<sip:204@192.0.2.1>") + "\r\nContent-Length: 0\r\n\r\n"
}

func scan(t testing.TB, in string) *sip.Message {
	t.Helper()
	var m sip.Message
	if !sip.Parse([]byte(in), &m) {
		t.Fatalf("not scanned: %q", in)
	}
	return &m
}

// TestWhatIsADisagreement: the shapes of From, To, Via and Contact that the two
// parsers read otherwise, and those where only gosip is to blame.
func TestWhatIsADisagreement(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     bool
	}{
		{"an ordinary INVITE", opening("", "", "", ""), false},
		{"a name in quotes", opening(`"Doe, John" <sip:204@x>;tag=a`, "", "", ""), false},
		{"UTF-8", opening("\"Ünal\" <sip:204@x>;tag=a", "", "", ""), false},
		{"tel:", opening("<tel:+33388000001>;tag=a", "", "", ""), false},
		{"urn:", opening("", "<urn:service:sos>", "", ""), false},
		{"IPv6 in a URI", opening("", "<sip:1@[2001:db8::1]>", "", ""), false},
		{"IPv6 in Via", opening("", "", "SIP/2.0/UDP [2001:db8::1];branch=z9hG4bK1", ""), false},
		{"a line folded before a parameter", opening("<sip:204@x>\r\n ;tag=a", "", "", ""), false},
		{"a folded name", opening("\"B\"\r\n <sip:204@x>;tag=a", "", "", ""), false},
		{"an escaped quote", opening(`"the \"boss\"" <sip:204@x>;tag=a`, "", "", ""), false},
		{"capital TAG", opening("<sip:204@x>;TAG=a", "", "", ""), false},
		{"a + in the branch", opening("", "", "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK+1+2", ""), false},
		{"a tag in base64", opening("<sip:204@x>;tag=YWI==", "", "", ""), false},
		{"a tag with a percent sign", opening("<sip:204@x>;tag=a%41b", "", "", ""), false},
		{"an instance", opening("", "", "", `<sip:204@192.0.2.1>;+sip.instance="<urn:uuid:1>";reg-id=1`), false},
		{"two Vias", opening("", "", "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\nVia: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK9", ""), false},

		{"two @ in the caller", opening("<sip:204@evil@x>;tag=a", "", "", ""), true},
		{"a scheme of sip without a colon", opening("<sip204>;tag=a", "", "", ""), true},
		{"a name that imitates a caller, not ended", opening(`"x <sip:100@x> <sip:204@x>;tag=a`, "", "", ""), true},
		{"a bare line end in To", opening("", "<sip:1@x>\nX: y", "", ""), true},
		{"a Via without a blank", opening("", "", "SIP/2.0/UDP-192.0.2.1;branch=z9hG4bK1", ""), true},
		{"the topmost of two Vias is none", opening("", "", "SIP/2.0/UDP-192.0.2.1;branch=z9hG4bK1\r\nVia: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK9", ""), true},
		{"a Via without a host", opening("", "", "SIP/2.0/UDP;192.0.2.1;branch=z9hG4bK1;rport 192.0.2.9", ""), true},
		{"a port that is none in Contact", opening("", "", "", "<sip:204@192.0.2.1:x>"), true},
		{"two tags", opening("<sip:204@x>;tag=a;tag=b", "", "", ""), true},
		{"two tags, one in capitals, and a name in quotes", opening(`"B" <sip:204@x>;tag=a;TAG=b;tag=c`, "", "", ""), true},
		{"two branches", opening("", "", "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1;x=+;branch=z9hG4bK2", ""), true},
		{"a tag with a hole", opening("<sip:204@x>;tag=a b", "", "", ""), true},
		{"a tag whose name has a hole", opening("<sip:204@x>;t ag=a", "", "", ""), true},
		{"IPv6 elsewhere excuses nothing", opening("<sip:204@evil@x>;tag=a", "<sip:1@[2001:db8::1]>", "", ""), true},
	} {
		m := scan(t, c.in)
		if got := New().Observe(m, began).Has(sip.ParserDisagree); got != c.want {
			facts, err := New().reader.Parse([]byte(c.in))
			t.Errorf("%s: got disagreement %v, want %v; %v %+v", c.name, got, c.want, err, Compare(m, &facts))
		}
	}
}

// TestOnlyWhatOpensADialogIsAsked: the rest pays for it.
func TestOnlyWhatOpensADialogIsAsked(t *testing.T) {
	s := New()
	for _, c := range []struct {
		in   string
		want uint64
	}{
		{opening("", "", "", ""), 1},
		{opening("", "<sip:1@x>;tag=b", "", ""), 1}, // inside a dialog
		{"REGISTER sip:x SIP/2.0\r\nVia: SIP/2.0/UDP y;branch=z9hG4bK1\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:a@x>\r\nCall-ID: c\r\nCSeq: 1 REGISTER\r\n\r\n", 2},
		{"OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/UDP y;branch=z9hG4bK1\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:a@x>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\n\r\n", 2},
		{"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP y;branch=z9hG4bK1\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:a@x>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n\r\n", 2},
	} {
		s.Observe(scan(t, c.in), began)
		if got := s.Counters().Asked; got != c.want {
			t.Errorf("%q: got %d asked, want %d", c.in, got, c.want)
		}
	}
}

// TestValidateIsForAll: beyond the budget its bits are there all the same.
func TestValidateIsForAll(t *testing.T) {
	s := New()
	m := scan(t, opening("<sip:204@evil@x>;tag=a", "", "", ""))
	asked := 0
	for range 1000 {
		got := s.Observe(m, began)
		if !got.Has(sip.BadURI) {
			t.Fatal("got no bad_uri")
		}
		if got.Has(sip.ParserDisagree) {
			asked++
		}
	}
	if c := s.Counters(); asked != oddBurst || c.Disagreed != oddBurst || c.OddOver != 1000-oddBurst || c.HeadersOut != oddBurst {
		t.Errorf("got %d and %+v, want %d asked at once", asked, c, oddBurst)
	}
}

// TestAFloodHidesNothing: a hundred thousand plain INVITEs leave the budget for
// odd ones as it was, and cost a share of their number.
func TestAFloodHidesNothing(t *testing.T) {
	s := New()
	plain, odd := scan(t, opening("", "", "", "")), scan(t, opening("<sip:204@evil@x>;tag=a", "", "", ""))
	for i := range 100_000 {
		s.Observe(plain, began.Add(time.Duration(i)*time.Microsecond))
	}
	if got, most := s.Counters().Asked, uint64(plainBurst+100_000/plainShare); got == 0 || got > most {
		t.Errorf("got %d plain messages asked about, want at most %d", got, most)
	}
	if !s.Observe(odd, began.Add(time.Second)).Has(sip.ParserDisagree) {
		t.Error("the odd INVITE behind the flood was not asked about")
	}
}

// TestTheBudgetFillsUp with packet time, and not beyond its burst.
func TestTheBudgetFillsUp(t *testing.T) {
	s := New()
	odd := scan(t, opening("<sip:204@evil@x>;tag=a", "", "", ""))
	for _, c := range []struct {
		after time.Duration
		want  uint64 // of a hundred messages at that moment
	}{
		{0, oddBurst}, {0, 0}, {time.Second, oddRate}, {time.Second + 500*time.Millisecond, oddRate / 2},
		{0, 0}, {time.Hour, oddBurst},
	} {
		before := s.Counters().Asked
		for range 100 {
			s.Observe(odd, began.Add(c.after))
		}
		if got := s.Counters().Asked - before; got != c.want {
			t.Errorf("after %v: got %d asked, want %d", c.after, got, c.want)
		}
	}
}

// TestNothingIsAllocatedBeyondTheBudget, nor for a message that opens nothing.
func TestNothingIsAllocatedBeyondTheBudget(t *testing.T) {
	s := New()
	odd, inside := scan(t, opening("<sip:204@evil@x>;tag=a", "", "", "")), scan(t, opening("", "<sip:1@x>;tag=b", "", ""))
	for range 100 {
		s.Observe(odd, began)
	}
	if n := testing.AllocsPerRun(100, func() { s.Observe(odd, began); s.Observe(inside, began) }); n != 0 {
		t.Errorf("got %v allocations, want none", n)
	}
}

func BenchmarkObserve(b *testing.B) {
	for _, c := range []struct {
		name string
		m    *sip.Message
	}{
		{"inside", scan(b, opening("", "<sip:1@x>;tag=b", "", ""))},
		{"opening", scan(b, opening("", "", "", ""))},
	} {
		b.Run(c.name, func(b *testing.B) {
			s := New()
			b.ReportAllocs()
			for b.Loop() {
				s.Observe(c.m, began)
			}
			b.ReportMetric(float64(s.Counters().Asked)/float64(b.N), "asked/op")
		})
	}
}

func ExampleCompare() {
	const in = "INVITE sip:b@x SIP/2.0\r\nVia: SIP/2.0/UDP y;branch=z9hG4bK1\r\nFrom: <sip:204@evil@x>;tag=1\r\nTo: <sip:b@x>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n\r\n"
	var m sip.Message
	sip.Parse([]byte(in), &m)
	facts, _ := New().reader.Parse([]byte(in))
	for _, f := range Compare(&m, &facts) {
		fmt.Println(f.Header, f.Scanner, "-", f.Reason)
	}
	// Output: From <sip:204@evil@x>;tag=1 - control characters, or a URI that cannot be right
}
