package points

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

var siteKey = []byte("the key of a site in Lyon")

// masked is what a mask makes of a value; "-" where it is left out.
func masked(mask Mask, apply func(*masker, []byte, []byte) ([]byte, bool), value string) string {
	m := newMasker(mask, siteKey)
	got, ok := apply(&m, nil, []byte(value))
	if !ok {
		return "-"
	}
	return string(got)
}

func hashed(value string) string {
	m := newMasker(Hashed, siteKey)
	return string(m.hash(nil, []byte(value)))
}

func TestMasks(t *testing.T) {
	sentence := func(m *masker, dst, text []byte) ([]byte, bool) { return m.sentence(dst, text, []byte("201")) }
	for _, c := range []struct {
		name             string
		apply            func(*masker, []byte, []byte) ([]byte, bool)
		in, last4, hash_ string
		none             string
	}{
		{"number", (*masker).number, "+33612345678", "+3361234****", hashed("+33612345678"), "-"},
		{"number", (*masker).number, "15", "**", hashed("15"), "-"},
		{"number", (*masker).number, "+1007", "+****", hashed("+1007"), "-"},
		{"range", (*masker).rang, "+33612345678", "+3361234", "+3361234", "+3361234"},
		{"range", (*masker).rang, "15", "-", "-", "-"},
		{"range", (*masker).rang, "+1007", "-", "-", "-"},
		{"user", (*masker).user, "201", "201", hashed("201"), "-"},
		{"user", (*masker).user, "alice", "alice", hashed("alice"), "-"},
		{"user", (*masker).user, "0145678901", "014567****", hashed("0145678901"), "-"},
		{"user", (*masker).user, "+1-201-555-0123", "+1-201-555-****", hashed("+1-201-555-0123"), "-"},
		{"user", (*masker).user, "0145678901-12345", "014567****-12345", hashed("0145678901-12345"), "-"},
		{"user", (*masker).user, "line33612345678x", "line3361234****x", hashed("line33612345678x"), "-"},
		{"address", (*masker).address, "192.0.2.1:5060", "192.0.2.1:5060", hashed("192.0.2.1") + ":5060", "-"},
		{"address", (*masker).address, "[2001:db8::1]:5060", "[2001:db8::1]:5060", hashed("2001:db8::1") + ":5060", "-"},
		{"Call-ID", (*masker).callID, "0033612345678-7@192.0.2.1", "003361234****-7@192.0.2.1", hashed("0033612345678-7@192.0.2.1"), "-"},
		{"URI", (*masker).uri, "201@192.0.2.1", "201@192.0.2.1", hashed("201") + "@" + hashed("192.0.2.1"), "-"},
		{"URI", (*masker).uri, "sip:0145678901@[2001:db8::1]:5061;transport=tcp", "sip:014567****@[2001:db8::1]:5061;transport=tcp",
			"sip:" + hashed("0145678901") + "@" + hashed("2001:db8::1") + ":5061", "-"},
		{"URI", (*masker).uri, "sip:+1-201-555-0123@pbx.example", "sip:+1-201-555-****@pbx.example", "sip:" + hashed("+1-201-555-0123") + "@" + hashed("pbx.example"), "-"},
		{"URI", (*masker).uri, "tel:+33612345678", "tel:+3361234****", "tel:" + hashed("+33612345678"), "-"},
		{"sentence", sentence, "third call at once from 201 to +13459261234 (1 is usual)", "third call at once from 201 to +1345926**** (1 is usual)",
			"third call at once from " + hashed("201") + " to " + hashed("+13459261234") + " (1 is usual)", "third call at once from … to … (1 is usual)"},
		{"sentence", sentence, "192.0.2.1, which was seen before, logged in as extension 214; 7 calls of 1234 s for 123456 EUR",
			"192.0.2.1, which was seen before, logged in as extension 214; 7 calls of 1234 s for 123456 EUR",
			hashed("192.0.2.1") + ", which was seen before, logged in as extension " + hashed("214") + "; 7 calls of 1234 s for 123456 EUR",
			"…, which was seen before, logged in as extension …; 7 calls of 1234 s for 123456 EUR"},
		{"sentence", sentence, "this site's account 0145678901 at sip:x@203.0.113.5:5060, from 2001:db8::1", "this site's account 014567**** at sip:x@203.0.113.5:5060, from 2001:db8::1",
			"this site's account " + hashed("0145678901") + " at sip:" + hashed("x") + "@" + hashed("203.0.113.5") + ":5060, from " + hashed("2001:db8::1"),
			"this site's account … at …, from …"},
		{"user agent", sentence, "Yealink SIP-T46S 66.84.0.15 (c:00227901234567)", "Yealink SIP-T46S 66.84.0.15 (c:0022790123****)",
			"Yealink SIP-T46S " + hashed("66.84.0.15") + " (c:" + hashed("00227901234567") + ")", "Yealink SIP-T46S … (…)"},
	} {
		for mask, want := range map[Mask]string{HideLast4: c.last4, Hashed: c.hash_, None: c.none} {
			if got := masked(mask, c.apply, c.in); got != want {
				t.Errorf("%s %q, %s: got %q, want %q", c.name, c.in, mask, got, want)
			}
		}
		if got := masked(Full, c.apply, c.in); got != c.in && c.name != "range" {
			t.Errorf("%s %q, full: got %q", c.name, c.in, got)
		}
	}
}

