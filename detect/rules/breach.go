package rules

import "fmt"

// breach: a password was found by trying.
//
//   - Looks for: an accepted login, by REGISTER or INVITE, of a source that was refused again and again, or that scans.
//   - Formula: 85 when the source was refused at least 5 times in the last 24 hours, whatever account it tried, or was seen more than
//     a minute before looking for users, numbers or the password of an account that many tried.
//   - Default: 5 refusals. The first challenge of a login and an outdated nonce are no refusal.
//   - Memory: one decaying count for each of at most 4096 sources.
//   - Misses: a password that was right at the first try (see registration), and an attack that tries each address less than five times,
//     unless it is many against one account.
func breach(s *Signs, _ float64) float64 {
	if s.Accepted && (s.Failures >= breachFailures || s.IsScanner) {
		return 85
	}
	return 0
}

// breachFailures is more than a person with a new telephone needs.
const breachFailures = 5

func breachText(s *Signs) string {
	if s.Failures < breachFailures {
		return fmt.Sprintf("%s, which was seen looking for users, numbers or passwords, logged in as extension %s", s.Source, s.Extension)
	}
	return fmt.Sprintf("%s logged in as extension %s after %d wrong passwords", s.Source, s.Extension, s.Failures)
}
