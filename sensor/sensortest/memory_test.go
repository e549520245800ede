package sensortest

import (
	"io"
	"runtime"
	"slices"
	"testing"
	"time"

	"tollwatch/decoder"
	"tollwatch/detect"
	"tollwatch/sensor/capture"
	"tollwatch/sensor/lab/packets"
	"tollwatch/sensor/lab/scenario"
)

// TestMemoryOfActiveCall: what the decoder comes to hold for one more running
// call, of one leg and two streams with RTCP, is under 4 KiB. The engine holds
// its own beside it.
func TestMemoryOfActiveCall(t *testing.T) {
	few, many := begun(t, time.Second), begun(t, 8*time.Second)
	const more = 700
	decoding := (float64(held(t, many, false)) - float64(held(t, few, false))) / more
	all := (float64(held(t, many, true)) - float64(held(t, few, true))) / more
	t.Logf("decoder %.0f bytes a call, with the engine %.0f", decoding, all)
	if decoding > 4096 || decoding < 1024 {
		t.Errorf("the decoder holds %.0f bytes a call, want at most 4096", decoding)
	}
	if all > 6144 {
		t.Errorf("decoder and engine hold %.0f bytes a call, want at most 6144", all)
	}
}

// begun are the frames of a time in which a hundred calls a second begin, which
// all talk on.
func begun(t *testing.T, length time.Duration) []capture.Frame {
	t.Helper()
	p, _ := scenario.Lookup("court-a")
	p.Wire.View, p.Wire.RegisterEvery, p.Wire.KeepaliveEvery, p.Wire.Retransmit = "trunk-only", 0, 0, 0
	p.Length = length
	a := &p.Attacks[0]
	a.Length, a.CallsPerMinute, a.Unevenness, a.TalkLeast, a.TalkMost = length, 6000, 0, 30*time.Second, 30*time.Second
	read, write := io.Pipe()
	defer read.Close() // ends the generator
	go packets.Generate(t.Context(), p, 1, write, io.Discard)
	source, err := capture.OpenFiles([]string{"-"}, read)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	var frames []capture.Frame
	var f capture.Frame
	for source.Next(&f) == nil && f.Time.Before(p.Start.Add(length+4*time.Second)) {
		kept := f
		kept.Data = slices.Clone(f.Data)
		frames = append(frames, kept)
	}
	return frames
}

// held is the heap at the end of the frames, with or without an engine that
// judges the calls.
func held(t *testing.T, frames []capture.Frame, judge bool) uint64 {
	t.Helper()
	before := heap()
	d := decoder.New(decoder.DefaultConfig())
	e, err := detect.New(detect.Config{Site: "memory"})
	if err != nil {
		t.Fatal(err)
	}
	next := frames[0].Time
	for i := range frames {
		f := &frames[i]
		for ; !next.After(f.Time); next = next.Add(time.Second) {
			d.Advance(next)
			e.Advance(next)
		}
		for _, ev := range d.Observe(&decoder.Packet{Data: f.Data, Time: f.Time, WireLength: f.WireLength, Link: f.Link}) {
			if judge {
				e.Observe(ev)
			}
		}
	}
	after := heap()
	runtime.KeepAlive(d)
	runtime.KeepAlive(e)
	runtime.KeepAlive(frames)
	return after - before
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
