package sensor

import (
	"math"
	"testing"
	"time"
)

// TestProcess: a process that works uses CPU and memory.
func TestProcess(t *testing.T) {
	var p process
	now := time.Now()
	if first := p.cores(now); !math.IsNaN(first) {
		t.Errorf("first look: got %v cores, want NaN", first)
	}
	before := p.used
	for x := 1.0; p.used == before; x = math.Sqrt(x + 2) {
		p.cores(now) // until the kernel has counted some time
	}
	if got := p.cores(now.Add(time.Second)); got < 0 || got > 64 {
		t.Errorf("got %v cores", got)
	}
	if got := resident(); got < 1<<20 || got > 1<<40 {
		t.Errorf("got %d bytes resident", got)
	}
}
