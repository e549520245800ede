package reconcile

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Tolerance is how far apart the starts of a billed and of a seen call may be,
// once the offset of the clocks is known.
const Tolerance = 120 * time.Second

// Billed is a call that was billed.
type Billed struct {
	File     string
	Line     int
	Start    time.Time
	Duration time.Duration
	Number   string // E.164 with +, as far as it is known
	Masked   bool   // Number is but its beginning
	Cost     float64
	Priced   bool
}

// Seen is an answered outbound call that the sensor saw.
type Seen struct {
	ID        string // Call-ID
	Start     time.Time
	Duration  time.Duration
	Number    string // E.164 with +
	Prefix    string // the row of the table of prices
	Rate      float64
	Cost      float64
	Extension string
	Trunk     string
}

// Pair is a billed call and the one that was seen.
type Pair struct {
	Billed *Billed
	Seen   *Seen
}

// Match is how the bills and the calls fit.
type Match struct {
	Offset    time.Duration // that the bills' clock is ahead
	Pairs     []Pair
	NotSeen   []*Billed
	NotBilled []*Seen
}

// PairUp pairs the bills and the calls. Both are sorted in place.
func PairUp(billed []Billed, seen []Seen) Match {
	slices.SortStableFunc(billed, func(a, b Billed) int { return cmp.Or(cmp.Compare(a.Number, b.Number), a.Start.Compare(b.Start)) })
	slices.SortStableFunc(seen, func(a, b Seen) int { return cmp.Or(cmp.Compare(a.Number, b.Number), a.Start.Compare(b.Start)) })
	m := at(billed, seen, wholeOffset(billed, seen))
	if fine := middle(m.Pairs); fine != 0 && len(m.Pairs) > 0 {
		if n := at(billed, seen, fine); len(n.Pairs) >= len(m.Pairs) {
			m = n
		}
	}
	return m
}

// wholeOffset is the shift by half hours, as of a wrong time zone, with which
// most fit; the smallest of those that do as well.
func wholeOffset(billed []Billed, seen []Seen) time.Duration {
	best, most := time.Duration(0), -1
	const half, furthest = 30 * time.Minute, 28
	for n := range 2*furthest + 1 {
		shift := time.Duration((n+1)/2) * half // 0, 30m, -30m, 60m …
		if n%2 == 0 {
			shift = -shift
		}
		if fits := len(at(billed, seen, shift).Pairs); fits > most {
			best, most = shift, fits
		}
	}
	return best
}

// middle is the median of what the bills are later than the calls.
func middle(pairs []Pair) time.Duration {
	if len(pairs) == 0 {
		return 0
	}
	apart := make([]time.Duration, len(pairs))
	for i, p := range pairs {
		apart[i] = p.Billed.Start.Sub(p.Seen.Start)
	}
	slices.Sort(apart)
	return apart[len(apart)/2]
}

// at pairs with a given offset. Both lists are in the order of number and start.
// Of one number, the first bill takes the first call that is near enough: as all
// reach equally far, no other way pairs more.
func at(billed []Billed, seen []Seen, offset time.Duration) Match {
	m := Match{Offset: offset}
	taken := make([]bool, len(seen))
	var masked []*Billed
	j := 0
	for i := range billed {
		b := &billed[i]
		if b.Masked {
			masked = append(masked, b)
			continue
		}
		when := b.Start.Add(-offset)
		for j < len(seen) && (seen[j].Number < b.Number || seen[j].Number == b.Number && seen[j].Start.Before(when.Add(-Tolerance))) {
			j++
		}
		if j < len(seen) && seen[j].Number == b.Number && !seen[j].Start.After(when.Add(Tolerance)) {
			m.Pairs = append(m.Pairs, Pair{b, &seen[j]})
			taken[j] = true
			j++
			continue
		}
		m.NotSeen = append(m.NotSeen, b)
	}
	m.unmask(masked, seen, taken)
	for k := range seen {
		if !taken[k] {
			m.NotBilled = append(m.NotBilled, &seen[k])
		}
	}
	return m
}

// unmask pairs bills that hide the end of the number, with what is left.
func (m *Match) unmask(masked []*Billed, seen []Seen, taken []bool) {
	slices.SortStableFunc(masked, func(a, b *Billed) int { return a.Start.Compare(b.Start) })
	for _, b := range masked {
		when := b.Start.Add(-m.Offset)
		first, _ := slices.BinarySearchFunc(seen, b.Number, func(s Seen, n string) int { return strings.Compare(s.Number, n) })
		best := -1
		for k := first; k < len(seen) && strings.HasPrefix(seen[k].Number, b.Number); k++ {
			if !taken[k] && seen[k].Start.Sub(when).Abs() <= Tolerance && (best < 0 || seen[k].Start.Before(seen[best].Start)) {
				best = k
			}
		}
		if best < 0 {
			m.NotSeen = append(m.NotSeen, b)
			continue
		}
		taken[best] = true
		m.Pairs = append(m.Pairs, Pair{b, &seen[best]})
	}
}
