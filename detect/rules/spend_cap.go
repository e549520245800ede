package rules

import (
	"fmt"
	"slices"
	"strings"

	"tollwatch/detect/numbering"
)

// spendCap: a cap that a person set on spending is half, nearly, or wholly consumed.
//
//   - Looks for: what calls to a class cost, running ones included, and how many
//     there are at once, against the caps of the configuration; whatever was
//     learned, and for classes without points too.
//   - Formula: lifts the score to 45 at 50 % of a cap, to 55 at 80 % and to 80 at
//     100 %, where it gives 10 at least. Of calls at once half is no news.
//   - Default: no cap is set. Each share is said once a call, hour, day or month;
//     of an hour and of calls at once again when an hour has passed and less than
//     half was used.
//   - Memory: 60 buckets of a minute, two sums and a counter for each of at most 8 caps.
//   - Misses: what the price list or the estimate prices too low; money that was
//     spent before the sensor was there, or where it does not see.
func spendCap(in *Inputs, sum float64) float64 {
	switch CapShare(in.CapPeriod, in.CapUsed, in.Cap) {
	case AllOfCap:
		return max(80-sum, 10)
	case MostOfCap:
		return max(55-sum, 0)
	case HalfOfCap:
		return max(45-sum, 0)
	}
	return 0
}

// SpendCapID is the rule's ID: its points are not the call's own.
const SpendCapID = "spend_cap"

// CapPeriod is what a figure of a cap is counted over.
type CapPeriod uint8

// The figures of a cap.
const (
	PerCall CapPeriod = iota + 1
	PerHour
	PerDay
	PerMonth
	AtOnce
)

var capPeriods = [...]string{"", "call", "hour", "day", "month", "at_once"}

func (p CapPeriod) String() string { return capPeriods[min(int(p), len(capPeriods)-1)] }

// MarshalText writes the word.
func (p CapPeriod) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads it; an empty one is no period.
func (p *CapPeriod) UnmarshalText(text []byte) error {
	i := slices.Index(capPeriods[:], string(text))
	if i < 0 {
		return fmt.Errorf("period %q of a cap: not one of this version", text)
	}
	*p = CapPeriod(i)
	return nil
}

// The shares of a cap that are told; 0 is less than half.
const (
	HalfOfCap uint8 = iota + 1
	MostOfCap
	AllOfCap
)

// CapShare says which share of a cap is used.
func CapShare(p CapPeriod, used, limit float64) uint8 {
	const rounding = 1e-6 // EUR, of sums of many parts
	used += rounding
	switch {
	case limit <= 0 || used < 0.5*limit:
		return 0
	case used >= limit:
		return AllOfCap
	case used >= 0.8*limit:
		return MostOfCap
	case p == AtOnce: // the only call of two
		return 0
	}
	return HalfOfCap
}

func spendCapText(in *Inputs) string {
	percent := 100 * in.CapUsed / in.Cap
	what := capped(in.CapClass)
	switch in.CapPeriod {
	case PerCall:
		return fmt.Sprintf("%.0f %% of the cap on a single call among %s: %.2f of %.2f EUR", percent, what, in.CapUsed, in.Cap)
	case PerHour:
		return fmt.Sprintf("%.0f %% of the hourly cap on %s: %.2f of %.2f EUR in 60 minutes", percent, what, in.CapUsed, in.Cap)
	case PerDay:
		return fmt.Sprintf("%.0f %% of the daily cap on %s: %.2f of %.2f EUR today", percent, what, in.CapUsed, in.Cap)
	case PerMonth:
		return fmt.Sprintf("%.0f %% of the monthly cap on %s: %.2f of %.2f EUR this month", percent, what, in.CapUsed, in.Cap)
	}
	return fmt.Sprintf("%.0f %s at once, the cap is %.0f", in.CapUsed, strings.TrimPrefix(what, "all "), in.Cap)
}

// capped is the calls that a cap is on.
func capped(c numbering.Class) string {
	switch c {
	case numbering.Domestic:
		return "calls to fixed lines of this country"
	case numbering.Mobile:
		return "calls to mobiles of this country"
	case numbering.International:
		return "international calls"
	case numbering.HighRisk:
		return "calls to high-risk countries"
	case numbering.Satellite:
		return "calls to satellite telephones"
	case numbering.InternationalPremium:
		return "calls to premium numbers abroad"
	case numbering.NationalPremium:
		return "calls to premium numbers of this country"
	}
	return "all calls"
}
