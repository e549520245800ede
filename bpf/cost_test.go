//go:build linux

package bpf

import (
	"errors"
	"io/fs"
	"os"
	"testing"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"
)

// TestCost: nothing is told while nobody measures; then each run counts.
func TestCost(t *testing.T) {
	p := load(t)
	enabled, err := ebpf.EnableStats(unix.BPF_STATS_RUN_TIME)
	if errors.Is(err, fs.ErrPermission) && os.Getenv("CI") != "true" {
		t.Skip("measuring takes CAP_SYS_ADMIN")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer enabled.Close()
	before, err := p.Cost()
	if err != nil {
		t.Fatal(err)
	}
	const runs = 50
	frame := make([]byte, 14+60)
	if _, _, err := p.filters.TapEthernet.Benchmark(frame, runs, nil); err != nil {
		t.Fatal(err)
	}
	if c, err := p.Cost(); err != nil || c.Runs-before.Runs != runs || c.Time <= before.Time {
		t.Errorf("got %+v after %+v, %v; want %d runs more, and some time", c, before, err, runs)
	}
}
