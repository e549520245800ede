package hep

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tollwatch/decoder/frame"
	"tollwatch/sensor/capture"
)

// chunk writes one chunk of HEP 3.
func chunk(kind uint16, body []byte) []byte {
	b := binary.BigEndian.AppendUint16(nil, 0)
	b = binary.BigEndian.AppendUint16(b, kind)
	return append(binary.BigEndian.AppendUint16(b, uint16(6+len(body))), body...)
}

// report is a HEP 3 packet with a payload, and a key if there is one.
func report(payload, key string) []byte {
	body := chunk(0x0f, []byte(payload))
	if key != "" {
		body = append(body, chunk(0x0e, []byte(key))...)
	}
	return append(binary.BigEndian.AppendUint16([]byte("HEP3"), uint16(6+len(body))), body...)
}

func listen(t *testing.T, cfg Config) *Listener {
	t.Helper()
	cfg.Listen = "127.0.0.1:0"
	l, err := Listen(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func dial(t *testing.T, network string, l *Listener) net.Conn {
	t.Helper()
	c, err := net.Dial(network, l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// next waits for a frame, for a bounded number of turns.
func next(t *testing.T, l *Listener) []byte {
	t.Helper()
	var f capture.Frame
	for range 100 {
		err := l.Next(&f)
		if err == nil {
			if f.Link != frame.LinkHEP || f.WireLength != len(f.Data) || time.Since(f.Time) > time.Minute {
				t.Fatalf("got a frame of link type %d, %d of %d bytes, at %v", f.Link, len(f.Data), f.WireLength, f.Time)
			}
			return bytes.Clone(f.Data)
		}
		if !errors.Is(err, capture.ErrIdle) {
			t.Fatal(err)
		}
	}
	t.Fatal("no frame came")
	return nil
}

// until waits for a counter, for a bounded number of turns.
func until(t *testing.T, l *Listener, what string, reached func(Counters) bool) {
	t.Helper()
	var f capture.Frame
	for range 100 {
		if reached(l.Counters()) {
			return
		}
		if err := l.Next(&f); err != nil && !errors.Is(err, capture.ErrIdle) {
			t.Fatal(err)
		}
	}
	t.Fatalf("%s: got %+v", what, l.Counters())
}

func TestBothTransports(t *testing.T) {
	l := listen(t, Config{})
	want := report("OPTIONS sip:a@x SIP/2.0\r\n\r\n", "")
	if _, err := dial(t, "udp", l).Write(want); err != nil {
		t.Fatal(err)
	}
	if got := next(t, l); !bytes.Equal(got, want) {
		t.Errorf("by UDP got %q, want %q", got, want)
	}
	// Over TCP a packet comes in pieces, and two come at once.
	c := dial(t, "tcp", l)
	for _, piece := range [][]byte{want[:3], want[3:9], want[9:], append(bytes.Clone(want), want...)} {
		if _, err := c.Write(piece); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 3 {
		if got := next(t, l); !bytes.Equal(got, want) {
			t.Errorf("packet %d by TCP: got %q, want %q", i, got, want)
		}
	}
	if st, n := l.Stats(), l.Counters(); st.Frames != 4 || n.Accepted != 4 {
		t.Errorf("got %d frames, %d accepted, want 4", st.Frames, n.Accepted)
	}
}

// TestWhoIsHeard: senders that are not allowed, packets without the key, and
// what is no HEP, are refused and counted.
func TestWhoIsHeard(t *testing.T) {
	elsewhere := listen(t, Config{Senders: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}})
	dial(t, "udp", elsewhere).Write(report("x", ""))
	dial(t, "tcp", elsewhere)
	until(t, elsewhere, "two senders refused", func(c Counters) bool { return c.Sender == 2 && c.Accepted == 0 })

	locked := listen(t, Config{Key: []byte("sesame")})
	c := dial(t, "udp", locked)
	for _, b := range [][]byte{report("x", ""), report("x", "sesamo"), report("x", "sesame0"), {1, 16, 2, 17, 0, 0, 0, 0}} {
		c.Write(b)
	}
	good := report("x", "sesame")
	c.Write(good)
	if got := next(t, locked); !bytes.Equal(got, good) {
		t.Errorf("got %q, want the packet with the key", got)
	}
	until(t, locked, "four packets refused", func(c Counters) bool { return c.Key == 4 && c.Accepted == 1 })

	// Over TCP, who does not know the key is cut off.
	stranger := dial(t, "tcp", locked)
	stranger.Write(append(report("x", "sesamo"), good...))
	if _, err := stranger.Read(make([]byte, 1)); err == nil {
		t.Error("the stranger's connection answers, want it closed")
	}
	until(t, locked, "one more refused", func(c Counters) bool { return c.Key == 5 && c.Accepted == 1 })

	open := listen(t, Config{})
	dial(t, "udp", open).Write([]byte("GET / HTTP/1.1\r\n\r\n"))
	for _, b := range []string{"GET / HTTP/1.1\r\n\r\n", "HEP3\x00\x05"} {
		c := dial(t, "tcp", open)
		c.Write([]byte(b))
		if _, err := c.Read(make([]byte, 1)); err == nil {
			t.Errorf("%q: the connection answers, want it closed", b)
		}
	}
	until(t, open, "three refused", func(c Counters) bool { return c.NotHEP == 3 && c.Accepted == 0 })
}

// TestBounds: neither packets, nor their bytes, nor connections pile up.
func TestBounds(t *testing.T) {
	l := listen(t, Config{})
	now := time.Now()
	for range queued + 10 {
		l.take(report("x", ""), now)
	}
	if c := l.Counters(); c.Accepted != queued || c.Full != 10 || l.Stats().KernelDrops != 10 {
		t.Errorf("got %d accepted, %d lost (%d in the stats), want %d and 10", c.Accepted, c.Full, l.Stats().KernelDrops, queued)
	}
	long := report(strings.Repeat("x", 60_000), "")
	fit := uint64(queuedBytes / len(long))
	l = listen(t, Config{})
	for round := range uint64(3) { // the room is there again when packets were taken
		for range fit + 7 {
			l.take(long, now)
		}
		if c := l.Counters(); c.Accepted != (round+1)*fit || c.Full != (round+1)*7 {
			t.Errorf("round %d: got %d long ones accepted, %d lost, want %d and %d", round, c.Accepted, c.Full, (round+1)*fit, (round+1)*7)
		}
		for f := (capture.Frame{}); l.Ready(&f); {
		}
	}
	crowded := listen(t, Config{})
	for range maxConnections + 5 {
		dial(t, "tcp", crowded)
	}
	until(t, crowded, "five connections refused", func(c Counters) bool { return c.Connections == 5 })
}

// TestOverflow: datagrams that the socket had no room for are counted, once
// another one tells of them.
func TestOverflow(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells how many datagrams a socket lost")
	}
	udp, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.MustParseAddrPort("127.0.0.1:0")))
	if err != nil {
		t.Fatal(err)
	}
	udp.SetReadBuffer(4096)
	countOverflow(udp)
	l := newListener(Config{Senders: loopback})
	l.udp = udp
	c, err := net.Dial("udp", udp.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	const sent = 100
	for range sent {
		c.Write(report(strings.Repeat("x", 1000), ""))
	}
	l.running.Go(l.datagrams)
	defer func() {
		close(l.closing)
		udp.Close()
		l.running.Wait()
	}()
	next(t, l)    // there is room again
	for range 2 { // both tell of the same
		c.Write(report("x", ""))
		next(t, l)
	}
	until(t, l, "some lost, and all accounted for", func(c Counters) bool { return c.Full > 0 && c.Accepted+c.Full == sent+2 })
}

// TestPatience: a connection has half a minute for its first packet, and ten
// minutes of silence after each.
func TestPatience(t *testing.T) {
	for _, c := range []struct {
		what string
		send []byte
		want time.Duration
	}{
		{"nothing", nil, provingTime},
		{"a part of a packet", report("x", "sesame")[:20], provingTime},
		{"a packet", report("x", "sesame"), idleTime},
		{"a packet and a part of one", append(report("x", "sesame"), "HEP3\xff\xff"...), idleTime},
	} {
		synctest.Test(t, func(t *testing.T) {
			l := newListener(Config{Key: []byte("sesame")})
			ours, theirs := net.Pipe()
			began := time.Now()
			ended := make(chan time.Duration)
			go func() {
				l.connection(ours)
				ended <- time.Since(began)
			}()
			go theirs.Write(c.send)
			if got := <-ended; got != c.want {
				t.Errorf("%s: got the connection closed after %v, want %v", c.what, got, c.want)
			}
			theirs.Close()
		})
	}
}

// TestPacketsAllocateNothing on their way through the queue.
func TestPacketsAllocateNothing(t *testing.T) {
	woken := 0
	l := listen(t, Config{Key: []byte("sesame"), Wake: func() { woken++ }})
	b, now := report(strings.Repeat("x", 900), "sesame"), time.Now()
	var f capture.Frame
	n := testing.AllocsPerRun(1000, func() {
		l.take(b, now)
		if err := l.Next(&f); err != nil || len(f.Data) != len(b) {
			t.Fatalf("got %d bytes and %v", len(f.Data), err)
		}
	})
	if n != 0 || woken != 1001 {
		t.Errorf("got %v allocations a packet and %d calls of Wake, want none and 1001", n, woken)
	}
}

// TestClose ends Next, every connection and every goroutine.
func TestClose(t *testing.T) {
	before := runtime.NumGoroutine()
	l := listen(t, Config{})
	dial(t, "tcp", l)
	dial(t, "tcp", l).Write([]byte("HEP3\xff\xff and never more"))
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	var f capture.Frame
	if err := l.Next(&f); !errors.Is(err, io.EOF) {
		t.Errorf("got %v after Close, want EOF", err)
	}
	l.Close()
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		runtime.Gosched()
	}
	t.Errorf("got %d goroutines, want the %d from before", runtime.NumGoroutine(), before)
}

// TestPortTaken is one clear error.
func TestPortTaken(t *testing.T) {
	l := listen(t, Config{})
	_, err := Listen(Config{Listen: l.Addr().String()})
	if err == nil {
		t.Fatal("got no error for a port that is taken")
	}
	if want := fmt.Sprintf("listen for HEP: listen tcp %s: bind: address already in use: choose another port under [hep] listen", l.Addr()); err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
}