// TestHashesNeedTheKey: sensors of one site share it and agree, all others differ,
// one that has none too.
func TestHashesNeedTheKey(t *testing.T) {
	of := func(key []byte) string {
		m := newMasker(Hashed, key)
		return string(m.hash(nil, []byte("+33612345678")))
	}
	first, again, other := of(siteKey), of(siteKey), of([]byte("the key of a site in Nice"))
	if first != again {
		t.Errorf("the same key: got %s and %s, want one", first, again)
	}
	if own, third := of(nil), of(nil); first == other || own == third {
		t.Errorf("different keys: got %s and %s, %s and %s; want all different", first, other, own, third)
	}
}

func TestParseMask(t *testing.T) {
	for _, m := range []Mask{HideLast4, Full, Hashed, None} {
		if got, err := ParseMask(m.String()); got != m || err != nil {
			t.Errorf("%s: got %v, %v", m, got, err)
		}
	}
	for _, bad := range []string{"", "last4", "FULL"} {
		if _, err := ParseMask(bad); err == nil {
			t.Errorf("%q: got no error", bad)
		}
	}
}

// everywhere is a point of each measurement with the same texts in every field that
// somebody else can write.
func everywhere(e *Encoder, text string) (lines []string, err error) {
	put := func(line []byte, failed error) {
		if failed != nil {
			err = failed
		}
		lines = append(lines, string(line))
	}
	put(e.Encode(&Call{ID: text, End: night, State: "answered", Extension: text, Number: text, Src: text, Dst: text, UserAgent: text}))
	put(e.Encode(&Stream{CallID: text, End: night, Start: night, Codec: text, Src: text, Dst: text}))
	put(e.Encode(&Registration{Time: night, Event: "new", AoR: text, Contact: text, Src: text, UserAgent: text}))
	put(e.Encode(&Alert{Time: night, Level: "major", Extension: text, Source: text, Number: text, Text: text, By: text}))
	return lines, err
}

// FuzzMask: with any mask but full no public number is whole in a line, wherever
// it stood.
func FuzzMask(f *testing.F) {
	f.Add("", "")
	f.Add("sip:", "@192.0.2.1;x=y")
	f.Add("extension ", ", called \"")
	f.Add("é\x00\xff ", "\\")
	f.Add(strings.Repeat("x", 1018), "@")
	f.Add("192.0.2.1:", ":::")
	f.Fuzz(func(t *testing.T, before, after string) {
		const number = "8273645190"
		digit := func(s string, at int) bool { return s != "" && isDigit(s[at]) }
		if digit(before, len(before)-1) || digit(after, 0) || strings.Contains(before+after, number) {
			return // it would be another number
		}
		for _, mask := range []Mask{HideLast4, Hashed, None} {
			e := NewEncoder(Identity{Site: "s", Mask: mask, Key: siteKey})
			lines, err := everywhere(e, before+number+after)
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range lines {
				if strings.Contains(line, number) {
					t.Fatalf("%s of %q: %s holds the number", mask, before+number+after, line)
				}
			}
		}
	})
}

