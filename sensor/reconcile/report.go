package reconcile

import (
	"math"
	"slices"
	"time"
)

// Period is a time in which the sensor watched and lost nothing.
type Period struct{ From, Until time.Time }

// Result is what the bills show.
type Result struct {
	Match
	Billed    int
	Elsewhere []*Billed       // billed, never seen, though the sensor watched
	Unwatched []*Billed       // billed, while it did not
	Otherwise []Pair          // billed for longer than any rounding explains
	Rates     map[string]Rate // by row of the table of prices, where the bills differ from it
	Newest    time.Time       // start of the latest bill
}

// Rate is what a row of the table of prices really costs.
type Rate struct {
	Billed float64 // EUR a minute, the median
	Table  float64
	Calls  int
}

// Report compares. Of bills that were not seen, only those accuse that lie well
// within a watched period.
func Report(billed []Billed, seen []Seen, watched []Period) Result {
	r := Result{Match: PairUp(billed, seen), Billed: len(billed)}
	for _, b := range r.NotSeen {
		if within(watched, b.Start.Add(-r.Offset), b.Duration) {
			r.Elsewhere = append(r.Elsewhere, b)
		} else {
			r.Unwatched = append(r.Unwatched, b)
		}
	}
	for _, p := range r.Pairs {
		if longer(p.Billed.Duration, p.Seen.Duration) {
			r.Otherwise = append(r.Otherwise, p)
		}
	}
	for i := range billed {
		if billed[i].Start.After(r.Newest) {
			r.Newest = billed[i].Start
		}
	}
	r.Rates = rates(r.Pairs)
	return r
}

func within(watched []Period, start time.Time, d time.Duration) bool {
	return slices.ContainsFunc(watched, func(p Period) bool {
		return !start.Before(p.From.Add(Tolerance)) && !start.Add(d).After(p.Until.Add(-Tolerance))
	})
}

// longer says that neither a few seconds nor a started minute explains a bill.
func longer(billed, seen time.Duration) bool {
	const slack = 5 * time.Second
	started := time.Duration(math.Ceil((seen + slack).Minutes())) * time.Minute
	return billed > started
}

// enough calls must show a price before it is believed, and it must differ by
// more than a tenth.
const (
	enough = 3
	differ = .10
)

// rates are the prices that the bills show otherwise than the table.
func rates(pairs []Pair) map[string]Rate {
	shown, table := map[string][]float64{}, map[string]float64{}
	for _, p := range pairs {
		minutes := max(p.Billed.Duration, time.Second).Minutes()
		if p.Billed.Priced && p.Seen.Prefix != "" && minutes >= .5 {
			shown[p.Seen.Prefix] = append(shown[p.Seen.Prefix], p.Billed.Cost/minutes)
			table[p.Seen.Prefix] = p.Seen.Rate
		}
	}
	out := map[string]Rate{}
	for prefix, all := range shown {
		slices.Sort(all)
		median := all[len(all)/2]
		if len(all) >= enough && math.Abs(median-table[prefix]) > differ*max(table[prefix], .01) {
			out[prefix] = Rate{Billed: median, Table: table[prefix], Calls: len(all)}
		}
	}
	return out
}
