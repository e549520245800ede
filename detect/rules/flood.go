package rules

import "fmt"

// flood: strangers send more than a PBX is to answer.
//
//   - Looks for: requests of all strangers together, however many they are.
//   - Formula: 55 at 6000 in a minute.
//   - Default: 100 a second for a whole minute; of each source the decoder reports 20 a second at most.
//   - Memory: one counter.
//   - Misses: floods of what is no SIP, or of telephones that logged in.
func flood(s *Signs, _ float64) float64 {
	if s.Knocks >= FloodKnocks {
		return 55
	}
	return 0
}

// FloodKnocks are four times what a busy honeypot hears at ordinary times:
// 22 messages a second (McInnes and others, 2019).
const FloodKnocks = 6000

func floodText(s *Signs) string {
	return fmt.Sprintf("%d requests of strangers within a minute, the latest of %s", s.Knocks, s.Source)
}