// TestNothingLeavesWithNone: of what a person or a telephone is, no field is left,
// and a point all the same.
func TestNothingLeavesWithNone(t *testing.T) {
	e := NewEncoder(Identity{Site: "s", Mask: None})
	lines, err := everywhere(e, "zoe")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines {
		_, _, values := fields(t, []byte(line))
		for _, pair := range strings.Fields(values) {
			if key, value, _ := strings.Cut(pair, "="); value == "zoe" && key != "user_agent" && key != "text" {
				t.Errorf("%s", pair)
			}
		}
	}
}

// all four masks of each measurement, for the tests that count.
func encoders() map[string]*Encoder {
	out := map[string]*Encoder{}
	for _, m := range []Mask{HideLast4, Full, Hashed, None} {
		out[m.String()] = NewEncoder(Identity{Site: "Lyon 2", Customer: "dupont", Sensor: "5f0c", View: "trunk", Primary: true, Mask: m, Key: siteKey})
	}
	return out
}

// encodings are one of each point, as they are in a site.
func encodings(e *Encoder) map[string]func() ([]byte, error) {
	c, a := cayman(1), anAlert()
	c.Src, c.Dst, c.UserAgent = "192.0.2.1:5060", "203.0.113.5:5060", "Yealink SIP-T46S 66.84.0.15"
	s := &Stream{Group: "g1", CallID: "c1@pbx", SSRC: "0x1234abcd", Start: night, End: night.Add(time.Minute), Codec: "PCMA", Trunk: "trunk-1", Direction: "outbound",
		Src: "192.0.2.1:4000", Dst: "203.0.113.5:6000", PayloadType: 8, Packets: 3000, Lost: 2, JitterMeanMS: 1, JitterMaxMS: 4, RFactor: 93.2, MOS: 4.4, MeasuredAt: "between"}
	r := &Registration{Time: night, Event: "new", AoR: "201@pbx.example", Contact: "sip:201@192.0.2.1:5060;transport=udp", Src: "192.0.2.1:5060", UserAgent: c.UserAgent}
	tr := &Traffic{Time: night, Calls: 3, CallsPeak: 4, Attempts: 2, ASR: 0.5, NER: unknown, ACD: 120, PDD: 1.5, UsualCalls: 2.5, SpentTodayEUR: 12}
	h := &Sensor{Time: night, Version: "1.0", Backend: "ebpf", Uptime: time.Hour, Frames: 1e9, CPU: 0.05, MemoryBytes: 46e6, TLSShare: unknown, RulesVersion: "4"}
	return map[string]func() ([]byte, error){
		"call": func() ([]byte, error) { return e.Encode(c) }, "stream": func() ([]byte, error) { return e.Encode(s) },
		"registration": func() ([]byte, error) { return e.Encode(r) }, "traffic": func() ([]byte, error) { return e.Encode(tr) },
		"alert": func() ([]byte, error) { return e.Encode(a) }, "sensor": func() ([]byte, error) { return e.Encode(h) },
	}
}

// TestEncodingAllocatesNothing: no measurement with any mask.
func TestEncodingAllocatesNothing(t *testing.T) {
	for mask, e := range encoders() {
		for name, encode := range encodings(e) {
			for range 2 * stampsKept { // its memory of time stamps is full
				if name != "call" {
					break
				}
				encode()
			}
			if n := testing.AllocsPerRun(500, func() {
				if _, err := encode(); err != nil {
					t.Fatal(err)
				}
			}); n != 0 {
				t.Errorf("%s, %s: got %v allocations, want 0", name, mask, n)
			}
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	for mask, e := range encoders() {
		for name, encode := range encodings(e) {
			b.Run(fmt.Sprintf("%s/%s", name, mask), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					encode()
				}
			})
		}
	}
}
