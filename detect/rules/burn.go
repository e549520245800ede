package rules

import (
	"fmt"
	"math"
)

// The most points of burn, and of one call that is nearly all of the hour.
const (
	burnMost  = 60.0
	burnOne   = 15.0
	burnAlone = 0.8
)

// burn: money runs out faster than it ever did.
//
//   - Looks for: spending, running calls included, whatever the calls look like.
//   - Formula: 25 log2(spent/budget), 60 at most, where spent is the last 60
//     minutes of costly calls and the new one, the first minute of each charged
//     whole, as many tariffs do; 15 at most where four fifths of it are this one
//     call's, which has a limit of its own (see money_timer).
//   - Default: budget is the largest of 5 EUR (office, school), 10 (call centre),
//     40 (hotel), 60 (trading) or 100 (ngo), half an ordinary day (4 times an eighth of
//     the learned daily sum) and 1.5 times the dearest hour learned.
//   - Memory: 12 buckets of five minutes, one average, one maximum.
//   - Misses: slow theft below the budget; wrong prices, until the site's own
//     tariff is loaded.
func burn(in *Inputs, _ float64) float64 {
	if !in.costly() || in.SpentHour <= in.BudgetHour || in.BudgetHour <= 0 {
		return 0
	}
	most := burnMost
	if in.Cost >= burnAlone*in.SpentHour {
		most = burnOne
	}
	return min(25*math.Log2(in.SpentHour/in.BudgetHour), most)
}

func burnText(in *Inputs) string {
	return fmt.Sprintf("%.2f EUR in one hour on costly calls, should first minutes be charged whole (up to %.2f is ordinary)", in.SpentHour, in.BudgetHour)
}
