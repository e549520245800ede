package hep

import (
	"bytes"
	"encoding/binary"
	"net"
	"testing"
	"time"

	"tollwatch/sensor/capture"
)

// pieces is a connection that gives its bytes so many at a time.
type pieces struct {
	net.Conn
	size int
	read *bytes.Reader
}

func (p *pieces) Read(b []byte) (int, error)      { return p.read.Read(b[:min(p.size, len(b))]) }
func (p *pieces) Close() error                    { return nil }
func (p *pieces) SetReadDeadline(time.Time) error { return nil }

// FuzzConnection: whatever a stream holds, and however it is cut, exactly the
// packets at its beginning come out, byte for byte; what follows them does not.
func FuzzConnection(f *testing.F) {
	two := append(report("x", ""), report("yy", "")...)
	f.Add(two, uint8(1))
	f.Add(append(two, "GET / HTTP/1.1"...), uint8(7))
	f.Add([]byte("HEP3\x00\x05"), uint8(3))
	f.Add(append(two, "HEP3\xff\xff"...), uint8(200))
	f.Fuzz(func(t *testing.T, raw []byte, size uint8) {
		l := newListener(Config{})
		l.connection(&pieces{size: max(1, int(size)), read: bytes.NewReader(raw)})
		var frame capture.Frame
		rest := raw
		for l.Ready(&frame) {
			n := len(frame.Data)
			if n < 6 || !bytes.HasPrefix(rest, frame.Data) || int(binary.BigEndian.Uint16(rest[4:])) != n {
				t.Fatalf("got %q, which %q does not begin with", frame.Data, rest)
			}
			rest = rest[n:]
		}
		whole := len(rest) >= 6 && string(rest[:4]) == magic && int(binary.BigEndian.Uint16(rest[4:])) >= 6 &&
			len(rest) >= int(binary.BigEndian.Uint16(rest[4:]))
		if whole && l.Counters().Full == 0 {
			t.Fatalf("%q was left", rest)
		}
		if n := l.waiting.Load(); n != 0 {
			t.Fatalf("got %d bytes waiting in an empty queue", n)
		}
	})
}

// BenchmarkPackets is the way of a packet of usual length through the queue.
func BenchmarkPackets(b *testing.B) {
	l := newListener(Config{Key: []byte("sesame")})
	packet, now := report(string(make([]byte, 900)), "sesame"), time.Now()
	b.SetBytes(int64(len(packet)))
	b.ReportAllocs()
	var f capture.Frame
	for b.Loop() {
		l.take(packet, now)
		if !l.Ready(&f) {
			b.Fatal("no packet came")
		}
	}
}
