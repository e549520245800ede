package sensortest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"tollwatch/sensor/capture"
)

// What the cost of a capture is measured with: so many packets of 1000 streams a
// run, among them one message of SIP in 1009, in batches of one system call.
const (
	costCalls   = 500
	costPackets = 256_000
	costBatch   = 64
)

// cpu is the time that this process and the kernel's threads for packets have used,
// in ns. What a packet costs in the kernel is charged to who sends it.
func cpu(t *testing.T) int64 {
	t.Helper()
	var own unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &own); err != nil {
		t.Fatal(err)
	}
	total := own.Utime.Nano() + own.Stime.Nano()
	names, _ := filepath.Glob("/proc/[0-9]*/comm")
	for _, name := range names {
		comm, err := os.ReadFile(name)
		if err != nil || !strings.HasPrefix(string(comm), "ksoftirqd/") {
			continue
		}
		stat, err := os.ReadFile(filepath.Join(filepath.Dir(name), "schedstat"))
		if err != nil {
			t.Fatal(err)
		}
		ran, err := strconv.ParseInt(strings.Fields(string(stat))[0], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		total += ran
	}
	return total
}

// batch is packets that are sent by one system call (sendmmsg(2)).
type batch struct {
	to      unix.RawSockaddrLinklayer
	vectors [costBatch]unix.Iovec
	headers [costBatch]struct {
		unix.Msghdr
		sent uint32
		_    [4]byte
	}
}

func (b *batch) send(t *testing.T, fd int, frames [][]byte) {
	for i, f := range frames {
		b.vectors[i] = unix.Iovec{Base: &f[0], Len: uint64(len(f))}
		h := &b.headers[i].Msghdr
		h.Name, h.Namelen = (*byte)(unsafe.Pointer(&b.to)), unix.SizeofSockaddrLinklayer
		h.Iov, h.Iovlen = &b.vectors[i], 1
	}
	n, _, errno := unix.Syscall6(unix.SYS_SENDMMSG, uintptr(fd), uintptr(unsafe.Pointer(&b.headers[0])), uintptr(len(frames)), 0, 0, 0)
	if errno != 0 || int(n) != len(frames) {
		t.Fatalf("sent %d packets of %d: %v", n, len(frames), errno)
	}
}

// cost sends the packets, at most so many a second, 0 for as many as go, while l
// reads, if there is one. It returns ns of processor time a packet.
func cost(t *testing.T, w *sockets, h *hosts, l *listener, rate int, sequence *uint16) float64 {
	var stop atomic.Bool
	done := make(chan struct{})
	if l == nil {
		close(done)
	} else {
		go func() {
			defer close(done)
			read(l, &stop)
		}()
	}
	frames := make([][]byte, costBatch)
	b := batch{to: unix.RawSockaddrLinklayer{Family: unix.AF_PACKET, Ifindex: int32(w.index)}}
	prepared := h.costFrames()
	spent, began, at := int64(0), time.Now(), 0
	for sent := 0; sent < costPackets; sent += costBatch {
		for i := range frames {
			frames[i] = prepared[at]
			if at++; at == len(prepared) {
				at = 0
				*sequence++
				renumber(prepared, *sequence)
			}
		}
		if rate > 0 {
			if ahead := time.Duration(sent)*time.Second/time.Duration(rate) - time.Since(began); ahead > 0 {
				pause := unix.NsecToTimespec(ahead.Nanoseconds())
				unix.Nanosleep(&pause, nil) // the rate is what is measured
			}
		}
		if sent == 0 {
			spent = -cpu(t)
		}
		b.send(t, w.fd, frames)
	}
	stop.Store(true)
	<-done
	spent += cpu(t)
	return float64(spent) / costPackets
}

// read takes frames until it is to stop and nothing comes any more.
func read(l *listener, stop *atomic.Bool) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var f capture.Frame
	for {
		err := l.tap.Next(&f)
		switch {
		case err == nil:
			err = l.pipe.Observe(&f)
		case errors.Is(err, capture.ErrIdle):
			if stop.Load() {
				return
			}
			err = l.pipe.Advance(time.Now())
		}
		if err != nil {
			l.Errorf("%s: %v", l.mode, err)
			return
		}
	}
}

