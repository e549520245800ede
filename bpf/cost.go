package bpf

import (
	"fmt"
	"time"

	"github.com/cilium/ebpf"
)

// Cost is how often the programs ran, and how long in all. The kernel measures it
// where sysctl kernel.bpf_stats_enabled is 1, which costs as much again.
type Cost struct {
	Runs uint64
	Time time.Duration
}

// Cost is zero where nobody measures it.
func (p *Programs) Cost() (c Cost, err error) {
	all := []*ebpf.Program{p.filters.TapEthernet, p.filters.TapRaw}
	if p.hooks != nil {
		all = []*ebpf.Program{p.hooks.Ethernet, p.hooks.Raw}
	}
	for _, program := range all {
		s, err := program.Stats()
		if err != nil {
			return Cost{}, fmt.Errorf("read the cost of the kernel programs: %w", err)
		}
		c.Runs += s.RunCount
		c.Time += s.Runtime
	}
	return c, nil
}
