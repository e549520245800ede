package bpf

import (
	"errors"
	"fmt"
	"math/bits"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/rlimit"
)

// Config says how the programs are loaded.
type Config struct {
	// Hooks loads the programs of tcx, with a ring buffer of so many bytes, in place of
	// socket filters.
	Hooks int
	// FakeClock lets SetClock tell the time: for tests.
	FakeClock bool
}

// Programs are loaded into the kernel. They belong to one goroutine, and go
// with Close and the sockets that they are attached to.
type Programs struct {
	tables
	filters filters    // without programs when hooks are loaded
	hooks   *hooks     // nil: the programs are filters
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
	if cfg.Hooks > 0 {
		return p, p.loadHooks(spec, cfg.Hooks)
	}
	all := struct {
		*tables
		*filters
	}{&p.tables, &p.filters}
	if err := spec.LoadAndAssign(&all, nil); err != nil {
		return nil, fmt.Errorf("load the kernel programs: %w", err)
	}
	return p, nil
}

// tables are the maps and variables that both kinds of programs use.
type tables struct {
	Endpoints  *ebpf.Map `ebpf:"endpoints"`
	Streams4   *ebpf.Map `ebpf:"streams4"`
	Streams6   *ebpf.Map `ebpf:"streams6"`
	Strangers4 *ebpf.Map `ebpf:"strangers4"`
	Strangers6 *ebpf.Map `ebpf:"strangers6"`
	Flows      *ebpf.Map `ebpf:"flows"`
	Counts     *ebpf.Map `ebpf:"tallies"`

	Announcements *ebpf.Variable `ebpf:"announcements"`
	Changes       *ebpf.Variable `ebpf:"changes"`
	FakeNow       *ebpf.Variable `ebpf:"fake_now"`
}

// filters are the programs of sockets.
type filters struct {
	TapEthernet *ebpf.Program `ebpf:"tap_ethernet"`
	TapRaw      *ebpf.Program `ebpf:"tap_raw"`
}

// Close unloads what is not attached; sockets keep their program, and go on.
func (p *Programs) Close() error {
	var all []error
	if p.hooks != nil {
		all = append(all, p.hooks.close())
	}
	for _, program := range []*ebpf.Program{p.filters.TapEthernet, p.filters.TapRaw} {
		all = append(all, program.Close())
	}
	for _, m := range []*ebpf.Map{p.Endpoints, p.Streams4, p.Streams6, p.Strangers4, p.Strangers6, p.Flows, p.Counts} {
		all = append(all, m.Close())
	}
	return errors.Join(all...)
}

// Filter is the file descriptor of the socket filter: for interfaces whose frames
// begin with Ethernet, or with IP. It lives until Close.
func (p *Programs) Filter(ethernet bool) int {
	if ethernet {
		return p.filters.TapEthernet.FD()
	}
	return p.filters.TapRaw.FD()
}

// Tallies reads what became of all frames so far.
func (p *Programs) Tallies() (Tallies, error) {
	var out Tallies
	for r := PassedSIP; r < Reasons; r++ {
		if err := p.Counts.Lookup(uint32(r), &p.tallies); err != nil {
			return out, fmt.Errorf("read the tallies of the kernel programs: %w", err)
		}
		for _, t := range p.tallies {
			out[r].Frames += t.Frames
			out[r].Bytes += t.Bytes
		}
	}
	return out, nil
}
