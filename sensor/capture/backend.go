package capture

import (
	"fmt"
	"strings"

	"tollwatch/sensor/rights"
)

// Backend is a way to hear an interface.
type Backend string

// The back-ends, the best first. TCX is taken only where it is named: it wants
// one right more.
const (
	EBPF     Backend = "ebpf"     // a filter that counts RTP in the kernel, before a ring
	TCX      Backend = "tcx"      // a program at the interface, and a ring buffer
	AFPacket Backend = "afpacket" // a ring of all frames
	PCAP     Backend = "pcap"     // libpcap
)

// Auto lets the sensor choose.
const Auto = "auto"

// Backends are all of them, as a gauge lists them.
var Backends = []Backend{EBPF, TCX, AFPacket, PCAP}

// Refusal says why a back-end was not taken.
type Refusal struct {
	Backend Backend
	Reason  string
}

// Refusals in one line.
type Refusals []Refusal

// String is "ebpf: why; afpacket: why".
func (r Refusals) String() string {
	out := make([]string, len(r))
	for i := range r {
		out[i] = string(r[i].Backend) + ": " + r[i].Reason
	}
	return strings.Join(out, "; ")
}

// Host is what this machine lets a back-end do.
type Host struct {
	Major, Minor int    // of the kernel
	Bits         int    // of the program
	BTF          bool   // the kernel describes its own types: told, not asked for, since the programs read none
	Lockdown     string // "confidentiality" and the like; empty: none
	Held         rights.Set
}

// needs are the rights of each back-end.
var needs = map[Backend]rights.Set{
	EBPF:     rights.Of(rights.BPF, rights.Perfmon, rights.NetRaw),
	TCX:      rights.Of(rights.BPF, rights.Perfmon, rights.NetRaw, rights.NetAdmin),
	AFPacket: rights.Of(rights.NetRaw),
	PCAP:     rights.Of(rights.NetRaw),
}

// oldest are the kernels that each back-end needs: 5.8 has CAP_BPF, and reads
// tables in one call; 6.6 has tcx.
var oldest = map[Backend][2]int{EBPF: {5, 8}, TCX: {6, 6}}

// refuses says why a back-end cannot work here; empty: it may.
func (h *Host) refuses(b Backend) string {
	if v := oldest[b]; h.Major < v[0] || h.Major == v[0] && h.Minor < v[1] {
		return fmt.Sprintf("kernel %d.%d is older than %d.%d", h.Major, h.Minor, v[0], v[1])
	}
	if _, inKernel := oldest[b]; inKernel && h.Bits == 32 {
		return "kernel programs need a 64-bit system"
	}
	if missing := needs[b] &^ h.Held; missing != 0 {
		return "needs " + missing.String()
	}
	if b == PCAP && !withLibpcap() {
		return "this program was built without libpcap (-tags libpcap)"
	}
	return ""
}

// tries are the back-ends of a mode, one after the other.
func tries(mode string) []Backend {
	switch mode {
	case "":
		return []Backend{AFPacket}
	case Auto:
		return []Backend{EBPF, AFPacket, PCAP}
	}
	return []Backend{Backend(mode)}
}

// choose opens the first back-end of the mode that works here. What hinders the
// others is told, also when none works.
func choose(cfg *LiveConfig, h *Host, open func(Backend) (ear, error)) (Tap, error) {
	var refused Refusals
	for _, b := range tries(cfg.Mode) {
		if why := h.refuses(b); why != "" && cfg.Mode != "" {
			refused = append(refused, Refusal{b, why})
			continue
		}
		e, err := open(b)
		if err == nil {
			return chosen{e, b, refused}, nil
		}
		if cfg.Mode != Auto {
			return nil, err
		}
		why := err.Error()
		if _, inKernel := oldest[b]; inKernel && h.Lockdown != "" {
			why += " (the kernel is locked down: " + h.Lockdown + ")"
		}
		refused = append(refused, Refusal{b, why})
	}
	return nil, &InterfaceError{Name: strings.Join(cfg.Interfaces, ", "), Reason: "no way to capture (" + refused.String() + ")",
		Hint: "run as root, or give the unit the capabilities that lack (AmbientCapabilities=)"}
}

// Choice is the back-end that a mode would take on this machine, by its kernel and
// the rights held, and why it takes no better one; none is empty. The kernel may
// still refuse it.
func (h *Host) Choice(mode string) (Backend, Refusals) {
	var refused Refusals
	for _, b := range tries(mode) {
		why := h.refuses(b)
		if why == "" {
			return b, refused
		}
		refused = append(refused, Refusal{b, why})
	}
	return "", refused
}

// ear is a tap that does not know why it was taken.
type ear interface {
	Source
	Wake()
	Kernel() *Kernel
}

// chosen is a tap that knows what it is, and why it is no other.
type chosen struct {
	ear
	backend Backend
	refused Refusals
}

func (c chosen) Backend() (Backend, Refusals) { return c.backend, c.refused }
