package attack

import (
	"math"
	"math/rand/v2"
	"net/netip"
	"slices"
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
	stolen     int        // how many there are
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
	t.phone, t.stolen = phone, min(max(a.Extensions, 1), site.Extensions)
	for _, d := range t.destinations() {
		if list := t.numbersOf(d); list != nil {
			t.numbers = append(t.numbers, list)
		}
	}
	return t
}

// destinations are what is called of Destinations.
func (t *thief) destinations() []string {
	if t.Customary && len(t.site.Customary) > 0 {
		return t.site.Customary[:1]
	}
	if t.New == 0 {
		return t.Destinations
	}
	// Where the site calls anyway comes last, for want of others.
	list := slices.Clone(t.Destinations)
	slices.SortStableFunc(list, func(a, b string) int { return t.familiar(a) - t.familiar(b) })
	return list[:min(t.New, len(list))]
}

// familiar is 1 where the site calls anyway.
func (t *thief) familiar(destination string) int {
	if r, ok := plan.RangeOf(destination); ok && slices.Contains(t.site.Customary, r.Prefix) {
		return 1
	}
	return 0
}

// numbersOf draws those of a block; a whole number stands for itself.
func (t *thief) numbersOf(destination string) []string {
	if plan.Whole(destination) {
		return []string{destination}
	}
	r, ok := plan.RangeOf(destination)
	if !ok {
		return nil // checked
	}
	list := make([]string, max(t.Numbers, 1))
	for i := range list {
		list[i] = r.Draw(t.rng)
	}
	return list
}

// extension is one of those that are stolen, in turn.
func (t *thief) extension(n int) int { return (t.phone + n%t.stolen) % t.site.Extensions }

// few is how many addresses stand in one network.
const few = 4

// address is one of the thief's, in turn. A few are of one network (RFC 5737);
// many are of as many networks (RFC 2544 §C.2.2), as those of a botnet.
func (t *thief) address(n int) netip.Addr {
	if t.Addresses <= few {
		return netip.AddrFrom4([4]byte{198, 51, 100, byte(1 + n%max(t.Addresses, 1))})
	}
	n %= t.Addresses
	network, host := n%512, n/512
	return netip.AddrFrom4([4]byte{198, byte(18 + network/256), byte(network), byte(1 + host%254)})
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
		mean = min(mean/math.Pow(1+t.Growth, at.Sub(t.begin).Hours()/168), float64(520*week))
	}
	uneven := 1 + t.Unevenness*(2*t.rng.Float64()-1)
	return max(time.Duration(mean*uneven).Round(time.Millisecond), time.Millisecond)
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
