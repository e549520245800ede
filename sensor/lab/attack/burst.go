package attack

import (
	"slices"
	"time"

	"tollwatch/sensor/lab/plan"
)

// burst dials without pause.
type burst struct {
	*thief
	held    [][]time.Time // ends of the calls of each stolen extension
	day     int
	minutes []float64 // talked to each destination on that day
}

func burstSources(t *thief) []plan.Source {
	b := &burst{thief: t, held: make([][]time.Time, t.stolen), minutes: make([]float64, len(t.numbers))}
	return []plan.Source{t.pulse(b.dial)}
}

func (b *burst) dial(at time.Time, n int) (plan.Item, bool) {
	slot, ok := b.slot(n, at)
	if !ok {
		return plan.Item{}, false
	}
	destination, ok := b.destination(at)
	if !ok {
		return plan.Item{}, false
	}
	c := b.outbound(at, b.extension(slot), b.number(destination))
	b.course(c)
	if c.Outcome == plan.Answered {
		b.minutes[destination] += c.Duration.Minutes()
		if b.ForgedBye {
			c.ForgedBye = c.AnswerAfter + min(time.Second, c.Duration/2)
		}
	}
	if b.Parallel > 0 {
		b.held[slot] = append(b.held[slot], c.End())
	}
	return c.Begin(), true
}

// slot is the extension whose turn it is, or the next one that may hold one
// more call.
func (b *burst) slot(n int, at time.Time) (int, bool) {
	for i := range b.held {
		if slot := (n + i) % len(b.held); b.free(slot, at) {
			return slot, true
		}
	}
	return 0, false
}

func (b *burst) free(slot int, at time.Time) bool {
	if b.Parallel == 0 {
		return true
	}
	b.held[slot] = slices.DeleteFunc(b.held[slot], func(end time.Time) bool { return !end.After(at) })
	return len(b.held[slot]) < b.Parallel
}

// destination draws one to which the day's minutes are not used up.
func (b *burst) destination(at time.Time) (int, bool) {
	if day := at.YearDay(); day != b.day {
		b.day = day
		clear(b.minutes)
	}
	first := b.rng.IntN(len(b.numbers))
	for i := range b.numbers {
		d := (first + i) % len(b.numbers)
		if b.RangeMinutes == 0 || b.minutes[d] < b.RangeMinutes {
			return d, true
		}
	}
	return 0, false
}
