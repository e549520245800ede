package rules

import (
	"fmt"

	"tollwatch/detect/window"
)

// The prior of the rate is a Gamma distribution of this shape, and the mean
// of the site's profile.
const (
	rateShape  = 0.5
	rateFirst  = 2  // one call is no rate; novelty speaks for it
	ratePair   = 15 // most that two calls can earn: somebody rings back
	rateFew    = 20 // and three or four, unless they come within two minutes
	rateMany   = 5
	quickParts = 5 // of ten minutes: the last two
	rateMost   = 40
	rateDaily  = 10 // calls a day to where a conference may go
	rateOffset = 2  // a chance of 1 in 100 is still ordinary
	rateFactor = 8
)

// rate: more calls in ten minutes than chance explains.
//
//   - Looks for: bursts to one country and class, and bursts to new
//     destinations taken together, so that a thief who alternates between
//     two countries gains nothing.
//   - Formula: k calls in ten minutes; with n calls learned in t periods of
//     ten minutes, eight hours a day, k follows a negative binomial of r = 0.5 + n and
//     p = (b + t)/(b + t + 1), b = 0.5/prior; 8 (-log10 P(X >= k) - 2) points.
//     The same of three calls or more in the last two minutes, of which a fifth
//     is usual, and the larger counts; but where a day has ten such calls or more,
//     as many at once from one extension are a conference.
//   - Default: from the second call on; at most 15 for two calls, 20 for three
//     or four, 40 for more, or when three come within two minutes: people who
//     have somebody new to talk to pause between calls.
//     The prior is 0.01 calls for an office or school, 0.03 for a hotel, 0.1
//     for a call centre, trading and ngo; for all new destinations together
//     0.02, 0.1, 0.4 and, for an ngo, 0.6.
//     A redial of a number that did not answer is not counted.
//   - Memory: the starts of the last 16 calls and one decaying count for each
//     of at most 300 groups.
//   - Misses: fewer than two calls in ten minutes; bursts no faster than the
//     ordinary business with that destination.
func rate(in *Inputs, _ float64) float64 {
	if !Watched(in.Class) {
		return 0
	}
	own, pooled := ratesOf(in)
	return max(own, pooled)
}

// ratesOf gives the points for the call's own group, and for all new
// destinations together.
func ratesOf(in *Inputs) (own, pooled float64) {
	own = ratePoints(in.Calls10, in.quick(in.Calls2, in.LearnedG, in.PriorRate), in.LearnedG, in.PriorRate, in.Exposure)
	if in.NewDestination {
		pooled = ratePoints(in.NewCalls10, in.quick(in.NewCalls2, in.LearnedNew, in.PriorNew), in.LearnedNew, in.PriorNew, in.Exposure)
	}
	return own, pooled
}

func rateText(in *Inputs) string {
	if own, pooled := ratesOf(in); own >= pooled {
		return fmt.Sprintf("%d calls to %s in ten minutes (usual: %s)", in.Calls10, place(in), usualRate(in.LearnedG, in.Exposure))
	}
	return fmt.Sprintf("%d calls to new destinations in ten minutes (usual: %s)", in.NewCalls10, usualRate(in.LearnedNew, in.Exposure))
}

// quick is the calls of the last two minutes, 0 where they are a conference: all
// at once, to places that are daily business.
func (in *Inputs) quick(calls int, learned, prior float64) int {
	if in.ExtensionLegs >= calls && perDay(learned, prior, in.Exposure) >= rateDaily {
		return 0
	}
	return calls
}

// ratePoints gives the points of a burst: of ten minutes, or of the last two,
// in which a fifth of the usual calls is usual.
func ratePoints(k, quick int, learned, prior, exposure float64) float64 {
	if k < rateFirst || prior <= 0 {
		return 0
	}
	limit := float64(rateMost)
	switch {
	case k == rateFirst:
		limit = ratePair
	case k < rateMany && quick < 3:
		limit = rateFew
	}
	points := burstPoints(k, learned, prior, exposure)
	if quick >= 3 && points < limit {
		points = max(points, burstPoints(quick, learned, prior/quickParts, exposure*quickParts))
	}
	return min(points, limit)
}

// burstPoints measures how little chance explains k calls.
func burstPoints(k int, learned, prior, exposure float64) float64 {
	periods := rateShape/prior + exposure
	surprise := window.SurpriseNegBin(k, rateShape+learned, periods/(periods+1))
	return max(rateFactor*(surprise-rateOffset), 0)
}

// PeriodsADay is how many ten minutes of a day a house works: learned calls are
// divided by them, or a country that is called in office hours alone would seem
// to be called three times as seldom as it is.
const PeriodsADay = 8 * 6

// perDay is how many calls a day has: what was learned and, before that, what the
// profile expects.
func perDay(learned, prior, exposure float64) float64 {
	if prior <= 0 {
		return 0
	}
	return (rateShape + learned) / (rateShape/prior + exposure) * PeriodsADay
}

// usualRate puts learned calls per ten minutes into words of a week.
func usualRate(learned, exposure float64) string {
	if learned < 0.5 || exposure < 1 {
		return "none"
	}
	return fmt.Sprintf("%.1f a week", learned/exposure*7*PeriodsADay)
}
