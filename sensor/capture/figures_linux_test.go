package capture

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand"
	"testing"
	"time"

	"tollwatch/bpf"
	"tollwatch/decoder/call"
	"tollwatch/decoder/frame"
	"tollwatch/decoder/media"
)

// talker is a sender that does what senders do, and much that none should.
type talker struct {
	*rand.Rand
	sequence    uint16
	timestamp   uint32
	id          uint16
	payloadType byte
	now         time.Time
}

// one is any of the numbers, the first of them as often as all others.
func (r *talker) one(first int, others ...int) int {
	if r.Intn(2) == 0 {
		return first
	}
	return others[r.Intn(len(others))]
}

// packet is the next frame: in order mostly, else lost, late, repeated, or from
// somewhere else; of a codec that may change, with digits and comfort noise.
func (r *talker) packet() []byte {
	step := 1
	if r.Intn(8) == 0 {
		step = r.one(2, 0, 0, -1, -2, 3, 60, 200, -63, -64, -900, 1023, 1024, 1025, -1023, -1024, -1025, 2999, 3000, 5000, -2000, 32767, -32768)
	}
	r.sequence += uint16(step)
	r.timestamp += uint32(step * 160)
	pause := 20 * time.Millisecond
	if r.Intn(10) == 0 {
		pause = time.Duration(r.one(21, 0, 1, 35, 500, 11_000)) * time.Millisecond
		r.timestamp += uint32(r.one(0, 0, 160, 1<<20, 1<<31))
	}
	r.now = r.now.Add(pause + time.Duration(r.Intn(3_000_000)))
	size, marker := r.one(160, 20, 33, 161), byte(0)
	if r.Intn(40) == 0 {
		r.payloadType = byte(r.one(0, 8, 13, 111))
		marker = 0x80
	}
	payloadType := r.payloadType
	if r.Intn(30) == 0 {
		payloadType, size = 101, 4
	}
	b := udpFrame(0, 0)[:42]
	r.id++
	binary.BigEndian.PutUint16(b[18:], r.id) // no double of another
	binary.BigEndian.PutUint16(b[16:], uint16(40+size))
	binary.BigEndian.PutUint16(b[38:], uint16(20+size))
	b = binary.BigEndian.AppendUint16(append(b, 0x80, payloadType|marker), r.sequence)
	b = binary.BigEndian.AppendUint32(b, r.timestamp)
	return append(append(b, 0, 0, 0, 7), make([]byte, size)...)
}

// tracker follows the talker's stream, to an endpoint that is announced.
func tracker(now time.Time) *media.Tracker {
	t := media.New(media.DefaultConfig())
	t.CountedElsewhere()
	t.Announce(media.Endpoint{Addr: there, Leg: 1, Call: 1, Audio: true, Codecs: []media.Codec{
		{PayloadType: 0, Name: "PCMU", ClockRate: 8000}, {PayloadType: 8, Name: "PCMA", ClockRate: 8000}, {PayloadType: 111, Name: "opus", ClockRate: 48000},
		{PayloadType: 101, Name: "telephone-event", ClockRate: 8000}, {PayloadType: 13, Name: "CN", ClockRate: 8000},
	}}, now)
	return t
}

// ended is the one stream that a tracker has.
func ended(t *testing.T, m *media.Tracker, now time.Time) *call.Stream {
	t.Helper()
	events := m.Flush(now)
	if len(events) != 1 {
		t.Fatalf("got %d streams, want 1", len(events))
	}
	return events[0].Stream
}

// TestKernelFiguresAreGos: whatever a sender does, the kernel's figures of its stream
// are those of Go, jitter to a microsecond.
func TestKernelFiguresAreGos(t *testing.T) {
	h, err := Probe()
	if err != nil {
		t.Fatal(err)
	}
	if why := h.refuses(EBPF); why != "" {
		unavailable(t, why)
	}
	programs, err := bpf.Load(bpf.Config{FakeClock: true})
	if err != nil {
		t.Fatal(err)
	}
	defer programs.Close()
	for seed := range int64(60) {
		if err := programs.Reset(); err != nil {
			t.Fatal(err)
		}
		r := &talker{Rand: rand.New(rand.NewSource(seed)), sequence: uint16(seed * 9973), now: time.Unix(1_000_000, 0).UTC()}
		all, part := tracker(r.now), tracker(r.now)
		k := NewKernel(programs, func(do func()) { do() }, func() (wall, monotonic int64) { return 0, 0 })
		for _, n := range part.Notices() {
			k.Announce(&n)
		}
		decoder := frame.New()
		passed := 0
		for range 600 {
			b := r.packet()
			var p frame.Packet
			if o := decoder.Decode(frame.LinkEthernet, b, len(b), r.now, &p); o != frame.Transport {
				t.Fatalf("seed %d: got %v of a packet", seed, o)
			}
			all.Observe(&p, r.now)
			if err := programs.SetClock(uint64(r.now.UnixNano())); err != nil {
				t.Fatal(err)
			}
			if n, err := programs.Run(b, true); err != nil {
				t.Fatal(err)
			} else if n > 0 {
				passed++
				part.Observe(&p, r.now)
			}
		}
		readings, err := k.Readings(nil)
		if err != nil || len(readings) != 1 {
			t.Fatalf("seed %d: got %d readings, %v", seed, len(readings), err)
		}
		part.ObserveCounters(&readings[0], 0, r.now)
		got, want := ended(t, part, r.now), ended(t, all, r.now)
		mean, peak := got.JitterMean-want.JitterMean, got.JitterMax-want.JitterMax
		if mean.Abs() > time.Microsecond || peak.Abs() > time.Microsecond || math.Abs(got.MOS-want.MOS) > 0.01 {
			t.Errorf("seed %d: got jitter %v, at most %v, MOS %v, want %v, %v, %v", seed, got.JitterMean, got.JitterMax, got.MOS, want.JitterMean, want.JitterMax, want.MOS)
		}
		got.JitterMean, got.JitterMax, got.MOS, got.RFactor = want.JitterMean, want.JitterMax, want.MOS, want.RFactor
		if g, w := fmt.Sprintf("%+v", *got), fmt.Sprintf("%+v", *want); g != w {
			t.Errorf("seed %d, %d packets of 600 passed on:\ngot  %s\nwant %s", seed, passed, g, w)
		}
	}
}
