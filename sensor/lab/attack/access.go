package attack

import (
	"time"

	"tollwatch/sensor/lab/plan"
)

func (t *thief) registration(at time.Time, n int, accepted bool) plan.Item {
	return plan.Item{At: at, Registration: &plan.Registration{
		Extension: plan.ExtensionName(t.extension(0)), Address: t.address(n), UserAgent: t.UserAgent, Accepted: accepted, Expires: time.Hour,
		Label: t.Label, AttackID: t.id, Preparation: t.Preparation,
	}}
}

// bruteSources tries passwords, from one address after the other.
func bruteSources(t *thief) []plan.Source {
	return []plan.Source{t.pulse(func(at time.Time, n int) (plan.Item, bool) { return t.registration(at, n, false), true })}
}

// hijackSources registers and refreshes.
func hijackSources(t *thief) []plan.Source {
	p := t.pulse(func(at time.Time, _ int) (plan.Item, bool) { return t.registration(at, 0, true), true })
	p.next = func(at time.Time) time.Time { return at.Add(50 * time.Minute) }
	return []plan.Source{p}
}

// trunkTheftSources shows the thief's binding in the list of each 200 OK that
// the site's own registration gets.
func trunkTheftSources(t *thief) []plan.Source {
	p := t.pulse(func(at time.Time, _ int) (plan.Item, bool) {
		it := t.registration(at, 0, true)
		it.Registration.Extension, it.Registration.Unseen = "", true
		return it, true
	})
	p.next = func(at time.Time) time.Time { return at.Add(30 * time.Minute) }
	return []plan.Source{p}
}

// fullTrunkSources has calls of the site's people refused.
func fullTrunkSources(t *thief) []plan.Source {
	return []plan.Source{t.pulse(func(at time.Time, n int) (plan.Item, bool) {
		i := t.rng.IntN(t.site.Extensions)
		c := t.call(at, plan.Outbound)
		c.From(i)
		c.To(t.site, plan.Home()[0].Draw(t.rng))
		c.Refuse([]plan.Outcome{plan.Failed, plan.Busy, plan.Rejected}[n%3], plan.Between(t.rng, 50*time.Millisecond, 300*time.Millisecond))
		return c.Begin(), true
	})}
}

// inbound is a call of the thief to the stolen extension.
func (t *thief) inbound(at time.Time, cli string) *plan.Call {
	c := t.call(at, plan.Inbound)
	i := t.extension(0)
	c.Extension, c.Number, c.CLI = plan.ExtensionName(i), cli, cli
	c.SentToTrunk, c.Trunk = plan.Written(plan.ExtensionNumber(i), t.site.TrunkFormat), t.site.TrunkOf(cli)
	c.RingAfter = plan.Between(t.rng, 80*time.Millisecond, 250*time.Millisecond)
	return c
}

// mailboxSources tries three PINs in a call.
func mailboxSources(t *thief) []plan.Source {
	common := []string{"0000", "1234", "1111", "9999", "2580"}
	cli := plan.Home()[0].Draw(t.rng)
	return []plan.Source{t.pulse(func(at time.Time, n int) (plan.Item, bool) {
		c := t.inbound(at, cli)
		c.Outcome, c.Voicemail, c.AnswerAfter = plan.Answered, true, 20*time.Second
		c.Digits = "*"
		for i := range 3 {
			pin := plan.Digits(t.rng, 4)
			if k := 3*n + i; k < len(common) {
				pin = common[k]
			}
			c.Digits += pin + "#"
		}
		c.Duration = plan.Between(t.rng, 12*time.Second, 30*time.Second)
		return c.Begin(), true
	})}
}

// forwardSources dials *21* and the number, once.
func forwardSources(t *thief) []plan.Source {
	p := t.pulse(func(at time.Time, _ int) (plan.Item, bool) {
		c := t.outbound(at, t.extension(0), t.numbers[0][0])
		c.Direction, c.Number, c.SentToTrunk = plan.Internal, "", ""
		c.CLI, c.Peer = c.Extension, "*21*"+t.site.OutsidePrefix+plan.Written(t.numbers[0][0], plan.National)+"#"
		c.Voicemail, c.Outcome, c.AnswerAfter, c.Duration = true, plan.Answered, 100*time.Millisecond, 3*time.Second
		c.DialledByPhone = c.Peer
		return c.Begin(), true
	})
	p.next = func(time.Time) time.Time { return t.end }
	return []plan.Source{p}
}

func acknowledgeSources(t *thief) []plan.Source {
	p := t.pulse(func(at time.Time, _ int) (plan.Item, bool) {
		return plan.Item{At: at, Acknowledgment: &plan.Acknowledgment{Extension: plan.ExtensionName(t.extension(0)), Label: t.Label, AttackID: t.id}}, true
	})
	p.next = func(time.Time) time.Time { return t.end }
	return []plan.Source{p}
}
