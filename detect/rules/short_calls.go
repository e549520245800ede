package rules

import (
	"fmt"
	"strings"
)

// shortCalls: a train of short, even calls, as a machine makes them.
//
//   - Looks for: calls of a few seconds, answered, one after the other to one
//     country and class, or to new destinations taken together; equal
//     durations; equal intervals.
//   - Formula: at least 3 of the last 5 answered under 15 s, and 3 such in ten
//     minutes: 10. Coefficient of variation of the last 8 durations under 0.15
//     over 5 calls or more: 15. The same of the intervals between their starts
//     under 0.2 over 6 calls or more: 15.
//   - Default: as stated; only for watched classes.
//   - Memory: start and duration of the last 8 answered calls of a group.
//   - Misses: random durations of ordinary length; it is a second signal, and
//     pages nobody alone.
func shortCalls(in *Inputs, _ float64) float64 {
	if !Watched(in.Class) {
		return 0
	}
	points := 0.0
	if in.manyShort() {
		points += 10
	}
	if in.equalLengths() {
		points += 15
	}
	if in.equalIntervals() {
		points += 15
	}
	return points
}

func (in *Inputs) manyShort() bool      { return in.ShortOfLast5 >= 3 && in.ShortIn10 >= 3 }
func (in *Inputs) equalLengths() bool   { return in.Durations >= 5 && in.DurationSpread < 0.15 }
func (in *Inputs) equalIntervals() bool { return in.Intervals >= 6 && in.IntervalsSpread < 0.2 }

func shortCallsText(in *Inputs) string {
	var parts []string
	if in.manyShort() {
		parts = append(parts, fmt.Sprintf("%d calls under 15 s in ten minutes", in.ShortIn10))
	}
	if in.equalLengths() {
		parts = append(parts, fmt.Sprintf("%d calls of nearly equal length", in.Durations))
	}
	if in.equalIntervals() {
		parts = append(parts, fmt.Sprintf("%d calls at nearly equal intervals", in.Intervals))
	}
	where := place(in)
	if in.NewDestination {
		where = "new destinations"
	}
	return strings.Join(parts, ", ") + " to " + where
}
