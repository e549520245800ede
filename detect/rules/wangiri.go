package rules

import "fmt"

// wangiri: calls ring once, so that somebody calls back.
//
//   - Looks for: calls from abroad, or from premium numbers, that are given up at once.
//   - Formula: 45 for 3 such calls from one country and class within an hour, each over within 6 seconds; once a day.
//   - Default: 45 is a notice: such calls cost nothing, calling back does (see call_back).
//   - Memory: the last 16 such calls of each of at most 300 countries and classes.
//   - Misses: bait that rings longer, or that shows a number of this country.
func wangiri(s *Signs, _ float64) float64 {
	if s.OneRing >= 3 {
		return 45
	}
	return 0
}

func wangiriText(s *Signs) string {
	return fmt.Sprintf("%d calls within the hour rang once and hung up, the latest from %s: bait to be called back", s.OneRing, s.Caller)
}
