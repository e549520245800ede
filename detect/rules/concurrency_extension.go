package rules

import "fmt"

// concurrencyExtension: one person makes more calls at once than a person can.
//
//   - Looks for: parallel calls of one extension. Two are normal (a call on
//     hold, a conference); thieves light up as many as they can.
//   - Formula: the first call above the usual number 40, from the second on 60;
//     25 and 30 to cheap destinations abroad and to those that are called
//     anyway, where a conference is likelier than a theft; 10 and 15 where no
//     more of them go to costly destinations than usual, and where two calls at
//     least go elsewhere, as in a conference; nothing where both is so; 25 and
//     45 at home.
//     Where the telephone itself is seen all calls count; where only the trunk
//     is seen many people may share one identity, and only calls to costly
//     destinations count.
//   - Default: 2 are usual; more once seen on three days (profiles of hotels,
//     call centres and the like start higher).
//   - Memory: two counters and 12 bytes learned for each of at most 5000
//     extensions.
//   - Misses: calls one after the other; theft spread thinly over extensions
//     (see concurrency_trunk); a thief who rings the neighbours meanwhile: rate
//     and burn are left for him.
func concurrencyExtension(in *Inputs, _ float64) float64 {
	legs, usual, _ := in.parallel()
	first, more := 40.0, 60.0
	switch {
	case !Watched(in.Class):
		first, more = 25, 45
	case in.ExtensionCostly <= in.ExtensionCostlyUsual && in.conference():
		return 0
	case in.ExtensionCostly <= in.ExtensionCostlyUsual, in.conference():
		first, more = 10, 15
	case !in.costly() || !in.NewDestination:
		first, more = 25, 30
	}
	switch excess := legs - usual; {
	case excess <= 0:
		return 0
	case excess == 1:
		return first
	}
	return more
}

func concurrencyExtensionText(in *Inputs) string {
	legs, usual, what := in.parallel()
	return fmt.Sprintf("%s %s at once from %s (%d are usual)", ordinal(legs), what, in.who(), usual)
}

// parallel is the calls at once that count, and what they are.
func (in *Inputs) parallel() (legs, usual int, what string) {
	legs, usual, what = in.ExtensionCostly, in.ExtensionCostlyUsual, "costly call"
	if !in.costly() {
		legs = 0
	}
	if in.Phones && in.ExtensionLegs-in.ExtensionUsual >= legs-usual {
		legs, usual, what = in.ExtensionLegs, in.ExtensionUsual, "call"
	}
	return legs, usual, what
}

func (in *Inputs) who() string {
	if in.Phones {
		return "extension " + in.Extension
	}
	if in.Extension == "" {
		return "one identity"
	}
	return "identity " + in.Extension
}

func ordinal(n int) string {
	suffix := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return fmt.Sprintf("%d%s", n, suffix)
}

// conference says that two of the calls at once, or more, cost next to nothing: a
// person brings people together, and no thief earns anything there.
func (in *Inputs) conference() bool { return in.Phones && in.ExtensionLegs-in.ExtensionCostly >= 2 }
