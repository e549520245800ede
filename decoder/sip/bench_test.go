package sip

import (
	"bytes"
	"os"
	"path/filepath"
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
// pass is measured against: counting line ends, and gosip. The sub-benchmark
// "ratios" compares the best of many short windows that take turns, which a
// busy machine disturbs least: read that one.
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
	contestants := []struct {
		name string
		one  func([]byte)
	}{
		{"scanner", func(b []byte) { Parse(b, &m) }},
		{"scanner+uris", func(b []byte) {
			Parse(b, &m)
			for _, s := range [...]Span{m.RequestURI, m.From.URI, m.To.URI, m.Contact.URI, m.Asserted.URI} {
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
	all := func(one func([]byte)) {
		for _, m := range messages {
			one(m)
		}
	}
	for _, c := range contestants {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				all(c.one)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(messages)), "ns/msg")
		})
	}
	b.Run("ratios", func(b *testing.B) {
		best := map[string]float64{}
		for range b.N {
			for _, c := range contestants {
				start, n := time.Now(), 0
				for ; time.Since(start) < 200*time.Microsecond; n++ {
					all(c.one)
				}
				t := float64(time.Since(start).Nanoseconds()) / float64(n*len(messages))
				if best[c.name] == 0 || t < best[c.name] {
					best[c.name] = t
				}
			}
		}
		b.ReportMetric(best["scanner"], "ns/msg")
		b.ReportMetric(best["scanner"]/best["newlines"], "newlines")
		b.ReportMetric(best["scanner+uris"]/best["newlines"], "newlines+uris")
		b.ReportMetric(best["gosip"]/best["scanner"], "gosip-x")
	})
}
