package rules

import "fmt"

// callBack: somebody takes the bait of a call that rang once.
//
//   - Looks for: a call to a number that called here and hung up after a ring, as several of its country did.
//   - Formula: 15 within 72 hours.
//   - Default: 15 wakes nobody alone; what the call costs decides.
//   - Memory: at most 2048 numbers that rang once.
//   - Misses: bait that names another number than it calls from.
func callBack(in *Inputs, _ float64) float64 {
	if in.BaitAge == 0 {
		return 0
	}
	return 15
}

func callBackText(in *Inputs) string {
	return fmt.Sprintf("calls back %s, which rang once here %.1f hours ago and is likely bait", in.Number, in.BaitAge)
}
