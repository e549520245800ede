package stream

import (
	"bytes"
	"strconv"
	"strings"
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
		"http":      {[]byte("GET /index.html HTTP/1.1\r\nHost: example.org\r\n\r\n")},
		"stranger":  {bytes.Repeat([]byte{0x7f, 3, 3, 5}, 350)},
		"tls":       {bytes.Repeat([]byte{0x17, 3, 3, 5}, 350)}, // a record to each segment

		"ws client":    {[]byte(webFrame(text, 0x37fa213d, messages[0]))},
		"ws server":    {[]byte(webFrame(text, 0, messages[0]))},
		"ws in halves": {[]byte(webFrame(text, 0x37fa213d, messages[0]))[:200], []byte(webFrame(text, 0x37fa213d, messages[0]))[200:]},
		"ws fragments": {[]byte(webFrame(opening, 0x37fa213d, messages[0][:99])), []byte(webFrame(last, 0x37fa213d, messages[0][99:]))},
		"ws long":      {[]byte(webFrame(text, 0x37fa213d, message("INVITE", "", "")+strings.Repeat("x", 30_000)))},
		"hep":          {[]byte(capsule(messages[0]))},
	}
}

func TestSegmentsAllocateNothing(t *testing.T) {
	for name, segments := range kinds() {
		if n := testing.AllocsPerRun(100, steady(t, segments)); n != 0 {
			t.Errorf("%s: got %v allocations, want none", name, n)
		}
	}
}

func TestSCTPAllocatesNothing(t *testing.T) {
	_, messages := conversation()
	a := New(DefaultConfig())
	p := frame.Packet{Protocol: frame.SCTP, Src: alice, Dst: proxy, Payload: []byte(dataChunk(3, 1, messages[0]) + dataChunk(3, 2, messages[1]))}
	give := func() { a.Observe(&p, start) }
	give()
	if n := testing.AllocsPerRun(100, give); n != 0 {
		t.Errorf("got %v allocations, want none", n)
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

// BenchmarkSearch is the cost, by the byte, of looking for the next message in
// what was made to look like the beginning of one everywhere: it must not
// depend on how much there is.
func BenchmarkSearch(b *testing.B) {
	for name, c := range map[string]struct {
		first []byte
		bait  string
	}{
		"tcp":     {[]byte(message("ACK", "", "")), "INVITE sip:bob\r\n"},
		"ws":      {[]byte(webFrame(text, 0, message("ACK", "", ""))), "\x81\x7e\x7f\xffINVITE sip:"},
		"ws mask": {[]byte(webFrame(text, 0, message("ACK", "", ""))), "\x81\xfe\x7f\xff\x00\x00\x00\x00I sip:"},
		"hep":     {[]byte(capsule(message("ACK", "", ""))), "HEP3\x00\x10"},
	} {
		for _, size := range []int{4 << 10, 16 << 10} {
			b.Run(name+"/"+strconv.Itoa(size), func(b *testing.B) {
				bait := []byte("\xff" + strings.Repeat(c.bait, size/len(c.bait)))
				b.SetBytes(int64(len(bait)))
				a := New(DefaultConfig())
				p := frame.Packet{Protocol: frame.TCP, Src: alice, Dst: proxy}
				for b.Loop() {
					p.Seq, p.Flags, p.Payload = 1, frame.ACK, c.first
					a.Observe(&p, start)
					p.Seq, p.Flags, p.Payload = 1+uint32(len(c.first)), frame.FIN, bait
					a.Observe(&p, start)
				}
			})
		}
	}
}
