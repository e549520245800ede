package detect

import (
	"tollwatch/decoder/call"
	"tollwatch/detect/rules"
)

// observeForwardCode looks at a code that sets a forward, once somebody took it:
// the PBX or, where the forward is stored there, the operator.
func (e *Engine) observeForwardCode(c *ongoing, ev *call.Event) {
	if !c.number.Forward || c.forwards || ev.Kind != call.EventAnswered && ev.Kind != call.EventRinging || c.comesFromOutside() {
		return
	}
	c.forwards = true
	n := &c.number
	if !rules.Watched(n.Class) || e.memory.customary(e.hash(n.E164)) {
		return
	}
	e.suspect(sign{scheme: Forwarding, extension: c.extension, trunk: c.trunk, source: c.source, target: n.E164, callID: c.callID,
		signs: rules.Signs{Extension: c.extension, Trunk: c.trunk, ForwardTo: n.E164, Country: n.Country, Class: n.Class}})
}
