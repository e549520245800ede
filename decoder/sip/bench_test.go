package sip

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

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
// pass is measured against: counting line ends, and gosip. Read the ratios.
func BenchmarkParse(b *testing.B) {
	benchmarkParse(b, readAll(b, filepath.Join(corpus(b), "sip", "vendor", "*.dat")))
}

// BenchmarkParseOwn is the same on the messages of testdata.
func BenchmarkParseOwn(b *testing.B) {
	benchmarkParse(b, readAll(b, filepath.Join("testdata", "*.sip")))
}

func benchmarkParse(b *testing.B, messages [][]byte) {
	size := 0
	for _, m := range messages {
		size += len(m)
	}
	run := func(name string, one func([]byte)) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				for _, m := range messages {
					one(m)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(messages)), "ns/msg")
		})
	}
	var m Message
	var u URI
	run("scanner", func(b []byte) { Parse(b, &m) })
	run("scanner+uris", func(b []byte) {
		Parse(b, &m)
		for _, s := range [...]Span{m.RequestURI, m.From.URI, m.To.URI, m.Contact.URI, m.Asserted.URI} {
			ParseURI(m.Text(s), &u)
		}
	})
	lines := 0
	run("newlines", func(b []byte) {
		for {
			n := bytes.IndexByte(b, '\n')
			if n < 0 {
				return
			}
			lines++
			b = b[n+1:]
		}
	})
	g := gosip.New()
	run("gosip", func(b []byte) { _ = g.Check(b) })
}
