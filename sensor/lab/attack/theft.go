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
	cli := plan.Home()[0].Draw(t.rng)
	return []plan.Source{t.pulse(func(at time.Time, _ int) (plan.Item, bool) {
		c := t.inbound(at, cli)
		number := t.number(t.rng.IntN(len(t.numbers)))
		talk := t.talk()
		c.Onward = &plan.Onward{How: how, Number: number, SentToTrunk: plan.Written(number, t.site.TrunkFormat), After: time.Second, Duration: talk}
		c.Outcome, c.AnswerAfter, c.Duration = plan.Answered, 3*time.Second, talk
		switch how {
		case plan.Transferred:
			c.Onward.After = c.AnswerAfter + time.Second
		case plan.Dialled:
			c.Voicemail, c.AnswerAfter = true, 2*time.Second
			c.Digits = "*1234#" + t.site.OutsidePrefix + plan.Written(number, plan.National) + "#"
			c.Onward.After = c.AnswerAfter + time.Duration(len(c.Digits))*400*time.Millisecond + 2*time.Second
			c.Duration = c.Onward.After + talk
		default:
		}
		if t.rng.Float64() >= t.Answer {
			c.Onward.Duration = 0
		}
		return c.Begin(), true
	})}
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
		if t.rng.Float64() < t.Answer {
			o := t.call(at.Add(plan.Between(t.rng, time.Minute, time.Hour)), plan.Outbound)
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
