package attack

import (
	"math/rand/v2"
	"time"

	"tollwatch/sensor/lab/plan"
)

// burst is an attack: a machine dials from one extension, without pause.
type burst struct {
	rng     *rand.Rand
	site    *plan.Site
	a       *Attack
	id      string
	phone   int
	numbers [][]string // of each destination
	now     time.Time
	end     time.Time
}

func newBurst(site *plan.Site, a *Attack, i int) *burst {
	b := &burst{rng: site.Rand(plan.StreamAttacks + uint64(i)), site: site, a: a, id: a.ID(i), now: site.Start.Add(a.After)}
	b.end = b.now.Add(a.Length)
	if last := site.End(); b.end.After(last) {
		b.end = last
	}
	phone, ok := site.Phone(a.Extension)
	if !ok {
		phone = b.rng.IntN(site.Extensions)
	}
	b.phone = phone
	for _, d := range a.Destinations {
		r, _ := plan.RangeOf(d) // checked
		list := make([]string, a.Numbers)
		for j := range list {
			list[j] = r.Draw(b.rng)
		}
		b.numbers = append(b.numbers, list)
	}
	return b
}

// At is the time of the next call.
func (b *burst) At() (time.Time, bool) { return b.now, b.now.Before(b.end) }

// Take makes the next call.
func (b *burst) Take() (plan.Item, bool) {
	c := &plan.Call{Start: b.now, Direction: plan.Outbound, Entry: plan.FromPhone, Label: b.a.Label, AttackID: b.id}
	if b.a.From == plan.FromInternet.String() {
		c.Entry = plan.FromInternet
	}
	c.From(b.phone)
	list := b.numbers[b.rng.IntN(len(b.numbers))]
	c.To(b.site, list[b.rng.IntN(len(list))])
	c.RingAfter = plan.Between(b.rng, 800*time.Millisecond, 2*time.Second)
	c.AnswerAfter = c.RingAfter + plan.Between(b.rng, 0, 1500*time.Millisecond)
	c.Outcome, c.Duration = plan.Answered, plan.Between(b.rng, b.a.TalkLeast, b.a.TalkMost)
	if b.rng.Float64() >= b.a.Answer {
		c.Outcome, c.Duration = plan.Cancelled, 0
	}
	b.now = b.now.Add(b.gap())
	return c.Begin(), true
}

// gap is the mean, more or less; at least a millisecond, so that time goes on.
func (b *burst) gap() time.Duration {
	mean := time.Duration(60 / b.a.CallsPerMinute * float64(time.Second))
	u := b.a.Unevenness
	return max(plan.Between(b.rng, time.Duration(float64(mean)*(1-u)), time.Duration(float64(mean)*(1+u))), time.Millisecond)
}
