package reconcile

import (
	"slices"
	"strings"
	"time"
)

// reach is how many pairs to either side are looked at for a better partner: what
// competes for one call lies within minutes of it.
const reach = 500

// improve exchanges partners where the durations then fit better: of calls to
// one number at about one time, the bill of ten minutes belongs to the call of
// ten minutes, and what is left over is what was made elsewhere. The number of
// pairs stays.
func (t *table) improve(m *Match) {
	within := func(b *Billed, s *Seen) bool {
		return b.Start.Add(-m.Offset).Sub(s.Start).Abs() <= Tolerance &&
			(s.Number == b.Number || b.Masked && strings.HasPrefix(s.Number, b.Number))
	}
	for i := range m.Pairs {
		if !m.Pairs[i].fits() {
			m.exchange(i, within)
		}
	}
	at := positions(m.Pairs)
	for i, b := range m.NotSeen {
		if p := m.worst(at[b.Number], b.Start, func(p Pair) time.Duration {
			if !within(b, p.Seen) {
				return 0
			}
			return misfit(p.Billed.Duration, p.Seen.Duration) - misfit(b.Duration, p.Seen.Duration)
		}); p >= 0 {
			m.NotSeen[i], m.Pairs[p].Billed = m.Pairs[p].Billed, b
		}
	}
	for i, s := range m.NotBilled {
		if p := m.worst(at[s.Number], s.Start.Add(m.Offset), func(p Pair) time.Duration {
			if !within(p.Billed, s) {
				return 0
			}
			return misfit(p.Billed.Duration, p.Seen.Duration) - misfit(p.Billed.Duration, s.Duration)
		}); p >= 0 {
			m.NotBilled[i], m.Pairs[p].Seen = m.Pairs[p].Seen, s
		}
	}
}

// exchange finds the pair near pair i with which exchanging calls gains most.
func (m *Match) exchange(i int, within func(*Billed, *Seen) bool) {
	a := m.Pairs[i]
	best, most := -1, time.Duration(0)
	for k := max(i-reach, 0); k < min(i+reach+1, len(m.Pairs)); k++ {
		b := m.Pairs[k]
		if k == i || !within(a.Billed, b.Seen) || !within(b.Billed, a.Seen) {
			continue
		}
		now := misfit(a.Billed.Duration, a.Seen.Duration) + misfit(b.Billed.Duration, b.Seen.Duration)
		then := misfit(a.Billed.Duration, b.Seen.Duration) + misfit(b.Billed.Duration, a.Seen.Duration)
		if now-then > most {
			best, most = k, now-then
		}
	}
	if best >= 0 {
		m.Pairs[i].Seen, m.Pairs[best].Seen = m.Pairs[best].Seen, m.Pairs[i].Seen
	}
}

// positions are the pairs of each number: its first and one past its last.
// Masked bills stand behind, under what is not hidden of their number.
func positions(pairs []Pair) map[string][2]int {
	at := map[string][2]int{}
	for i, p := range pairs {
		span, known := at[p.Billed.Number]
		if !known {
			span[0] = i
		}
		span[1] = i + 1
		at[p.Billed.Number] = span
	}
	return at
}

// worst is the pair with the greatest gain, of those in span that were billed at
// about a time; -1 when none gains.
func (m *Match) worst(span [2]int, when time.Time, gain func(Pair) time.Duration) int {
	pairs := m.Pairs[span[0]:span[1]]
	first, _ := slices.BinarySearchFunc(pairs, when.Add(-2*Tolerance), func(p Pair, t time.Time) int { return p.Billed.Start.Compare(t) })
	best, most := -1, time.Duration(0)
	for i := first; i < min(len(pairs), first+2*reach) && !pairs[i].Billed.Start.After(when.Add(2*Tolerance)); i++ {
		if g := gain(pairs[i]); g > most {
			best, most = span[0]+i, g
		}
	}
	return best
}
