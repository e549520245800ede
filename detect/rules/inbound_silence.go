package rules

import "fmt"

// inboundSilence: nobody calls this site any more, while it calls others.
//
//   - Looks for: a thief who is registered with the site's account at its operator, and to whom its calls go; a forward at the operator; a trunk that is broken one way.
//   - Formula: 55 when no call came by the trunk in a time in which 20 come as a rule, while 3 went out and came through: the number is lowered by the share of the usual calls that went out meanwhile, and with half of what is left it is chance once in e^10.
//   - Default: an hour at least, after 14 days of the trunk.
//   - Memory: 168 counts for each of at most 16 trunks.
//   - Misses: sites that are seldom called; a thief who passes the calls on. Looked at when a call goes out.
func inboundSilence(s *Signs, _ float64) float64 {
	if s.CallsExpected < 20 || s.CallsOut < 3 {
		return 0
	}
	return 55
}

func inboundSilenceText(s *Signs) string {
	return fmt.Sprintf("no call came by %s in %.1f hours, in which %.0f do as a rule, while %d went out", s.Trunk, s.Silence, s.CallsExpected, s.CallsOut)
}
