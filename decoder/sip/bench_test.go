package sip

import (
	"bytes"
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"tollwatch/decoder/sip/gosip"
)

func readAll(tb testing.TB, pattern string) [][]byte {
	tb.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		tb.Fatalf("no messages at %s: %v", pattern, err)
	}
	var out [][]byte
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			tb.Fatal(err)
		}
		out = append(out, b)
	}
	return out
}

// BenchmarkParse times one pass over the vendor mix, and beside it what the
// pass is measured against: counting line ends, and gosip. Read "ratios": there
// all take turns in short windows, each ratio is one of two windows of one
// turn, and the median over the quietest tenth of the turns is reported: a busy
// machine disturbs that least.
func BenchmarkParse(b *testing.B) {
	benchmarkParse(b, readAll(b, filepath.Join(corpus(b), "sip", "vendor", "*.dat")))
}

// BenchmarkParseOwn is the same on the messages of testdata.
func BenchmarkParseOwn(b *testing.B) {
	benchmarkParse(b, own(b))
}

func benchmarkParse(b *testing.B, messages [][]byte) {
	var m Message
	var u URI
	g, lines, size := gosip.New(), 0, 0
	for _, m := range messages {
		size += len(m)
	}
	contestants := []contestant{
		{"scanner", func(b []byte) { Parse(b, &m) }},
		{"scanner+uris", func(b []byte) {
			Parse(b, &m)
			for _, s := range [...]Span{m.RequestURI, m.From.URI, m.To.URI, m.Contact.URI} {
				ParseURI(m.Text(s), &u)
			}
		}},
		{"newlines", func(b []byte) {
			for {
				n := bytes.IndexByte(b, '\n')
				if n < 0 {
					return
				}
				lines++
				b = b[n+1:]
			}
		}},
		{"gosip", func(b []byte) { _ = g.Check(b) }},
	}
	for _, c := range contestants {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				c.all(messages)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(messages)), "ns/msg")
		})
	}
	b.Run("ratios", func(b *testing.B) { benchmarkRatios(b, messages, contestants) })
}

type contestant struct {
	name string
	one  func([]byte)
}

func (c contestant) all(messages [][]byte) {
	for _, m := range messages {
		c.one(m)
	}
}

func benchmarkRatios(b *testing.B, messages [][]byte, contestants []contestant) {
	var turns []turn
	for range b.N {
		t := turn{}
		for _, c := range contestants {
			start, n := time.Now(), 0
			for ; time.Since(start) < 200*time.Microsecond; n++ {
				c.all(messages)
			}
			t[c.name] = float64(time.Since(start).Nanoseconds()) / float64(n*len(messages))
		}
		turns = append(turns, t)
	}
	slices.SortFunc(turns, func(x, y turn) int { return cmp.Compare(x.sum(), y.sum()) })
	turns = turns[:len(turns)/10+1]
	b.ReportMetric(median(turns, func(t turn) float64 { return t["scanner"] }), "ns/msg")
	b.ReportMetric(median(turns, func(t turn) float64 { return t["scanner"] / t["newlines"] }), "newlines")
	b.ReportMetric(median(turns, func(t turn) float64 { return t["scanner+uris"] / t["newlines"] }), "newlines+uris")
	b.ReportMetric(median(turns, func(t turn) float64 { return t["gosip"] / t["scanner"] }), "gosip-x")
}

// turn is the time of each contestant, in nanoseconds a message.
type turn map[string]float64

func (t turn) sum() (sum float64) {
	for _, v := range t {
		sum += v
	}
	return sum
}

func median(turns []turn, of func(turn) float64) float64 {
	var values []float64
	for _, t := range turns {
		values = append(values, of(t))
	}
	slices.Sort(values)
	return values[len(values)/2]
}
