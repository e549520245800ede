package sensortest

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"tollwatch/sensor/lab/packets"
	"tollwatch/sensor/lab/scenario"
)

// TestReplayAllocatesNothingPerPacket: a call that talks six times as long has
// six times the RTP, and costs the whole replay no more allocations.
func TestReplayAllocatesNothingPerPacket(t *testing.T) {
	short, shortFrames := allocations(t, 20*time.Second)
	long, longFrames := allocations(t, 120*time.Second)
	perFrame := (float64(long) - float64(short)) / float64(longFrames-shortFrames)
	if longFrames < shortFrames+15_000 || perFrame > .02 {
		t.Errorf("%d more frames cost %.3f allocations each, want none", longFrames-shortFrames, perFrame)
	}
}

// allocations replays one call of a length.
func allocations(t *testing.T, talk time.Duration) (allocations, frames uint64) {
	t.Helper()
	p, _ := scenario.Lookup("court-a")
	p.Length, p.Wire.RegisterEvery, p.Wire.KeepaliveEvery = 2*time.Minute, 0, 0
	a := &p.Attacks[0]
	a.CallsPerMinute, a.Most, a.TalkLeast, a.TalkMost, a.Unevenness = 1, 1, talk, talk, 0
	var pcap bytes.Buffer
	totals, err := packets.Generate(t.Context(), p, 1, &pcap, &bytes.Buffer{})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "call.pcap")
	if err := os.WriteFile(file, pcap.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := Replay(t, []string{file}); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	return after.Mallocs - before.Mallocs, totals.Frames
}
