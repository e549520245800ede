package capture

import (
	"errors"
	"strings"
	"testing"

	"tollwatch/sensor/rights"
)

// modern is a machine where all works; the tests take something away.
func modern() Host {
	return Host{Major: 6, Minor: 12, Bits: 64, BTF: true, Held: rights.Of(rights.BPF, rights.Perfmon, rights.NetRaw, rights.NetAdmin)}
}

// deaf is an ear that hears nothing.
type deaf struct{ ear }

// TestChoose: which back-end is taken on which machine, and what is said of the others.
func TestChoose(t *testing.T) {
	without := func(missing ...rights.Capability) func(*Host) {
		return func(h *Host) { h.Held &^= rights.Of(missing...) }
	}
	noLoad := map[Backend]error{EBPF: errors.New("load the kernel programs: operation not permitted")}
	for _, c := range []struct {
		what   string
		mode   string
		change func(*Host)
		fails  map[Backend]error
		want   Backend // empty: none
		says   string
	}{
		{"a modern machine", Auto, nil, nil, EBPF, ""},
		{"nobody asked", "", nil, nil, AFPacket, ""},
		{"an old kernel", Auto, func(h *Host) { h.Major, h.Minor = 5, 4 }, nil, AFPacket, "ebpf: kernel 5.4 is older than 5.8"},
		{"a kernel that is just new enough", Auto, func(h *Host) { h.Major, h.Minor = 5, 8 }, nil, EBPF, ""},
		{"no BTF, which the programs do not read", Auto, func(h *Host) { h.BTF = false }, nil, EBPF, ""},
		{"32 bits", Auto, func(h *Host) { h.Bits = 32 }, nil, AFPacket, "ebpf: kernel programs need a 64-bit system"},
		{"no CAP_BPF", Auto, without(rights.BPF), nil, AFPacket, "ebpf: needs CAP_BPF"},
		{"no CAP_PERFMON", Auto, without(rights.Perfmon), nil, AFPacket, "ebpf: needs CAP_PERFMON"},
		{"no CAP_NET_ADMIN", Auto, without(rights.NetAdmin), nil, EBPF, ""},
		{"no rights", Auto, func(h *Host) { h.Held = 0 }, nil, "", "afpacket: needs CAP_NET_RAW"},
		{"a lockdown that refuses", Auto, func(h *Host) { h.Lockdown = "confidentiality" }, noLoad, AFPacket, "operation not permitted (the kernel is locked down: confidentiality)"},
		{"a lockdown that does not", Auto, func(h *Host) { h.Lockdown = "integrity" }, nil, EBPF, ""},
		{"a container", Auto, nil, noLoad, AFPacket, "ebpf: load the kernel programs: operation not permitted"},
		{"ebpf by name on an old kernel", "ebpf", func(h *Host) { h.Major = 4 }, nil, "", "ebpf: kernel 4.12 is older than 5.8"},
		{"ebpf by name", "ebpf", nil, noLoad, "", "load the kernel programs: operation not permitted"},
		{"afpacket by name", "afpacket", nil, nil, AFPacket, ""},
		{"tcx by name", "tcx", nil, nil, TCX, ""},
		{"tcx on a kernel that has none", "tcx", func(h *Host) { h.Major, h.Minor = 6, 5 }, nil, "", "tcx: kernel 6.5 is older than 6.6"},
		{"tcx without the right", "tcx", without(rights.NetAdmin), nil, "", "tcx: needs CAP_NET_ADMIN"},
	} {
		h := modern()
		if c.change != nil {
			c.change(&h)
		}
		cfg := LiveConfig{Interfaces: []string{"eth0"}, Mode: c.mode}
		tap, err := choose(&cfg, &h, func(b Backend) (ear, error) { return deaf{}, c.fails[b] })
		if c.want == "" {
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s: got %v, want an error with %q", c.what, err, c.says)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.what, err)
			continue
		}
		if got, refused := tap.Backend(); got != c.want || !strings.Contains(refused.String(), c.says) || c.says == "" && len(refused) > 0 {
			t.Errorf("%s: got %s (%s), want %s (%s)", c.what, got, refused, c.want, c.says)
		}
	}
}
