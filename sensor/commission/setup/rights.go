package setup

import (
	"tollwatch/sensor/capture"
	"tollwatch/sensor/commission"
	"tollwatch/sensor/config"
	"tollwatch/sensor/rights"
)

// wanted are the capabilities that a capture may need.
var wanted = rights.Of(rights.NetRaw, rights.BPF, rights.Perfmon, rights.NetAdmin)

func heldRights(e *config.Examined) commission.Sheet {
	if !e.Sound("capture.interfaces") || !e.Sound("capture.mode") || len(e.Config.Capture.Interfaces) == 0 {
		return nil // capture agents alone, or nobody knows
	}
	host, err := capture.Probe()
	if err != nil {
		return commission.Sheet{{Name: "rights", Result: commission.Fail, Found: err.Error()}}
	}
	return commission.Sheet{judgeRights(&host, e.Config.Capture.Mode)}
}

// judgeRights says how the mode would capture here, and what hinders it.
func judgeRights(host *capture.Host, mode string) commission.Check {
	c := commission.Check{Name: "rights", Result: commission.Pass, Found: "held: " + (host.Held & wanted).String()}
	backend, refused := host.Choice(mode)
	const give = "AmbientCapabilities in the unit, or setcap on the program"
	switch {
	case backend == "":
		c.Result, c.Found = commission.Fail, c.Found+"; no way to capture ("+refused.String()+")"
		c.Advice = "run as root, or give what lacks: " + give
	case len(refused) > 0:
		c.Result, c.Found = commission.Warn, c.Found+"; capture by "+string(backend)+" ("+refused.String()+")"
		c.Advice = "give what lacks: " + give + "; without it a machine that falls behind loses RTP (docs/capture.md)"
	default:
		c.Found += "; capture by " + string(backend)
	}
	return c
}
