package media

import (
	"encoding/binary"
	"net/netip"
	"runtime"
	"slices"
	"testing"
	"time"
	"unsafe"

	"tollwatch/decoder/call"
	"tollwatch/decoder/frame"
)

func TestNoAllocation(t *testing.T) {
	x := newTap(t, DefaultConfig())
	x.announce(1, bob)
	x.talk(alice, bob, 1, 0, 9)
	x.talk(port1, port2, 2, 0, 9) // nobody announced it
	known, loose := packet(alice, bob, 1, 8, 10, voice), packet(port1, port2, 2, 8, 10, voice)
	x.announce(2, alice)
	lossy := packet(bob, alice, 3, 8, 10, voice)
	x.observe(lossy)
	x.Announce(Endpoint{Addr: port2, Call: 3, Leg: 3, T38: true}, x.now)
	page := udptl(10, 0)
	page.Src, page.Dst = port1, port2
	x.observe(page)
	digit, control := packet(alice, bob, 1, 101, 0, []byte{1, 0, 0, 0}), packet(alice, bob, 1, 8, 0, voice)
	control.Payload = []byte{0x80, 201, 0, 1, 0, 0, 0, 1}
	var activity []Activity
	s := uint16(10)
	if n := testing.AllocsPerRun(200, func() {
		for _, p := range []*frame.Packet{known, loose, digit, control} {
			binary.BigEndian.PutUint16(p.Payload[2:], s)
			if p == control {
				binary.BigEndian.PutUint16(p.Payload[2:], 1)
			}
			x.Observe(p, x.now)
		}
		binary.BigEndian.PutUint16(lossy.Payload[2:], 2*s)
		x.Observe(lossy, x.now)
		x.Observe(lossy, x.now) // doubled
		binary.BigEndian.PutUint16(page.Payload, s)
		x.Observe(page, x.now)
		s++
		x.Advance(x.now)
		activity = x.Activity(activity[:0])
	}); n != 0 {
		t.Errorf("got %v allocations for packets of known streams, want 0", n)
	}
}

// TestMemory states what a stream, an endpoint and a leg cost beside the entries
// of their maps.
func TestMemory(t *testing.T) {
	for _, c := range []struct {
		name      string
		size, max uintptr
	}{
		{"stream", unsafe.Sizeof(stream{}), 256}, {"candidate", unsafe.Sizeof(candidate{}), 288}, {"disorder", unsafe.Sizeof(disorder{}), 168},
		{"endpoint", unsafe.Sizeof(place{}), 160}, {"leg", unsafe.Sizeof(legMedia{}), 160}, {"report", unsafe.Sizeof(report{}), 64},
	} {
		t.Logf("%s: %d bytes", c.name, c.size)
		if c.size > c.max {
			t.Errorf("%s: got %d bytes, want %d or less", c.name, c.size, c.max)
		}
	}
}

// TestMemoryOfACall measures what a call of two streams costs in all, tables
// included: two endpoints that SDP announced, voice both ways, and on half of the
// streams losses and a report.
func TestMemoryOfACall(t *testing.T) {
	const calls, most = 4096, 1536 // bytes, of the 4 KiB that a call may cost with its legs
	x := newTap(t, DefaultConfig())
	before := heap()
	for i := range calls {
		a, b := netip.AddrPortFrom(host(i).Addr(), 4000), netip.AddrPortFrom(host(i).Addr(), 5000)
		for n, at := range [2]netip.AddrPort{a, b} {
			x.Announce(Endpoint{
				Addr: at, RTCP: above(at), Call: call.ID(i + 1), Leg: call.LegID(i + 1), CallID: "story", Caller: n == 0,
				Audio: true, Codecs: slices.Clone(codecs),
			}, x.now)
		}
		for s := range uint16(5) {
			x.talk(a, b, 1, 2*s, 2*s)
			x.talk(b, a, 2, s, s)
		}
		x.control(above(b), above(a), receiverReport(1, 0, 0))
	}
	each := (heap() - before) / calls
	t.Logf("%d bytes a call of two streams", each)
	if got := x.Totals(); got.Streams != 2*calls || each > most || each < 512 {
		t.Errorf("got %d bytes a call of %d streams, want %d or less", each, got.Streams, most)
	}
	x.flush()
}

// heap is what is in use, the garbage collected.
func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkObserve is the packets of a thousand calls as they come, one of each
// stream every 20 ms. The packet is where the decoder leaves it.
func BenchmarkObserve(b *testing.B) {
	const streams = 2000
	x := newTap(b, DefaultConfig())
	for i := range streams {
		x.announce(call.LegID(i+1), host(i))
	}
	p := packet(alice, bob, 0, 8, 0, voice)
	b.ReportAllocs()
	n, sequence := 0, uint16(0)
	for b.Loop() {
		p.Dst = netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 1, byte(n >> 8), byte(n)}), 4000)
		binary.BigEndian.PutUint16(p.Payload[2:], sequence)
		binary.BigEndian.PutUint32(p.Payload[4:], uint32(sequence)*160)
		binary.BigEndian.PutUint32(p.Payload[8:], uint32(n+1)*0x9e3779b1)
		x.Observe(p, x.now)
		if n++; n == streams {
			n, sequence, x.now = 0, sequence+1, x.now.Add(20*time.Millisecond)
		}
	}
}
