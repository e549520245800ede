package rules

import (
	"fmt"

	"tollwatch/detect/numbering"
)

// novelty: this site never called there.
//
//   - Looks for: a country and class that the site has not called in 90 days,
//     on three days at least and at three numbers, each day older than the three
//     of the quarantine; or that it called so in its first 14 days alone.
//   - Formula: 20 times the warm-up weight, 10 for premium numbers of the own
//     country, which are no journey; divided by 1 and the calls that a day of
//     this site has to new destinations (of which its
//     profile has a guess): where they are daily business none is
//     a surprise.
//   - Default: 20 and 10 points; 90 days.
//   - Memory: the last day seen of at most 300 groups.
//   - Misses: fraud to a destination that is customary here; everything on the
//     first day, when all is new.
func novelty(in *Inputs, _ float64) float64 {
	if !in.NewDestination && !in.EarlyDestination || !Watched(in.Class) {
		return 0
	}
	points := 20.0
	if in.Class == numbering.NationalPremium {
		points = 10
	}
	return points * in.Warmup / (1 + in.newPerDay())
}

// newPerDay is how many calls to new destinations a day of this site has: what
// was learned and, before that, what its profile expects of eight hours.
func (in *Inputs) newPerDay() float64 {
	return perDay(in.LearnedNew, in.PriorNew, in.Exposure)
}

func noveltyText(in *Inputs) string {
	if in.EarlyDestination {
		return "this site called " + place(in) + " in its first 14 days alone, when nobody knew whether it was hacked"
	}
	return "this site has not called " + place(in) + " in " + watched(in)
}

// watched says for how long nothing was seen: no longer than anybody looked.
func watched(in *Inputs) string {
	switch days := int(in.Watched); {
	case days >= 90:
		return "90 days"
	case days >= 2:
		return fmt.Sprintf("the %d days that it was watched", days)
	}
	return fmt.Sprintf("the %.0f hours that it was watched", 24*in.Watched)
}
