package rules

import "fmt"

// pumping: machines call the number for which this site pays.
//
//   - Looks for: calls to a toll-free number of this site that are all equally long, from ever other callers.
//   - Formula: 55; 70 once the number's calls of the day last 60 minutes and five times what all toll-free calls of a day usually do.
//   - Default: the last 8 answered calls that the callers ended came within the hour, from at least 5 callers, and the coefficient of variation of their durations is under 0.05.
//   - Memory: the last 8 calls of at most 64 numbers; one daily sum, believed after three days. Such calls teach nothing.
//   - Misses: machines of random patience.
func pumping(s *Signs, _ float64) float64 {
	if s.EvenCalls < 8 || s.EvenCallers < 5 || s.EvenSpread >= 0.05 {
		return 0
	}
	if s.Minutes >= 60 && s.Minutes >= 5*s.MinutesUsual {
		return 70
	}
	return 55
}

func pumpingText(s *Signs) string {
	return fmt.Sprintf("the last %d calls to %s, from %d callers, were equally long; %.0f minutes today, and %.0f a day are usual",
		s.EvenCalls, s.Called, s.EvenCallers, s.Minutes, s.MinutesUsual)
}
