package attack

import (
	"math"
	"math/rand/v2"
	"net/netip"
	"time"

	"tollwatch/sensor/lab/plan"
)

// thief is what all kinds of attack know.
type thief struct {
	*Attack
	site       *plan.Site
	rng        *rand.Rand
	id         string
	begin, end time.Time
	phone      int        // the first stolen extension
	numbers    [][]string // of each destination
	made       int        // items so far
}

func newThief(site *plan.Site, a *Attack, i int) *thief {
	t := &thief{Attack: a, site: site, rng: site.Rand(plan.StreamAttacks + uint64(i)), id: a.ID(i), begin: site.Start.Add(a.After)}
	t.end = t.begin.Add(a.Length)
	if last := site.End(); t.end.After(last) {
		t.end = last
	}
	phone, ok := site.Phone(a.Extension)
	if !ok {
		phone = t.rng.IntN(site.Extensions)
	}
	t.phone = phone
	for _, r := range t.ranges() {
		list := make([]string, max(a.Numbers, 1))
		for j := range list {
			list[j] = r.Draw(t.rng)
		}
		t.numbers = append(t.numbers, list)
	}
	return t
}

// ranges are the blocks that are called.
func (t *thief) ranges() []plan.Range {
	prefixes := t.Destinations
	if t.Customary && len(t.site.Customary) > 0 {
		prefixes = t.site.Customary[:1]
	}
	var ranges []plan.Range
	for _, d := range prefixes {
		if r, ok := plan.RangeOf(d); ok {
			ranges = append(ranges, r)
		}
	}
	return ranges
}

// extension is one of those that are stolen, in turn.
func (t *thief) extension(n int) int {
	return (t.phone + n%max(t.Extensions, 1)) % t.site.Extensions
}

// address is one of the thief's, in turn (RFC 5737).
func (t *thief) address(n int) netip.Addr {
	return netip.AddrFrom4([4]byte{198, 51, 100, byte(1 + n%min(max(t.Addresses, 1), 250))})
}

// number draws one of a destination.
func (t *thief) number(destination int) string {
	list := t.numbers[destination]
	return list[t.rng.IntN(len(list))]
}

func (t *thief) entry() plan.Entry {
	for e := plan.FromPhone; e <= plan.FromStranger; e++ {
		if e.String() == t.From {
			return e
		}
	}
	return plan.FromPhone
}

// gap is the mean, more or less; at least a millisecond, so that time goes on.
func (t *thief) gap(at time.Time) time.Duration {
	mean := 60 / t.CallsPerMinute * float64(time.Second)
	if t.Growth != 0 {
		mean /= math.Pow(1+t.Growth, at.Sub(t.begin).Hours()/168)
	}
	u := t.Unevenness
	return max(plan.Between(t.rng, time.Duration(mean*(1-u)), time.Duration(mean*(1+u))), time.Millisecond)
}

// talk draws the length of a call.
func (t *thief) talk() time.Duration {
	if !t.Human {
		return plan.Between(t.rng, t.TalkLeast, t.TalkMost)
	}
	return lognormal(t.rng, t.TalkLeast, t.TalkMost)
}

// outbound is a call of the thief from a stolen extension.
func (t *thief) outbound(at time.Time, phone int, number string) *plan.Call {
	c := t.call(at, plan.Outbound)
	c.Entry, c.UserAgent = t.entry(), t.UserAgent
	if c.Entry == plan.FromInternet || c.Entry == plan.FromStranger {
		c.Address = t.address(t.made)
	}
	c.From(phone)
	c.To(t.site, number)
	return c
}

func (t *thief) call(at time.Time, d plan.Direction) *plan.Call {
	return &plan.Call{Start: at, Direction: d, Entry: plan.FromPhone, Label: t.Label, AttackID: t.id, Preparation: t.Preparation}
}

// course draws how a call goes that the network serves at once.
func (t *thief) course(c *plan.Call) {
	c.RingAfter = plan.Between(t.rng, 800*time.Millisecond, 2*time.Second)
	c.AnswerAfter = c.RingAfter + plan.Between(t.rng, 0, 1500*time.Millisecond)
	c.Outcome, c.Duration = plan.Answered, t.talk()
	if t.rng.Float64() >= t.Answer {
		c.Outcome, c.Duration = plan.Cancelled, 0
	}
}
