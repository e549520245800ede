package honest

import (
	"math"
	"math/rand/v2"
	"time"

	"tollwatch/sensor/lab/plan"
)

// people is what the people of the site do in one direction.
type people struct {
	*arrivals
	rng       *rand.Rand
	site      *plan.Site
	traffic   *Traffic
	direction plan.Direction
	contacts  *contacts
	later     *plan.Pending // what follows from a call
}

func newPeople(site *plan.Site, t *Traffic, d plan.Direction, c *contacts, later *plan.Pending) *people {
	perDay := [...]float64{plan.Outbound: t.Outbound, plan.Inbound: t.Inbound, plan.Internal: t.Internal}[d]
	return &people{
		arrivals:  newArrivals(site, t, uint64(d), perDay),
		rng:       site.Rand(plan.StreamCalls + uint64(d)),
		site:      site,
		traffic:   t,
		direction: d,
		contacts:  c,
		later:     later,
	}
}

// Take makes the call, if somebody is free.
func (h *people) Take() (plan.Item, bool) {
	c := &plan.Call{Start: h.now, Direction: h.direction, Entry: plan.FromPhone}
	h.advance()
	ok := true
	switch h.direction {
	case plan.Outbound:
		ok = h.outbound(c)
	case plan.Inbound:
		h.inbound(c)
	case plan.Internal:
		ok = h.internal(c)
	}
	return c.Begin(), ok
}

func (h *people) outbound(c *plan.Call) bool {
	i, ok := h.site.Desks.Any(h.rng, c.Start, -1)
	if !ok {
		return false
	}
	h.course(c, plan.Between(h.rng, 600*time.Millisecond, 2500*time.Millisecond))
	c.From(i)
	c.To(h.site, h.contacts.orPremium(h.contacts.draw(h.rng, c.Start)))
	if h.traffic.GuestsLonger > 0 && h.contacts.ofGuests(c.Number, c.Start) {
		c.Duration = min(longer(c.Duration, h.traffic.GuestsLonger), h.traffic.TalkMost)
	}
	if c.Outcome == plan.Answered && h.rng.Float64() < h.traffic.Digits {
		c.Digits = plan.Digits(h.rng, 1+h.rng.IntN(4))
	}
	h.site.Desks.Occupy(i, c.End())
	h.afterOutbound(c, i)
	return true
}

// inbound calls reach an extension that may be busy, and, when nobody answers,
// its mailbox.
func (h *people) inbound(c *plan.Call) {
	i := h.rng.IntN(h.site.Extensions)
	h.course(c, plan.Between(h.rng, 80*time.Millisecond, 250*time.Millisecond))
	if !h.site.Desks.Free(i, c.Start) {
		c.Refuse(plan.Busy, c.RingAfter)
	}
	c.Extension, c.Number = plan.ExtensionName(i), h.contacts.draw(h.rng, c.Start)
	c.Trunk = h.site.TrunkOf(c.Number)
	c.CLI, c.SentToTrunk = c.Number, plan.Written(plan.ExtensionNumber(i), h.site.TrunkFormat)
	mailbox := c.Outcome == plan.Cancelled || c.Outcome == plan.NoAnswer
	if mailbox && h.rng.Float64() < h.traffic.Voicemail {
		c.Outcome, c.Voicemail = plan.Answered, true
		c.AnswerAfter = c.RingAfter + 20*time.Second
		c.Duration = plan.Between(h.rng, 8*time.Second, 40*time.Second)
	}
	if !c.Voicemail && c.Outcome != plan.Busy {
		h.site.Desks.Occupy(i, c.End())
	}
	h.afterInbound(c, i)
}

// internal calls go to a colleague, one in eight to the caller's mailbox.
func (h *people) internal(c *plan.Call) bool {
	i, ok := h.site.Desks.Any(h.rng, c.Start, -1)
	if !ok {
		return false
	}
	c.From(i)
	c.CLI = c.Extension
	if h.rng.IntN(8) == 0 {
		c.Peer, c.Voicemail, c.Digits = "*98", true, plan.Digits(h.rng, 4)
		c.Outcome, c.AnswerAfter = plan.Answered, 100*time.Millisecond
		c.Duration = plan.Between(h.rng, 10*time.Second, 60*time.Second)
	} else {
		h.course(c, plan.Between(h.rng, 80*time.Millisecond, 250*time.Millisecond))
		j := (i + 1 + h.rng.IntN(h.site.Extensions-1)) % h.site.Extensions
		if !h.site.Desks.Free(j, c.Start) {
			c.Refuse(plan.Busy, c.RingAfter)
		} else {
			h.site.Desks.Occupy(j, c.End())
		}
		c.Peer = plan.ExtensionName(j)
	}
	c.DialledByPhone = c.Peer
	h.site.Desks.Occupy(i, c.End())
	return true
}

// course draws how the call goes once the other side knows of it.
func (h *people) course(c *plan.Call, reached time.Duration) {
	c.RingAfter = reached
	if h.rng.Float64() < h.traffic.Answer {
		c.Outcome = plan.Answered
		c.AnswerAfter = reached + plan.Between(h.rng, 4*time.Second, 12*time.Second)
		c.Duration = h.talk()
		c.CalleeEnds = h.rng.IntN(2) == 0
		return
	}
	switch u := h.rng.Float64(); {
	case u < .25:
		c.Refuse(plan.Busy, reached)
	case u < .70:
		c.Outcome, c.AnswerAfter = plan.Cancelled, reached+plan.Between(h.rng, 5*time.Second, 35*time.Second)
	case u < .85:
		c.Outcome, c.AnswerAfter = plan.NoAnswer, reached+plan.Between(h.rng, 45*time.Second, 60*time.Second)
	case u < .92:
		c.Outcome, c.AnswerAfter = plan.Rejected, reached+plan.Between(h.rng, 2*time.Second, 10*time.Second)
	default:
		c.Refuse(plan.Failed, reached)
	}
}

func (h *people) talk() time.Duration {
	return lognormal(h.rng, h.traffic.TalkMedian, h.traffic.TalkSigma, h.traffic.TalkMost)
}

// longer is a talk by a share of itself.
func longer(d time.Duration, by float64) time.Duration {
	return time.Duration(float64(d) * (1 + by)).Round(time.Millisecond)
}

// lognormal draws the length of a talk, at least a second.
func lognormal(rng *rand.Rand, median time.Duration, sigma float64, most time.Duration) time.Duration {
	s := median.Seconds() * math.Exp(sigma*rng.NormFloat64())
	s = min(max(s, 1), most.Seconds())
	return time.Duration(s * float64(time.Second)).Round(time.Millisecond)
}
