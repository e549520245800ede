package rules

import (
	"fmt"

	"tollwatch/detect/numbering"
)

// forwarding: a forward leads to where fraud is paid out.
//
//   - Looks for: a forward that was set by a thief, or an extension that he registered and that answers 302.
//   - Formula: 35 to a class with points, 5 to all else abroad. Nothing to a number that the site calls itself.
//   - Default: the leg to the trunk bears a Diversion or a History-Info and the caller dialled another number, or a 302 named this number within ten seconds.
//   - Memory: the last 64 forwards and transfers.
//   - Misses: a forward that is stored at the operator, whose calls never come here. A PBX that puts a Diversion on all its calls, so as to show a number, is taken for one that forwards where the telephones are not seen.
func forwarding(in *Inputs, _ float64) float64 {
	if !in.Forwarded {
		return 0
	}
	return deflected(in)
}

func forwardingText(in *Inputs) string { return fmt.Sprintf("a forward leads to %s", in.Number) }

// deflected is what a forward or a transfer is worth.
func deflected(in *Inputs) float64 {
	switch {
	case in.Customary:
		return 0
	case Risky(in.Class):
		return 35
	case in.Class == numbering.International || in.Class == numbering.Unparsed:
		return 5
	}
	return 0
}
