package rules

import (
	"fmt"

	"tollwatch/detect/numbering"
)

// The points of moneyTimer, and the minutes from which a call to a class with
// points is long.
const (
	moneyMention = 2
	moneyPage    = 65 // enough for a page alone
	moneyLong    = 15
	longCall     = 60
)

// moneyTimer: one running call costs more than a call may.
//
//   - Looks for: few, long calls, which no count of calls finds: ten hours to
//     one number.
//   - Formula: at the limit 65; at the mention 2; over 60 minutes to a new
//     destination with points 15 more, divided as novelty is. Judged every 5 s while the call runs.
//   - Default: to a new destination with points a mention at a quarter
//     of the limit and 5 EUR at least, the limit
//     at 30 EUR (office, school), 40 (call centre), 100 (hotel) or 200 (trading, ngo);
//     elsewhere the limit is twice the dearest call learned, at least 10 EUR, the
//     profile's limit, or three quarters of the site's dearest hour, twice that for plain countries, 20 for premium numbers of
//     the own country, 50 for all else at home.
//   - Memory: nothing beside the call itself; the dearest call of a group.
//   - Misses: many calls that each stay below (see burn).
func moneyTimer(in *Inputs, _ float64) float64 {
	if in.Class == numbering.Internal || !in.Answered {
		return 0
	}
	points := 0.0
	switch {
	case in.CostLimit > 0 && in.Cost >= in.CostLimit:
		points = moneyPage
	case in.CostNotice > 0 && in.Cost >= in.CostNotice:
		points = moneyMention
	}
	if in.NewDestination && Risky(in.Class) && in.Minutes > longCall {
		points += moneyLong / (1 + in.newPerDay())
	}
	return points
}

func moneyTimerText(in *Inputs) string {
	return fmt.Sprintf("this one call has cost %.2f EUR in %.0f minutes (limit %.2f EUR)", in.Cost, in.Minutes, in.CostLimit)
}
