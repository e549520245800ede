package stream

import (
	"bytes"
	"testing"

	"tollwatch/decoder/frame"
)

// steady is an assembler that follows a SIP flow and has seen strangers, and a
// function that gives it n segments of the kind that is measured.
func steady(t testing.TB, segments [][]byte) func() {
	a := New(DefaultConfig())
	p := frame.Packet{Protocol: frame.TCP, Src: alice, Dst: proxy, Seq: 1, Flags: frame.ACK}
	give := func() {
		for _, b := range segments {
			p.Payload = b
			a.Observe(&p, start)
			p.Seq += uint32(len(b))
		}
	}
	for range 3 {
		give()
	}
	return give
}

func kinds() map[string][][]byte {
	_, messages := conversation()
	whole := []byte(messages[0] + messages[1])
	return map[string][][]byte{
		"whole":     {whole},
		"in halves": {whole[:200], whole[200:]},
		"keepalive": {whole, []byte("\r\n\r\n")},
		"bare ack":  {whole, nil},
		"stranger":  {bytes.Repeat([]byte{0x17, 3, 3, 5}, 350)},
		"http":      {[]byte("GET /index.html HTTP/1.1\r\nHost: example.org\r\n\r\n")},
	}
}

func TestSegmentsAllocateNothing(t *testing.T) {
	for name, segments := range kinds() {
		if n := testing.AllocsPerRun(100, steady(t, segments)); n != 0 {
			t.Errorf("%s: got %v allocations, want none", name, n)
		}
	}
}

// TestConnectionsAllocateNothing: connections that open and turn out not to be
// SIP cost no garbage either.
func TestConnectionsAllocateNothing(t *testing.T) {
	a := New(DefaultConfig())
	p := frame.Packet{Protocol: frame.TCP, Src: alice, Dst: proxy}
	connect := func() {
		p.Seq, p.Flags, p.Payload = 100, frame.SYN, nil
		a.Observe(&p, start)
		p.Seq, p.Flags, p.Payload = 101, frame.ACK, request
		a.Observe(&p, start)
	}
	connect()
	if n := testing.AllocsPerRun(100, connect); n != 0 {
		t.Errorf("got %v allocations, want none", n)
	}
}

var request = []byte("GET / HTTP/1.1\r\nHost: example.org\r\n\r\n")

func BenchmarkObserve(b *testing.B) {
	for name, segments := range kinds() {
		b.Run(name, func(b *testing.B) {
			give := steady(b, segments)
			b.ReportAllocs()
			for b.Loop() {
				give()
			}
		})
	}
}
