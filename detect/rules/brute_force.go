package rules

import "fmt"

// bruteForce: passwords of an account are tried.
//
//   - Looks for: refused passwords of one account from outside, also where each comes from another address.
//   - Formula: 55 at 10 refusals, which halve in 15 minutes, or when 5 sources were refused within two hours.
//   - Default: as stated; nobody is woken before a password is right (see breach).
//   - Memory: 88 bytes for each of the 1024 accounts that are tried most.
//   - Misses: fewer tries than that; telephones that logged in before, and the house: there a forgotten password is likelier.
func bruteForce(s *Signs, _ float64) float64 {
	if s.Guesses >= manyGuesses || s.GuessSources >= manyGuessSources {
		return 55
	}
	return 0
}

const (
	manyGuesses      = 10
	manyGuessSources = 5
)

func bruteForceText(s *Signs) string {
	if s.GuessSources < 2 {
		return fmt.Sprintf("%s tried %d wrong passwords of extension %s", s.Source, s.Guesses, s.Extension)
	}
	return fmt.Sprintf("wrong passwords of extension %s from %d sources, the latest %s", s.Extension, s.GuessSources, s.Source)
}
