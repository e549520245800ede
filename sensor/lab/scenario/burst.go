package scenario

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// burst is an attack: a machine dials from one extension, without pause.
type burst struct {
	rng     *rand.Rand
	p       *Parameters
	a       *Attack
	id      string
	phone   int
	numbers [][]string // of each destination
	now     time.Time
	end     time.Time
}

func newBurst(p *Parameters, i int, seed uint64) *burst {
	a := &p.Attacks[i]
	b := &burst{rng: newRand(seed, streamAttacks+uint64(i)), p: p, a: a, id: p.AttackID(i),
		now: p.Start.Add(a.After)}
	b.end = b.now.Add(a.Length)
	if last := p.Start.Add(p.Length); b.end.After(last) {
		b.end = last
	}
	phone, ok := p.phone(a.Extension)
	if !ok {
		phone = b.rng.IntN(p.Extensions)
	}
	b.phone = phone
	for _, d := range a.Destinations {
		r, _ := rangeOf(d) // checked
		list := make([]string, a.Numbers)
		for j := range list {
			list[j] = r.draw(b.rng)
		}
		b.numbers = append(b.numbers, list)
	}
	return b
}

func (b *burst) at() (time.Time, bool) { return b.now, b.now.Before(b.end) }

func (b *burst) take() (Call, bool) {
	c := Call{Start: b.now, Direction: Outbound, Entry: FromPhone, Label: b.a.Label, AttackID: b.id}
	if b.a.From == FromInternet.String() {
		c.Entry = FromInternet
	}
	c.from(b.phone)
	list := b.numbers[b.rng.IntN(len(b.numbers))]
	c.to(b.p, list[b.rng.IntN(len(list))])
	c.RingAfter = between(b.rng, 800*time.Millisecond, 2*time.Second)
	c.AnswerAfter = c.RingAfter + between(b.rng, 0, 1500*time.Millisecond)
	c.Outcome, c.Duration = Answered, between(b.rng, b.a.TalkLeast, b.a.TalkMost)
	if b.rng.Float64() >= b.a.Answer {
		c.Outcome, c.Duration = Cancelled, 0
	}
	b.now = b.now.Add(b.gap())
	return c, true
}

// gap is the mean, more or less; at least a millisecond, so that time goes on.
func (b *burst) gap() time.Duration {
	mean := time.Duration(60 / b.a.CallsPerMinute * float64(time.Second))
	u := b.a.Unevenness
	return max(between(b.rng, time.Duration(float64(mean)*(1-u)), time.Duration(float64(mean)*(1+u))), time.Millisecond)
}

// AttackID tells the attacks of a scenario apart.
func (p *Parameters) AttackID(i int) string { return fmt.Sprintf("%s-%d", p.Attacks[i].Label, i+1) }
