package bpf

import (
	"errors"
	"fmt"
	"math/bits"

	"github.com/cilium/ebpf/rlimit"
)

// Config says how the programs are loaded.
type Config struct {
	// FakeClock lets SetClock tell the time: for tests.
	FakeClock bool
}

// Programs are loaded into the kernel. They belong to one goroutine, and go
// with Close and the sockets that they are attached to.
type Programs struct {
	objects tapObjects
	tallies []tapTally // of one reason, by processor
	batch   batches
}

// Load puts the programs and their maps into the kernel. It needs CAP_BPF and
// CAP_PERFMON.
func Load(cfg Config) (*Programs, error) {
	if bits.UintSize == 32 {
		return nil, errors.New("load the kernel programs: they need a 64-bit system")
	}
	spec, err := loadTap()
	if err != nil {
		return nil, fmt.Errorf("read the kernel programs: %w", err)
	}
	if cfg.FakeClock {
		if err := spec.Variables["fake_clock"].Set(uint8(1)); err != nil {
			return nil, fmt.Errorf("set the clock of the kernel programs: %w", err)
		}
	}
	// Kernels before 5.11 charge maps to a limit; later ones have none, and
	// without the right to raise it the load itself says what lacks.
	_ = rlimit.RemoveMemlock()
	p := &Programs{}
	if err := spec.LoadAndAssign(&p.objects, nil); err != nil {
		return nil, fmt.Errorf("load the kernel programs: %w", err)
	}
	return p, nil
}

// Close unloads what is not attached; sockets keep their program, and go on.
func (p *Programs) Close() error { return p.objects.Close() }

// Filter is the file descriptor of the socket filter: for interfaces whose frames
// begin with Ethernet, or with IP. It lives until Close.
func (p *Programs) Filter(ethernet bool) int {
	if ethernet {
		return p.objects.TapEthernet.FD()
	}
	return p.objects.TapRaw.FD()
}

// Tallies reads what became of all frames so far.
func (p *Programs) Tallies() (Tallies, error) {
	var out Tallies
	for r := PassedSIP; r < Reasons; r++ {
		if err := p.objects.Tallies.Lookup(uint32(r), &p.tallies); err != nil {
			return out, fmt.Errorf("read the tallies of the kernel programs: %w", err)
		}
		for _, t := range p.tallies {
			out[r].Frames += t.Frames
			out[r].Bytes += t.Bytes
		}
	}
	return out, nil
}
