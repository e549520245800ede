package rules

import "fmt"

// mediaOnly: many conversations at once, where their signalling cannot be read.
//
//   - Looks for: theft behind TLS. Nobody sees who calls whom, but each conversation has media both ways.
//   - Formula: at night and on weekends 15 for each conversation at once above the usual number, 75 at most, and 60 until a day was
//     believed; in working hours 10 for each above twice the usual number, 75 at most, and none until it is known.
//   - Default: from a share of TLS of 20 % of the signalling on. Usual is the learned 99.9 % quantile, working hours (`[hours]`, else Monday to Friday, 8 to 19)
//     and all others apart; never less than the profile's at night (office 2); learned from 50 conversations on.
//   - Memory: 2048 pairs of endpoints, two histograms of 40 bins, and three days of quarantine.
//   - Misses: calls one after the other; few at once in a busy hour; incoming calls count as well.
func mediaOnly(s *Signs, _ float64) float64 {
	if s.Talks == 0 || s.Unread < blindShare {
		return 0
	}
	if s.OffHours {
		most := 60.0
		if s.TalksLearned {
			most = 75
		}
		return min(15*float64(max(s.Talks-s.TalksUsual, 0)), most)
	}
	if s.TalksUsual == 0 {
		return 0
	}
	return min(10*float64(max(s.Talks-2*s.TalksUsual, 0)), 75)
}

// blindShare is the share of TLS from which media stand for calls.
const blindShare = 0.2

func mediaOnlyText(s *Signs) string {
	when := "in working hours"
	if s.OffHours {
		when = "at night or on a weekend"
	}
	return fmt.Sprintf("%d conversations at once %s (%d are usual), known by their media alone: %.0f %% of the signalling is encrypted",
		s.Talks, when, s.TalksUsual, 100*s.Unread)
}
