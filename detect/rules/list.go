package rules

import (
	"math"

	"tollwatch/detect/numbering"
)

// Version names the set of rules and their defaults. It changes with any
// change of a score, so that an old decision says which rules made it.
const Version = "1"

// Reason is one rule's part of a score.
type Reason struct {
	Rule   string  // the rule's ID
	Points float64 // a multiple of 0.5
	Text   string  // one plain sentence with the numbers
}

// Rule is one scheme.
type Rule struct {
	ID string // public: the word in an alert's reasons and in Influx

	// Judge gives the rule's points for a call, and why. Zero points are no
	// reason. sum is what the rules before it in the list gave.
	Judge func(in *Inputs, sum float64) (points float64, text string)
}

// list is the order in which reasons are printed and added.
var list = [...]Rule{
	{"class", class},
	{"novelty", novelty},
	{"first_abroad", firstAbroad},
	{"rate", rate},
	{"concurrency_extension", concurrencyExtension},
	{"concurrency_trunk", concurrencyTrunk},
	{"burn", burn},
	{"money_timer", moneyTimer},
	{"short_calls", shortCalls},
	{"lone_attempt", loneAttempt}, // last: it looks at the sum
}

// List returns every rule in the order of the reasons.
func List() []Rule { return list[:] }

// Append adds the reasons for the call to dst and returns the score as well.
// A call without reasons costs no allocation.
func Append(dst []Reason, in *Inputs) ([]Reason, float64) {
	if in.Class == numbering.Emergency {
		return dst, 0 // never scored, whatever else is true of it
	}
	sum := 0.0
	for i := range list {
		points, text := list[i].Judge(in, sum)
		if points = halves(points); points == 0 {
			continue
		}
		dst = append(dst, Reason{Rule: list[i].ID, Points: points, Text: text})
		sum += points
	}
	return dst, sum
}

// Score is the same, for whoever has only the stored inputs.
func Score(in Inputs) ([]Reason, float64) { return Append(nil, &in) }

// halves rounds to multiples of 0.5, which both binary and decimal fractions
// hold exactly: printed points add up to the printed score in any order.
func halves(points float64) float64 { return math.Round(points*2) / 2 }
