package reconcile

import (
	"slices"
	"time"
)

// Period is a time in which the sensor watched and lost nothing.
type Period struct{ From, Until time.Time }

// Result is what the bills show.
type Result struct {
	Match
	Billed     int
	Elsewhere  []*Billed       // billed, never seen, though the sensor watched
	Unwatched  []*Billed       // billed, while it did not
	Otherwise  []Difference    // billed for longer, or for more, than is explained
	Rates      map[string]Rate // by row of the table of prices, where the bills differ from it
	First      time.Time       // start of the first bill
	Newest     time.Time       // start of the latest
	Unreadable int             // bills whose number cannot be compared
	Foreign    bool            // bills and calls have next to nothing in common: nothing accuses
}

// Difference is a call that was billed otherwise than it was seen.
type Difference struct {
	Pair
	Longer   bool
	Dearer   bool
	Expected float64 // EUR, where Dearer
}

// Report compares. Of bills that were not seen, only those accuse that lie well
// within a watched period.
func Report(billed []Billed, seen []Seen, watched []Period) Result {
	r := Result{Match: PairUp(billed, seen), Billed: len(billed)}
	if len(billed) > 0 {
		r.First, r.Newest = billed[0].Start, billed[len(billed)-1].Start // PairUp sorted them
	}
	r.NotBilled = slices.DeleteFunc(r.NotBilled, func(s *Seen) bool {
		at := s.Start.Add(r.Offset)
		return at.Before(r.First) || at.After(r.Newest)
	})
	r.Foreign = foreign(&r.Match, billed)
	for _, b := range r.NotSeen {
		if !r.Foreign && within(watched, b.Start.Add(-r.Offset), b.Duration) {
			r.Elsewhere = append(r.Elsewhere, b)
		} else {
			r.Unwatched = append(r.Unwatched, b)
		}
	}
	prices := pricesOf(r.Pairs)
	r.Rates = prices.corrections()
	for _, p := range r.Pairs {
		d := Difference{Pair: p, Longer: p.Billed.Duration > p.Seen.Duration && !p.fits()}
		d.Expected, d.Dearer = prices.dearer(p)
		if d.Longer || d.Dearer {
			r.Otherwise = append(r.Otherwise, d)
		}
	}
	return r
}

// foreign says that calls were seen to where the bills go, and next to none of
// them is billed: these are the bills of another line, or a column is misread.
// Calls to elsewhere say nothing, as those in a flat rate are on no bill.
func foreign(m *Match, billed []Billed) bool {
	const few = 5
	prefixes := map[string]bool{}
	for i := range billed {
		prefixes[billed[i].Prefix] = true
	}
	unbilled := 0
	for _, s := range m.NotBilled {
		if prefixes[s.Prefix] {
			unbilled++
		}
	}
	return unbilled >= few && len(m.Pairs)*10 < unbilled
}

func within(watched []Period, start time.Time, d time.Duration) bool {
	return slices.ContainsFunc(watched, func(p Period) bool {
		return !start.Before(p.From.Add(Tolerance)) && !start.Add(d).After(p.Until.Add(-Tolerance))
	})
}
