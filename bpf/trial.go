package bpf

import (
	"fmt"

	"github.com/cilium/ebpf"
)

// SetClock tells programs that were loaded with FakeClock the time, in ns: for tests.
func (p *Programs) SetClock(ns uint64) error { return p.FakeNow.Set(ns) }

// Run gives a frame to the socket filter, without an interface, and returns how
// many bytes of it user space would get: for tests.
func (p *Programs) Run(frame []byte, ethernet bool) (int, error) {
	program, in := p.filters.TapRaw, append(make([]byte, 12, 14+len(frame)), 8, 0)
	switch {
	case ethernet:
		program = p.filters.TapEthernet
		in[12], in[13] = 0x88, 0xb5 // for experiments: the kernel looks into IP, however short it is
	case len(frame) > 0 && frame[0]>>4 == 6:
		in[12], in[13] = 0x86, 0xdd
	}
	// The kernel takes a link header off before it runs a socket filter.
	verdict, err := program.Run(&ebpf.RunOptions{Data: append(in, frame...)})
	return min(int(verdict), len(frame)), err
}

// Reset forgets all endpoints, streams, connections and tallies: for tests, since loading takes the better part of a second.
func (p *Programs) Reset() error {
	o := &p.tables
	for _, m := range []*ebpf.Map{o.Endpoints, o.Streams4, o.Streams6, o.Strangers4, o.Strangers6, o.Flows} {
		if err := empty(m); err != nil {
			return err
		}
	}
	if _, err := p.Tallies(); err != nil { // how many processors there are
		return err
	}
	clear(p.tallies)
	for r := range Reasons {
		if err := o.Counts.Update(uint32(r), p.tallies, ebpf.UpdateAny); err != nil {
			return fmt.Errorf("empty the tallies of the kernel: %w", err)
		}
	}
	return nil
}

func empty(m *ebpf.Map) error {
	for {
		key, err := m.NextKeyBytes(nil)
		if err != nil || key == nil {
			return err
		}
		if err := m.Delete(key); err != nil {
			return fmt.Errorf("empty a table of the kernel: %w", err)
		}
	}
}
