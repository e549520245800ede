package sensortest

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"tollwatch/decoder"
	"tollwatch/decoder/frame"
	"tollwatch/detect"
	"tollwatch/sensor"
	"tollwatch/sensor/capture"
	"tollwatch/sensor/config"
	"tollwatch/sensor/record"
)

// tape is a capture in memory: a pcap with nanoseconds.
type tape struct {
	bytes.Buffer
}

func newTape(link frame.LinkType) *tape {
	t := &tape{}
	header := make([]byte, 24)
	binary.LittleEndian.PutUint32(header, 0xa1b23c4d)
	binary.LittleEndian.PutUint16(header[4:], 2)
	binary.LittleEndian.PutUint16(header[6:], 4)
	binary.LittleEndian.PutUint32(header[16:], 262144)
	binary.LittleEndian.PutUint32(header[20:], uint32(link))
	t.Write(header)
	return t
}

func (t *tape) add(at time.Duration, frame []byte) {
	when := began.Add(at)
	header := make([]byte, 16)
	binary.LittleEndian.PutUint32(header, uint32(when.Unix()))
	binary.LittleEndian.PutUint32(header[4:], uint32(when.Nanosecond()))
	binary.LittleEndian.PutUint32(header[8:], uint32(len(frame)))
	binary.LittleEndian.PutUint32(header[12:], uint32(len(frame)))
	t.Write(header)
	t.Write(frame)
}

// heard is what a replay put out: each object as its line of NDJSON, the
// summary apart.
type heard struct {
	lines   []string
	summary record.Summary
}

// play replays a tape as `tollwatch replay --json` does.
func (t *tape) play(tb testing.TB) *heard {
	tb.Helper()
	source, err := capture.OpenFiles([]string{"-"}, bytes.NewReader(t.Bytes()))
	if err != nil {
		tb.Fatal(err)
	}
	defer source.Close()
	var out bytes.Buffer
	w := record.NewWriter(&out)
	if err := sensor.Replay(tb.Context(), source, sensor.NewPipeline(decoder.New(decoder.DefaultConfig()), newEngine(tb), w)); err != nil {
		tb.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		tb.Fatal(err)
	}
	return parse(tb, out.String())
}

func newEngine(tb testing.TB) *detect.Engine {
	tb.Helper()
	cfg, err := sensor.EngineConfig(config.Default())
	if err != nil {
		tb.Fatal(err)
	}
	engine, err := detect.New(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	return engine
}

func parse(tb testing.TB, out string) *heard {
	tb.Helper()
	h := &heard{lines: strings.Split(strings.TrimSpace(out), "\n")}
	last := len(h.lines) - 1
	if err := json.Unmarshal([]byte(h.lines[last]), &h.summary); err != nil {
		tb.Fatalf("summary %s: %v", h.lines[last], err)
	}
	h.lines = h.lines[:last]
	s := &h.summary
	if sum := s.Decoded + total(s.Ignored) + total(s.Malformed) + total(s.Dropped); sum != s.Frames {
		tb.Errorf("the books do not balance: %d frames, %d accounted for: %+v", s.Frames, sum, s)
	}
	return h
}

// differs says how two replays differ, of several objects for the first alone;
// "" when they do not. Words are replaced in h before the comparison. Of the summary what the frames
// look like does not count: how many, how long.
func (h *heard) differs(want *heard, replace ...string) string {
	var out strings.Builder
	replacer := strings.NewReplacer(replace...)
	for i := range max(len(h.lines), len(want.lines)) {
		a, b := "nothing", "nothing"
		if i < len(h.lines) {
			a = replacer.Replace(h.lines[i])
		}
		if i < len(want.lines) {
			b = want.lines[i]
		}
		if a != b && out.Len() == 0 {
			n := max(0, common(a, b)-60)
			fmt.Fprintf(&out, "got  %.30s...%.160s\nwant %.30s...%.160s\n", a, a[min(n, len(a)):], b, b[min(n, len(b)):])
		}
	}
	if a, b := content(h), content(want); a != b {
		fmt.Fprintf(&out, "got summary  %s\nwant summary %s\n", a, b)
	}
	if a := reasons(h); a != "" {
		fmt.Fprintf(&out, "got frames left aside: %s\n", a)
	}
	return out.String()
}

// common is how far two texts are the same.
func common(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

// content is the part of a summary that the wrapping must not change.
func content(h *heard) string {
	s := h.summary
	return fmt.Sprint(s.SIP, s.Calls, s.Answered, s.Streams, time.Time(s.First), time.Time(s.Last))
}

// reasons are those for which frames were not decoded.
func reasons(h *heard) string {
	s := h.summary
	if len(s.Ignored)+len(s.Malformed)+len(s.Dropped) == 0 {
		return ""
	}
	return fmt.Sprint("ignored ", s.Ignored, " malformed ", s.Malformed, " dropped ", s.Dropped)
}
