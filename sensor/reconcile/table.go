package reconcile

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// table holds bills and calls by number, so that pairing with one offset after
// another costs no more than reading them.
type table struct {
	billed []Billed
	seen   []Seen
	groups []group // whole numbers first, then those of which more is hidden
}

// group is the bills of one number, and the calls that they may be of; both are
// places in the table, in the order of the starts.
type group struct {
	number string
	masked bool
	billed []int
	seen   []int
}

// newTable wants the bills in the order of their starts, the calls in the order
// of number and start.
func newTable(billed []Billed, seen []Seen) *table {
	type key struct {
		number string
		masked bool
	}
	t := &table{billed: billed, seen: seen}
	places := map[key]int{}
	for i := range billed {
		b := &billed[i]
		k := key{b.Number, b.Masked}
		at, known := places[k]
		if !known {
			at = len(t.groups)
			places[k] = at
			t.groups = append(t.groups, group{number: b.Number, masked: b.Masked, seen: t.candidates(b.Number, b.Masked)})
		}
		t.groups[at].billed = append(t.groups[at].billed, i)
	}
	slices.SortStableFunc(t.groups, func(a, b group) int {
		if a.masked != b.masked {
			return cmp.Compare(rank(a.masked), rank(b.masked))
		}
		return cmp.Compare(len(b.number), len(a.number))
	})
	return t
}

func rank(masked bool) int {
	if masked {
		return 1
	}
	return 0
}

// candidates are the calls to a number, or to all that begin so.
func (t *table) candidates(number string, masked bool) (places []int) {
	from, _ := slices.BinarySearchFunc(t.seen, number, func(s Seen, n string) int { return strings.Compare(s.Number, n) })
	for i := from; i < len(t.seen) && strings.HasPrefix(t.seen[i].Number, number); i++ {
		if masked || t.seen[i].Number == number {
			places = append(places, i)
		}
	}
	if masked {
		slices.SortStableFunc(places, func(a, b int) int { return t.seen[a].Start.Compare(t.seen[b].Start) })
	}
	return places
}

// pair pairs with one offset. Of one number, the first bill takes the first call
// that is near enough: as all reach equally far, no other way pairs more.
func (t *table) pair(offset time.Duration) Match {
	m := Match{Offset: offset}
	taken := make([]bool, len(t.seen))
	for _, g := range t.groups {
		next := 0
		for _, i := range g.billed {
			b := &t.billed[i]
			when := b.Start.Add(-offset)
			for next < len(g.seen) && (taken[g.seen[next]] || t.seen[g.seen[next]].Start.Before(when.Add(-Tolerance))) {
				next++
			}
			if next == len(g.seen) || t.seen[g.seen[next]].Start.After(when.Add(Tolerance)) {
				m.NotSeen = append(m.NotSeen, b)
				continue
			}
			taken[g.seen[next]] = true
			m.Pairs = append(m.Pairs, Pair{b, &t.seen[g.seen[next]]})
		}
	}
	for i := range t.seen {
		if !taken[i] {
			m.NotBilled = append(m.NotBilled, &t.seen[i])
		}
	}
	return m
}

// misfit is how far a billed duration is from what a seen one explains: a few
// seconds, or a started minute. That one does not fit weighs more than by how
// much.
func misfit(billed, seen time.Duration) time.Duration {
	const slack, weight = 5 * time.Second, 1000 * time.Hour
	started := (seen + slack + time.Minute - 1).Truncate(time.Minute)
	switch {
	case billed > started:
		return weight + billed - started
	case billed < seen-slack:
		return weight + seen - slack - billed
	}
	return 0
}