// costFrames is a packet of each stream, and a message.
func (h *hosts) costFrames() (out [][]byte) {
	speech := make([]byte, 160)
	for n := range costCalls {
		out = append(out, h.voice(n, true, 0, 0, speech), h.voice(n, false, 0, 0, speech))
	}
	return append(out, h.signal(costCalls, "SIP/2.0 180 Ringing", false))
}

// renumber makes the next packet of each stream out of the last.
func renumber(frames [][]byte, sequence uint16) {
	for _, f := range frames[:2*costCalls] {
		copy(f[18:], u16(int(sequence)))
		copy(f[14+20+8+2:], join(u16(int(sequence)), u32(uint32(sequence)*160)))
	}
}

// sockets is where the packets go out.
type sockets struct{ fd, index int }

// TestCaptureCost measures what a packet of RTP costs with each back-end, from the
// wire into the figures of its stream: `make bench-capture`. A run without any is
// subtracted; in each round all are measured, in another order.
func TestCaptureCost(t *testing.T) {
	rounds, err := strconv.Atoi(os.Getenv("CAPTURE_COST"))
	if err != nil {
		t.Skip("make bench-capture measures it: CAPTURE_COST has the number of rounds")
	}
	rate, _ := strconv.Atoi(os.Getenv("CAPTURE_RATE"))
	modes := []string{"", "afpacket", "ebpf", "tcx"}
	if libpcapBuilt {
		modes = append(modes, "pcap")
	}
	onAWire(t, func(t *testing.T, send func([]byte)) {
		w := outward(t)
		defer unix.Close(w.fd)
		all := map[string][]float64{}
		for range rounds {
			rand.Shuffle(len(modes), func(i, j int) { modes[i], modes[j] = modes[j], modes[i] })
			for _, mode := range modes {
				all[mode] = append(all[mode], measure(t, w, mode, rate, send))
			}
		}
		tellCosts(t, all)
	})
}

func outward(t *testing.T) *sockets {
	far, err := net.InterfaceByName("far")
	if err != nil {
		t.Fatal(err)
	}
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW, 0)
	if err != nil {
		t.Fatal(err)
	}
	return &sockets{fd, far.Index}
}

// measure is one run with a back-end; "" is none.
func measure(t *testing.T, w *sockets, mode string, rate int, send func([]byte)) float64 {
	var h hosts
	var l *listener
	sequence := uint16(0)
	if mode != "" {
		l = listen(t, mode, 64<<20)
		for n := range costCalls {
			h.begin(n, send)
		}
		l.drain()
		for range 20 {
			frames := h.costFrames()
			sequence++
			renumber(frames, sequence)
			for _, f := range frames {
				send(f)
			}
		}
		l.drain()
	}
	ns := cost(t, w, &h, l, rate, &sequence)
	if l == nil {
		return ns
	}
	if lost := l.tap.Stats().KernelDrops; lost > 0 {
		t.Errorf("%s: %d frames lost: what is lost costs less", mode, lost)
	}
	l.tap.Close()
	if k := l.tap.Kernel(); k != nil {
		k.Close()
	}
	return ns
}

// tellCosts prints the medians, less those without a capture.
func tellCosts(t *testing.T, all map[string][]float64) {
	base := median(all[""])
	var out strings.Builder
	fmt.Fprintf(&out, "%d rounds of %d packets of RTP; without a capture %.0f ns a packet\n", len(all[""]), costPackets, base)
	for _, mode := range []string{"pcap", "afpacket", "ebpf", "tcx"} {
		if len(all[mode]) == 0 {
			continue
		}
		paired := make([]float64, len(all[mode]))
		for i := range paired {
			paired[i] = all[mode][i] - all[""][i]
		}
		fmt.Fprintf(&out, "%-9s %5.0f ns a packet (%.0f to %.0f)", mode, median(paired), slices.Min(paired), slices.Max(paired))
		if pcap := all["pcap"]; len(pcap) > 0 && mode != "pcap" {
			fmt.Fprintf(&out, ", %.1f times less than pcap", (median(pcap)-base)/median(paired))
		}
		out.WriteByte('\n')
	}
	t.Log(out.String())
}

func median(all []float64) float64 {
	s := slices.Sorted(slices.Values(all))
	if len(s)%2 == 0 {
		return (s[len(s)/2-1] + s[len(s)/2]) / 2
	}
	return s[len(s)/2]
}
