package reconcile

import (
	"math"
	"slices"
	"time"
)

// Rate is what a row of the table of prices really costs.
type Rate struct {
	Billed float64 // EUR a minute, the median
	Table  float64
	Calls  int
}

// enough calls must show a price before it is believed, and it must differ from
// the table's by more than a tenth. Of a call that is too short, the price of a
// minute cannot be told.
const (
	enough   = 3
	differ   = .10
	shortest = 30 * time.Second
)

// prices are what bills show of each row of the table.
type prices map[string]*price

// price is what the bills of one row show.
type price struct {
	bySecond, byMinute []float64 // EUR a minute of each call, if it is billed so
	table              float64
	rate               float64 // the median
	minutes            bool    // started minutes are billed
}

func pricesOf(pairs []Pair) prices {
	ps := prices{}
	for _, p := range pairs {
		b := p.Billed
		if !b.Priced || b.Cost <= 0 || b.Duration < shortest || p.Seen.Prefix == "" {
			continue // what is included in a flat rate shows no price
		}
		of := ps[p.Seen.Prefix]
		if of == nil {
			of = &price{table: p.Seen.Rate}
			ps[p.Seen.Prefix] = of
		}
		of.bySecond = append(of.bySecond, b.Cost/b.Duration.Minutes())
		of.byMinute = append(of.byMinute, b.Cost/started(b.Duration))
	}
	for _, of := range ps {
		bySecond, byMinute := median(of.bySecond), median(of.byMinute)
		of.rate, of.minutes = bySecond, false
		if spread(of.byMinute, byMinute) < spread(of.bySecond, bySecond) {
			of.rate, of.minutes = byMinute, true
		}
	}
	return ps
}

func started(d time.Duration) float64 { return math.Ceil(d.Minutes()) }

// median sorts what it is given.
func median(all []float64) float64 {
	slices.Sort(all)
	return all[len(all)/2]
}

// spread is how far, for its size, half of the values are from the middle one.
func spread(all []float64, middle float64) float64 {
	apart := make([]float64, len(all))
	for i, x := range all {
		apart[i] = math.Abs(x-middle) / middle
	}
	return median(apart)
}

// corrections are the prices that take the place of the table's.
func (ps prices) corrections() map[string]Rate {
	out := map[string]Rate{}
	for prefix, of := range ps {
		if n := len(of.bySecond); n >= enough && math.Abs(of.rate-of.table) > differ*max(of.table, .01) {
			out[prefix] = Rate{Billed: of.rate, Table: of.table, Calls: n}
		}
	}
	return out
}

// dearer says that a call cost more than others of its kind; where there are too
// few of those, more than twice the estimate.
func (ps prices) dearer(p Pair) (expected float64, dearer bool) {
	of := ps[p.Seen.Prefix]
	if of == nil || !p.Billed.Priced {
		return 0, false
	}
	rate, factor := of.table, 2.0
	if len(of.bySecond) >= enough {
		rate, factor = of.rate, 1+differ
	}
	minutes := p.Billed.Duration.Minutes()
	if of.minutes || minutes < 1 {
		minutes = started(p.Billed.Duration)
	}
	const cents = .02 // of rounding
	expected = math.Round(rate*minutes*1e4) / 1e4
	return expected, p.Billed.Cost > factor*expected+cents
}
