package attack

import (
	"math"
	"math/rand/v2"
	"time"

	"tollwatch/sensor/lab/plan"
)

// pulse makes one item after the other. It ends with the attack, or when Most
// are made.
type pulse struct {
	t    *thief
	now  time.Time
	made int
	item func(at time.Time, n int) (plan.Item, bool) // the n-th, from 0; false when there is none at that time
	next func(at time.Time) time.Time
}

// pulse begins with the attack and goes on by its rate.
func (t *thief) pulse(item func(at time.Time, n int) (plan.Item, bool)) *pulse {
	return &pulse{t: t, now: t.begin, item: item, next: func(at time.Time) time.Time { return at.Add(t.gap(at)) }}
}

// At is the time of the next item.
func (p *pulse) At() (time.Time, bool) {
	return p.now, p.now.Before(p.t.end) && (p.t.Most == 0 || p.made < p.t.Most)
}

// Take makes the next item.
func (p *pulse) Take() (plan.Item, bool) {
	it, ok := p.item(p.now, p.made)
	if ok {
		p.made++
		p.t.made = p.made
	}
	p.now = p.next(p.now)
	return it, ok
}

// lognormal draws a span of which one in ten lies outside least and most.
func lognormal(rng *rand.Rand, least, most time.Duration) time.Duration {
	const ninetyFive = 1.645 // standard deviations
	low, high := math.Log(least.Seconds()), math.Log(most.Seconds())
	s := math.Exp((low+high)/2 + (high-low)/2/ninetyFive*rng.NormFloat64())
	return time.Duration(max(s, 1) * float64(time.Second)).Round(time.Millisecond)
}
