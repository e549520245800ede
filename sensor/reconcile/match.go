package reconcile

import (
	"cmp"
	"slices"
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
	Number   string // E.164 with +, or the digits of a short code
	Masked   bool   // Number is but its beginning
	Prefix   string // the row of the table of prices, where it is known
	Country  string // ISO 3166-1 alpha-2, where it is known
	Cost     float64
	Priced   bool
	Estimate float64 // EUR, by the table of prices
}

// Money is what the call cost, or, where the bill does not say, the estimate.
func (b *Billed) Money() float64 {
	if b.Priced {
		return b.Cost
	}
	return b.Estimate
}

// Seen is an answered outbound call that the sensor saw.
type Seen struct {
	ID        string // Call-ID
	Start     time.Time
	Duration  time.Duration
	Number    string // as in Billed
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

// fits says that the durations agree.
func (p Pair) fits() bool { return misfit(p.Billed.Duration, p.Seen.Duration) == 0 }

// Match is how the bills and the calls fit.
type Match struct {
	Offset    time.Duration // that the bills' clock is ahead
	Pairs     []Pair
	NotSeen   []*Billed
	Doubtful  []*Billed // fit a call but for some half hours: is it the time zone, or another call?
	NotBilled []*Seen
}

// PairUp pairs the bills and the calls. Both are sorted in place.
func PairUp(billed []Billed, seen []Seen) Match {
	slices.SortStableFunc(billed, func(a, b Billed) int { return a.Start.Compare(b.Start) })
	slices.SortStableFunc(seen, func(a, b Seen) int { return cmp.Or(cmp.Compare(a.Number, b.Number), a.Start.Compare(b.Start)) })
	t := newTable(billed, seen)
	zero := t.pair(0)
	shift, shifted := t.shift(zero)
	m := zero
	if shifted.believable(zero) {
		m = shifted
	}
	if fine := middle(m.Pairs); len(m.Pairs) > 0 && fine != m.Offset {
		if n := t.pair(fine); len(n.Pairs) >= len(m.Pairs) {
			m = n
		}
	}
	t.improve(&m)
	if shift != 0 && !shifted.believable(zero) {
		m.doubt(shifted)
	}
	return m
}

// shift is the offset by half hours, as of a wrong time zone, with which most
// fit; the smallest of those that do as well.
func (t *table) shift(zero Match) (time.Duration, Match) {
	best, most := zero, zero.fitting()
	const half, furthest = 30 * time.Minute, 28
	for n := 1; n <= 2*furthest; n++ {
		by := time.Duration((n+1)/2) * half // 30m, -30m, 60m …
		if n%2 == 0 {
			by = -by
		}
		if m := t.pair(by); m.fitting() > most {
			best, most = m, m.fitting()
		}
	}
	return best.Offset, best
}

func (m *Match) fitting() (n int) {
	for _, p := range m.Pairs {
		if p.fits() {
			n++
		}
	}
	return n
}

// believable says that an offset by half hours is no coincidence: thieves call
// one number again and again, so that a few fits with one number prove little.
func (m *Match) believable(zero Match) bool {
	numbers := map[string]bool{}
	for _, p := range m.Pairs {
		if p.fits() {
			numbers[p.Billed.Number] = true
		}
	}
	fits := m.fitting()
	return fits >= 3 && len(numbers) >= 2 && fits > 2*zero.fitting()
}

// doubt takes out of what was not seen the bills that would fit with an offset
// which too little speaks for.
func (m *Match) doubt(shifted Match) {
	would := map[*Billed]bool{}
	for _, p := range shifted.Pairs {
		if p.fits() {
			would[p.Billed] = true
		}
	}
	m.NotSeen = slices.DeleteFunc(m.NotSeen, func(b *Billed) bool {
		if would[b] {
			m.Doubtful = append(m.Doubtful, b)
		}
		return would[b]
	})
}

// middle is the median of what the bills are later than the calls, those that
// fit in duration before all others.
func middle(pairs []Pair) time.Duration {
	var fit, all []time.Duration
	for _, p := range pairs {
		apart := p.Billed.Start.Sub(p.Seen.Start)
		all = append(all, apart)
		if p.fits() {
			fit = append(fit, apart)
		}
	}
	if len(fit) > 0 {
		all = fit
	}
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[len(all)/2]
}
