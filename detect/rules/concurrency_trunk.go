package rules

import "fmt"

// concurrencyTrunk: the whole site makes more costly calls at once than it does.
//
//   - Looks for: theft spread over many extensions, or seen at the trunk only.
//   - Formula: 12 for each call above the usual number, 45 at most. Only calls
//     to costly destinations (0.10 EUR a minute, or a class with points) count;
//     those of a conference (see concurrency_extension) count as one.
//   - Default: usual is the learned 99.9 % quantile, and never less than the
//     profile's (office 2); learned from 50 such calls on.
//   - Memory: a histogram of 40 bins, and three days of quarantine.
//   - Misses: calls one after the other; a site that is as busy as that.
func concurrencyTrunk(in *Inputs, _ float64) float64 {
	excess := in.TrunkCostly - in.TrunkCostlyUsual
	if in.conference() {
		excess -= in.ExtensionCostly - 1
	}
	if excess <= 0 || !in.costly() {
		return 0
	}
	return min(12*float64(excess), 45)
}

func concurrencyTrunkText(in *Inputs) string {
	return fmt.Sprintf("%d costly calls at once at this site (%d are usual)", in.TrunkCostly, in.TrunkCostlyUsual)
}
