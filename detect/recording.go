package detect

import (
	"tollwatch/decoder/call"
	"tollwatch/detect/numbering"
)

// copies says that the leg carries a copy of a call to a recorder (SIPREC, RFC
// 7866) and is no call itself. That a leg says so is its caller's word: it is
// believed only where no money can be spent, of a leg that goes neither to the
// PBX nor over a trunk, to a name or an extension. A leg to a number is judged,
// whatever it calls itself.
func (e *Engine) copies(l *call.Leg) bool {
	if !l.Recording {
		return false
	}
	s := newLegState(l)
	if n := e.resolve(&s); n.Class != numbering.Internal || n.Forward {
		return false
	}
	where, _ := e.roles.classify(&s)
	return where == toPhone || where == sideUnknown
}
