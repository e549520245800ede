package rules

import (
	"fmt"

	"tollwatch/detect/numbering"
)

// forwardCode: a code was dialled that forwards an extension abroad.
//
//   - Looks for: the forward that a thief sets before the calls, which then come from outside at any time.
//   - Formula: 85 to a class with points, 55 to another country. Nothing to a number that the site calls itself.
//   - Default: codes that set a forward (*21*, *72 and the like), once the PBX or the operator has taken the code.
//   - Memory: at most 1024 targets, for the chain of the calls that follow.
//   - Misses: forwards that are set on a web page, or by voice in the mailbox (see forwarding).
func forwardCode(s *Signs, _ float64) float64 {
	switch {
	case s.ForwardTo == "":
		return 0
	case Risky(s.Class):
		return 85
	case s.Class == numbering.International:
		return 55
	}
	return 0
}

func forwardCodeText(s *Signs) string {
	return fmt.Sprintf("extension %s was forwarded to %s, which is %s", s.Extension, s.ForwardTo, kind(&Inputs{Class: s.Class, Country: s.Country}))
}
