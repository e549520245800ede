package rules

import "fmt"

// transfer: somebody is transferred to where fraud is paid out.
//
//   - Looks for: callers who talk a person, or a machine, into connecting them.
//   - Formula: as forwarding: 35 to a class with points, 5 to all else abroad, nothing to a number that the site calls itself.
//   - Default: a REFER named this number within ten seconds.
//   - Memory: the last 64 forwards and transfers.
//   - Misses: a transfer to a call that was already answered; transfers that the PBX makes without REFER (see hairpin).
func transfer(in *Inputs, _ float64) float64 {
	if !in.Transferred {
		return 0
	}
	return deflected(in)
}

func transferText(in *Inputs) string { return fmt.Sprintf("a transfer leads to %s", in.Number) }
