package rules

import (
	"fmt"
	"math"
)

// trunk_state: the operator takes no more calls, or does not know this site any more.
//
//   - Looks for: calls to different numbers that a trunk refuses one after the other before they ring: stolen calls may fill its channels, or eat its money. The operator's no to the site's own registration.
//   - Formula: with p the usual share of such refusals and k in a row, 70 when k >= 6, p^k < 1e-6 and two callers or more were refused; 55 when k >= 4 and p^k < 1e-4. 55 for three refused registrations in a row.
//   - Default: 402, 403, 480, 486, 500, 503, 603 within ten seconds and without ringing; one in ten is usual at first, and never less than 2 %. A call that rings or is answered, or an hour without a refusal, ends the row.
//   - Memory: two decaying counts and the hashes of 16 numbers for each of at most 16 trunks.
//   - Misses: a trunk that takes some of the calls all the time, and one by which nobody calls.
func trunkState(s *Signs, _ float64) float64 {
	chance := math.Pow(max(s.RefusedUsual, refusedLeast), float64(s.Refused))
	switch {
	case s.Refused >= 6 && chance < 1e-6 && s.RefusedCallers > 1:
		return 70
	case s.Refused >= 4 && chance < 1e-4, s.LoginsRefused >= 3:
		return 55
	}
	return 0
}

// refusedLeast bounds how rare refusals can be known to be.
const refusedLeast = 0.02

func trunkStateText(s *Signs) string {
	if s.LoginsRefused > 0 {
		return fmt.Sprintf("the operator refused the registration of this site's account %s %d times in a row", s.Account, s.LoginsRefused)
	}
	return fmt.Sprintf("%s refused %d calls in a row, the last with %d (usual: %.0f %% of all)", s.Trunk, s.Refused, s.RefusedStatus, 100*s.RefusedUsual)
}
