package attack

import (
	"time"

	"tollwatch/sensor/lab/plan"
)

// hairpinSources calls the site, which calls the thief's numbers. From says by
// what: forwarded, redirected, transferred or dialled.
func hairpinSources(t *thief) []plan.Source {
	how := plan.Dialled
	for h := plan.Forwarded; h <= plan.Dialled; h++ {
		if h.String() == t.From {
			how = h
		}
	}
	h := hairpin{thief: t, how: how, cli: plan.Home()[0].Draw(t.rng), direct: t.rng.IntN(2) == 0}
	return []plan.Source{t.pulse(h.call)}
}

// hairpin is one way through the site.
type hairpin struct {
	*thief
	how    plan.How
	cli    string
	direct bool // to a DISA or an attendant that answers at once, not to a mailbox behind a telephone
}

func (h *hairpin) call(at time.Time, _ int) (plan.Item, bool) {
	c := h.inbound(at, h.cli)
	number := h.number(h.rng.IntN(len(h.numbers)))
	if h.how == plan.Forwarded {
		number = h.numbers[0][0] // a forward has one target
	}
	talk := h.talk()
	o := &plan.Onward{How: h.how, Number: number, SentToTrunk: plan.Written(number, h.site.TrunkFormat), After: time.Second, Duration: talk}
	c.Onward, c.Outcome, c.AnswerAfter, c.Duration = o, plan.Answered, 3*time.Second, talk
	switch h.how {
	case plan.Forwarded:
		o.Instead, o.After, c.RingAfter = true, 20*time.Millisecond, 0
	case plan.Transferred:
		o.After = c.AnswerAfter + time.Second
	case plan.Dialled:
		h.press(c)
	default:
	}
	if h.rng.Float64() >= h.Answer {
		h.inVain(c)
	}
	return c.Begin(), true
}

// press is how keys reach the number: the mailbox or DISA is spoken to first.
func (h *hairpin) press(c *plan.Call) {
	const patience, key = 20 * time.Second, 400 * time.Millisecond
	o := c.Onward
	c.Voicemail, c.AnswerAfter = true, patience
	if h.direct {
		o.Instead, c.RingAfter, c.AnswerAfter = true, 0, 2*time.Second
	}
	c.Digits = "*1234#" + h.site.OutsidePrefix + plan.Written(o.Number, plan.National) + "#"
	spoken := time.Duration(len(c.Digits))*key + 2*time.Second
	o.After = c.AnswerAfter + spoken
	c.Duration = spoken + o.Duration
}

// inVain is a number that nobody answers. Who called the site hears it ring, or
// is talking to the site already.
func (h *hairpin) inVain(c *plan.Call) {
	const rings = 30 * time.Second
	o := c.Onward
	o.Duration = 0
	if h.how == plan.Forwarded || h.how == plan.Redirected {
		c.Outcome, c.AnswerAfter, c.Duration = plan.NoAnswer, o.After+rings, 0
		return
	}
	c.Duration = o.After - c.AnswerAfter + rings
}

// wangiriSources rings once at one extension after the other. One person in
// twenty, or as Answer says, calls back within the hour.
func wangiriSources(t *thief) []plan.Source {
	back := &plan.Pending{}
	ring := t.pulse(func(at time.Time, _ int) (plan.Item, bool) {
		number := t.number(t.rng.IntN(len(t.numbers)))
		i := t.rng.IntN(t.site.Extensions)
		c := t.inbound(at, number)
		c.Extension, c.SentToTrunk = plan.ExtensionName(i), plan.Written(plan.ExtensionNumber(i), t.site.TrunkFormat)
		c.Outcome, c.AnswerAfter, c.Preparation = plan.Cancelled, c.RingAfter+plan.Between(t.rng, time.Second, 4*time.Second), true
		when := at.Add(plan.Between(t.rng, time.Minute, time.Hour))
		if t.rng.Float64() < t.Answer && when.Before(t.end) {
			o := t.call(when, plan.Outbound)
			o.From(i)
			o.To(t.site, number)
			o.RingAfter, o.AnswerAfter, o.Outcome, o.Duration = time.Second, 2*time.Second, plan.Answered, t.talk()
			back.Add(o.Begin())
		}
		return c.Begin(), true
	})
	return []plan.Source{ring, back}
}

// pumpingSources calls from ever other numbers, for exactly a minute.
func pumpingSources(t *thief) []plan.Source {
	return []plan.Source{t.pulse(func(at time.Time, _ int) (plan.Item, bool) {
		c := t.inbound(at, plan.Home()[t.rng.IntN(len(plan.Home()))].Draw(t.rng))
		c.Outcome, c.AnswerAfter, c.Duration = plan.Answered, c.RingAfter+2*time.Second, time.Minute
		c.SentToTrunk = plan.Written(plan.TollFree, t.site.TrunkFormat)
		return c.Begin(), true
	})}
}

// forgedSources sends calls in the names of the site's telephones.
func forgedSources(t *thief) []plan.Source {
	return []plan.Source{t.pulse(func(at time.Time, _ int) (plan.Item, bool) {
		c := t.outbound(at, t.rng.IntN(t.site.Extensions), t.number(t.rng.IntN(len(t.numbers))))
		c.Forged, c.Preparation, c.Media = true, true, plan.Silent
		t.course(c)
		return c.Begin(), true
	})}
}
