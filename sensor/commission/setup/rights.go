package setup

import (
	"strings"

	"tollwatch/sensor/commission"
	"tollwatch/sensor/config"
	"tollwatch/sensor/rights"
)

// needs are the capabilities of each way to capture.
var needs = []struct {
	mode string
	all  []rights.Capability
}{
	{"afpacket", []rights.Capability{rights.NetRaw}},
	{"ebpf", []rights.Capability{rights.NetRaw, rights.BPF, rights.Perfmon}},
	{"tcx", []rights.Capability{rights.NetRaw, rights.BPF, rights.Perfmon, rights.NetAdmin}},
}

func heldRights(e *config.Examined) commission.Sheet {
	if e.Sound("capture.interfaces") && len(e.Config.Capture.Interfaces) == 0 {
		return nil // capture agents alone
	}
	held, err := rights.Held()
	if err != nil {
		return commission.Sheet{{Name: "rights", Result: commission.Fail, Found: err.Error()}}
	}
	return commission.Sheet{judgeRights(held, e.Config.Capture.Mode)}
}

// judgeRights compares what is held with what the mode wants; auto wants what
// the least of them does.
func judgeRights(held rights.Set, mode string) commission.Check {
	c := commission.Check{Name: "rights", Result: commission.Pass, Found: list(held)}
	for _, n := range needs {
		if n.mode != mode && !(mode == "auto" && n.mode == "afpacket") {
			continue
		}
		var missing []string
		for _, r := range n.all {
			if !held.Has(r) {
				missing = append(missing, r.String())
			}
		}
		if missing != nil {
			c.Result = commission.Fail
			c.Found += "; capture (" + n.mode + ") needs " + strings.Join(missing, ", ")
			c.Advice = "run as root, or give AmbientCapabilities in the unit, or: setcap " + strings.ToLower(strings.Join(words(n.all), ",")) + "+ep on the program"
		}
	}
	return c
}

func words(all []rights.Capability) (out []string) {
	for _, r := range all {
		out = append(out, r.String())
	}
	return out
}

// list names what is held of the capabilities that matter here.
func list(held rights.Set) string {
	var have []string
	for _, r := range []rights.Capability{rights.NetRaw, rights.BPF, rights.Perfmon, rights.NetAdmin} {
		if held.Has(r) {
			have = append(have, r.String())
		}
	}
	if have == nil {
		return "none of those that a capture may need"
	}
	return strings.Join(have, ", ")
}
