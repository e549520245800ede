package detect

import "math"

// limits are what the first 14 days of a site made usual.
type limits struct {
	dearest, newSpent, newNumbers, costly float64
	concurrent                            int
}

// A learned limit grows by half in a month, and never past ten times what it
// was: whoever spends a little more each week must not become usual.
const (
	growthAMonth = 1.5
	growthMost   = 10
)

// growth is by how much limits may have grown; it changes with the day.
func (m *memory) growth() float64 {
	return min(math.Pow(growthAMonth, max(float64(m.day-m.begun)-warmDays, 0)/30), growthMost)
}

// limit is a learned limit, at least the profile's; and no more than that, or
// than what the first 14 days made usual, has grown to.
func (m *memory) limit(least, first, learned float64) float64 {
	if m.learned.days <= warmDays {
		return max(least, learned)
	}
	return max(least, min(learned, max(least, first)*m.grew))
}

// grown is the same of a number of calls.
func (m *memory) grown(least, first, learned int) int {
	return int(math.Ceil(m.limit(float64(least), float64(first), float64(learned))))
}

// many is how many calls at once of an extension are usual.
func (m *memory) many(learned *many, floor int) int {
	return m.grown(floor, (3*floor+1)/2, learned.usual(m.day, floor))
}
