package scenario

import (
	"math"
	"math/rand/v2"
	"time"
)

// honest is what the people of the site do in one direction.
type honest struct {
	*arrivals
	rng       *rand.Rand
	p         *Parameters
	direction Direction
	desks     *desks
	contacts  *contacts
}

func newHonest(p *Parameters, zone *time.Location, seed uint64, d Direction, desks *desks) *honest {
	perDay := [...]float64{Outbound: p.Office.Outbound, Inbound: p.Office.Inbound, Internal: p.Office.Internal}[d]
	return &honest{
		arrivals:  newArrivals(p, zone, seed, uint64(d), perDay),
		rng:       newRand(seed, streamCalls+uint64(d)),
		p:         p,
		direction: d,
		desks:     desks,
		contacts:  newContacts(&p.Office, seed),
	}
}

func (h *honest) take() (Call, bool) {
	c := Call{Start: h.now, Direction: h.direction, Entry: FromPhone}
	h.advance()
	switch h.direction {
	case Outbound:
		return h.outbound(c)
	case Inbound:
		return h.inbound(c), true
	}
	return h.internal(c)
}

func (h *honest) outbound(c Call) (Call, bool) {
	i, ok := h.desks.any(h.rng, c.Start, -1)
	if !ok {
		return c, false
	}
	h.course(&c, between(h.rng, 600*time.Millisecond, 2500*time.Millisecond))
	c.from(i)
	c.to(h.p, h.contacts.draw(h.rng))
	if c.Outcome == Answered && h.rng.Float64() < h.p.Office.Digits {
		c.Digits = digits(h.rng, 1+h.rng.IntN(4))
	}
	h.desks.occupy(i, c.end())
	return c, true
}

// inbound calls reach an extension that may be busy, and, when nobody answers,
// its mailbox.
func (h *honest) inbound(c Call) Call {
	i := h.rng.IntN(h.p.Extensions)
	h.course(&c, between(h.rng, 80*time.Millisecond, 250*time.Millisecond))
	if !h.desks.free(i, c.Start) {
		c.refuse(Busy, c.RingAfter)
	}
	c.Extension, c.Number = extensionName(i), h.contacts.draw(h.rng)
	c.CLI, c.SentToTrunk = c.Number, Written(extensionNumber(i), TrunkFormat(h.p.Wire.TrunkFormat))
	mailbox := c.Outcome == Cancelled || c.Outcome == NoAnswer
	if mailbox && h.rng.Float64() < h.p.Office.Voicemail {
		c.Outcome, c.Voicemail = Answered, true
		c.AnswerAfter = c.RingAfter + 20*time.Second
		c.Duration = between(h.rng, 8*time.Second, 40*time.Second)
	}
	if !c.Voicemail && c.Outcome != Busy {
		h.desks.occupy(i, c.end())
	}
	return c
}

// internal calls go to a colleague, one in eight to the caller's mailbox.
func (h *honest) internal(c Call) (Call, bool) {
	i, ok := h.desks.any(h.rng, c.Start, -1)
	if !ok {
		return c, false
	}
	c.from(i)
	c.CLI = c.Extension
	if h.rng.IntN(8) == 0 {
		c.Peer, c.Voicemail, c.Digits = "*98", true, digits(h.rng, 4)
		c.Outcome, c.AnswerAfter = Answered, 100*time.Millisecond
		c.Duration = between(h.rng, 10*time.Second, 60*time.Second)
	} else {
		h.course(&c, between(h.rng, 80*time.Millisecond, 250*time.Millisecond))
		j := (i + 1 + h.rng.IntN(h.p.Extensions-1)) % h.p.Extensions
		if !h.desks.free(j, c.Start) {
			c.refuse(Busy, c.RingAfter)
		} else {
			h.desks.occupy(j, c.end())
		}
		c.Peer = extensionName(j)
	}
	c.DialledByPhone = c.Peer
	h.desks.occupy(i, c.end())
	return c, true
}

func (c *Call) from(i int) { c.Extension, c.CLI = extensionName(i), extensionNumber(i) }

// to sets the number that is called, and how phone and PBX write it.
func (c *Call) to(p *Parameters, number string) {
	c.Number = number
	c.DialledByPhone = p.Wire.OutsidePrefix + Written(number, National)
	c.SentToTrunk = Written(number, TrunkFormat(p.Wire.TrunkFormat))
}

func (c *Call) end() time.Time { return c.Start.Add(c.AnswerAfter + c.Duration) }

func (c *Call) refuse(o Outcome, after time.Duration) {
	c.Outcome, c.AnswerAfter, c.RingAfter, c.Duration = o, after, 0, 0
}

// course draws how the call goes once the other side knows of it.
func (h *honest) course(c *Call, reached time.Duration) {
	c.RingAfter = reached
	if h.rng.Float64() < h.p.Office.Answer {
		c.Outcome = Answered
		c.AnswerAfter = reached + between(h.rng, 4*time.Second, 12*time.Second)
		c.Duration = h.talk()
		c.CalleeEnds = h.rng.IntN(2) == 0
		return
	}
	switch u := h.rng.Float64(); {
	case u < .25:
		c.refuse(Busy, reached)
	case u < .70:
		c.Outcome, c.AnswerAfter = Cancelled, reached+between(h.rng, 5*time.Second, 35*time.Second)
	case u < .85:
		c.Outcome, c.AnswerAfter = NoAnswer, reached+between(h.rng, 45*time.Second, 60*time.Second)
	case u < .92:
		c.Outcome, c.AnswerAfter = Rejected, reached+between(h.rng, 2*time.Second, 10*time.Second)
	default:
		c.refuse(Failed, reached)
	}
}

// talk is lognormal, at least a second.
func (h *honest) talk() time.Duration {
	o := &h.p.Office
	s := o.TalkMedian.Seconds() * math.Exp(o.TalkSigma*h.rng.NormFloat64())
	s = min(max(s, 1), o.TalkMost.Seconds())
	return time.Duration(s * float64(time.Second)).Round(time.Millisecond)
}

func digits(rng *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = '0' + byte(rng.IntN(10))
	}
	return string(b)
}
