package sip

import (
	"math/rand/v2"
	"testing"
)

// controlBytewise is hasControl as one would say it.
func controlBytewise(b []byte) bool {
	for i, c := range b {
		if c >= 0x20 && c != 0x7f || c == '\t' || c == '\n' {
			continue
		}
		if c != '\r' || i+1 < len(b) && b[i+1] != '\n' {
			return true
		}
	}
	return false
}

// TestControlCharacters: each of the 256 bytes at each place of a word, alone
// and in texts made of those that matter.
func TestControlCharacters(t *testing.T) {
	for c := range 256 {
		for at := range 17 {
			b := []byte("From: <sip:a@x>\r\nTo: b\r\n")[:17]
			b[at] = byte(c)
			if got, want := hasControl(b), controlBytewise(b); got != want {
				t.Fatalf("got %v, want %v for %q", got, want, b)
			}
		}
	}
	seed := rand.New(rand.NewPCG(1, 2))
	const letters = "a z\x1f\x20\x7e\x7f\x80\xff\r\n\r\n\r\n\t\x00"
	for range 100_000 {
		b := make([]byte, seed.IntN(30))
		for i := range b {
			b[i] = letters[seed.IntN(len(letters))]
			if seed.IntN(4) > 0 {
				b[i] = 'a'
			}
		}
		if got, want := hasControl(b), controlBytewise(b); got != want {
			t.Fatalf("got %v, want %v for %q", got, want, b)
		}
	}
}

func BenchmarkValidate(b *testing.B) {
	all := own(b)
	messages := make([]Message, len(all))
	for i := range all {
		Parse(all[i], &messages[i])
	}
	for b.Loop() {
		for i := range messages {
			Validate(&messages[i])
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(messages)), "ns/message")
}
