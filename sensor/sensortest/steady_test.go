package sensortest

import (
	"os"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// steadyRate is what 500 calls make: 1000 streams of 50 packets a second.
const steadyRate = 50_000

// TestSteadyLoad: 50,000 packets a second are heard without loss, each is in the
// figures, and the heap does not grow. Two seconds here, ten minutes in `make nightly`.
func TestSteadyLoad(t *testing.T) {
	length := 2 * time.Second
	if text := os.Getenv("STEADY_LENGTH"); text != "" {
		var err error
		if length, err = time.ParseDuration(text); err != nil {
			t.Fatal(err)
		}
	}
	for _, mode := range []string{"ebpf", "afpacket"} {
		onAWire(t, func(t *testing.T, send func([]byte)) {
			w := outward(t)
			defer unix.Close(w.fd)
			var h hosts
			l := listen(t, mode, 16<<20)
			for n := range costCalls {
				h.begin(n, send)
			}
			l.drain()
			var stop atomic.Bool
			done := make(chan struct{})
			go func() {
				defer close(done)
				read(l, &stop)
			}()
			sequence := uint16(0)
			warm := h.steady(t, w, max(length/10, 3*time.Second), &sequence)
			before := heap()
			sent := warm + h.steady(t, w, length, &sequence)
			after := heap()
			stop.Store(true)
			<-done
			lost := l.tap.Stats().KernelDrops
			l.finish()
			heard := 0
			for _, s := range l.found.Streams {
				heard += int(s.Packets)
			}
			t.Logf("%s: %d packets in %v, %d lost, %d in the figures; heap %d KiB before, %d after", mode, sent, length, lost, heard, before>>10, after>>10)
			if lost > 0 || heard != sent {
				t.Errorf("%s: got %d frames lost and %d packets of %d in the figures", mode, lost, heard, sent)
			}
			if after > before+1<<20 {
				t.Errorf("%s: the heap grew from %d to %d bytes, want 1 MiB more at most", mode, before, after)
			}
		})
	}
}

// steady sends the packets of all streams for so long, and returns how many there were.
func (h *hosts) steady(t *testing.T, w *sockets, length time.Duration, sequence *uint16) (sent int) {
	frames := h.costFrames()
	frames = frames[:2*costCalls]
	b := batch{to: unix.RawSockaddrLinklayer{Family: unix.AF_PACKET, Ifindex: int32(w.index)}}
	for began := time.Now(); time.Since(began) < length; {
		*sequence++
		renumber(frames, *sequence)
		for at := 0; at < len(frames); at += costBatch {
			some := frames[at:min(at+costBatch, len(frames))]
			b.send(t, w.fd, some)
			sent += len(some)
			ahead := time.Duration(sent)*time.Second/steadyRate - time.Since(began)
			if ahead > 0 {
				pause := unix.NsecToTimespec(ahead.Nanoseconds())
				unix.Nanosleep(&pause, nil) // the rate is what is tested
			}
		}
	}
	return sent
}
