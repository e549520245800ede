package points

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tollwatch/sensor/output/mask"
)

var siteKey = []byte("the key of a site in Lyon")

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
		digit := func(s string, at int) bool { return s != "" && strings.IndexByte("0123456789", s[at]) >= 0 }
		if digit(before, len(before)-1) || digit(after, 0) || strings.Contains(before+after, number) {
			return // it would be another number
		}
		for _, mode := range []mask.Mode{mask.HideLast4, mask.Hashed, mask.None} {
			e := NewEncoder(Identity{Site: "s", Mask: mode, Key: siteKey})
			lines, err := everywhere(e, before+number+after)
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range lines {
				if strings.Contains(line, number) {
					t.Fatalf("%s of %q: %s holds the number", mode, before+number+after, line)
				}
			}
		}
	})
}

// TestNothingLeavesWithNone: of what a person or a telephone is, no field is left,
// and a point all the same.
func TestNothingLeavesWithNone(t *testing.T) {
	e := NewEncoder(Identity{Site: "s", Mask: mask.None})
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
	for _, m := range []mask.Mode{mask.HideLast4, mask.Full, mask.Hashed, mask.None} {
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
	for mode, e := range encoders() {
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
				t.Errorf("%s, %s: got %v allocations, want 0", name, mode, n)
			}
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	for mode, e := range encoders() {
		for name, encode := range encodings(e) {
			b.Run(fmt.Sprintf("%s/%s", name, mode), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					encode()
				}
			})
		}
	}
}
