package honest

import (
	"time"

	"tollwatch/sensor/lab/plan"
)

// chance draws only where a site has the habit, so that sites without it are not
// disturbed.
func (h *people) chance(share float64) bool { return share > 0 && h.rng.Float64() < share }

// afterOutbound is what a person does beside or after a call out.
func (h *people) afterOutbound(c *plan.Call, i int) {
	t := h.traffic
	if c.Outcome == plan.Answered && h.chance(t.NoBye) {
		c.NoBye = true
	}
	switch {
	case h.chance(t.Misdial):
		h.misdial(c)
	case c.Outcome == plan.Answered && h.chance(t.Consult):
		h.consult(c, i)
	case (c.Outcome == plan.Busy || c.Outcome == plan.Cancelled) && h.chance(t.Redial):
		h.redial(c, i, 1)
	}
	if t.Overdial > 0 {
		h.overdial(c, i)
	}
}

// misdial is a digit that should not be there: 00 for the outside line and 0,
// or a country's code for an area at home.
func (h *people) misdial(c *plan.Call) {
	wrong := plan.Abroad(h.rng.IntN(2) == 0)
	c.To(h.site, wrong[h.rng.IntN(len(wrong))].Draw(h.rng))
	c.Digits = ""
	c.Refuse([]plan.Outcome{plan.Failed, plan.Cancelled}[h.rng.IntN(2)], plan.Between(h.rng, time.Second, 4*time.Second))
}

// consult holds the call while another is made from the same telephone.
func (h *people) consult(c *plan.Call, i int) {
	if c.Duration < 30*time.Second {
		return
	}
	c.HoldAfter = plan.Between(h.rng, 5*time.Second, c.Duration/2)
	c.HoldFor = plan.Between(h.rng, 10*time.Second, min(c.Duration/3, 2*time.Minute))
	o := h.outgoing(c.Start.Add(c.AnswerAfter+c.HoldAfter+time.Second), i, h.contacts.draw(h.rng, c.Start))
	o.RingAfter, o.AnswerAfter, o.Outcome = time.Second, plan.Between(h.rng, 3*time.Second, 6*time.Second), plan.Answered
	o.Duration = max(c.HoldFor-o.AnswerAfter, time.Second)
	h.later.Add(o.Begin())
}

func (h *people) outgoing(at time.Time, i int, number string) *plan.Call {
	o := &plan.Call{Start: at, Direction: plan.Outbound, Entry: plan.FromPhone}
	o.From(i)
	o.To(h.site, number)
	return o
}

// redial tries again, up to four times.
func (h *people) redial(c *plan.Call, i, tries int) {
	o := h.outgoing(c.End().Add(plan.Between(h.rng, 5*time.Second, 90*time.Second)), i, c.Number)
	h.course(o, c.RingAfter)
	if o.RingAfter == 0 {
		o.RingAfter = time.Second
	}
	h.later.Add(o.Begin())
	h.site.Desks.Occupy(i, o.End())
	if o.Outcome != plan.Answered && tries < 4 && h.chance(h.traffic.Redial) {
		h.redial(o, i, tries+1)
	}
}

// overdial makes more calls than somebody can talk on: the others are given up,
// or answered and at once ended.
func (h *people) overdial(c *plan.Call, i int) {
	for range 3 {
		if !h.chance(h.traffic.Overdial / 3) {
			continue
		}
		o := h.outgoing(c.Start.Add(plan.Between(h.rng, 0, 300*time.Millisecond)), i, h.contacts.draw(h.rng, c.Start))
		o.RingAfter = plan.Between(h.rng, 600*time.Millisecond, 2500*time.Millisecond)
		o.Outcome, o.AnswerAfter = plan.Cancelled, o.RingAfter+plan.Between(h.rng, 8*time.Second, 20*time.Second)
		if h.rng.IntN(8) == 0 {
			o.Outcome, o.Duration = plan.Answered, plan.Between(h.rng, time.Second, 3*time.Second)
		}
		h.later.Add(o.Begin())
	}
}

// afterInbound is what a call from outside leads to.
func (h *people) afterInbound(c *plan.Call, i int) {
	t := h.traffic
	if c.Outcome == plan.Answered && h.chance(t.NoBye) {
		c.NoBye = true
	}
	if h.chance(t.RingGroup) {
		for k := range min(2+h.rng.IntN(6), h.site.Extensions-1) {
			c.Ringing = append(c.Ringing, plan.ExtensionName((i+1+k)%h.site.Extensions))
		}
	}
	switch {
	case c.Outcome == plan.Answered && !c.Voicemail && h.chance(t.Twinning):
		mobile := plan.Home()[5].Draw(plan.NewRand(h.site.Seed, plan.StreamHabits+uint64(i)<<16))
		c.Onward = &plan.Onward{How: plan.Forwarded, Number: mobile, SentToTrunk: plan.Written(mobile, h.site.TrunkFormat),
			After: time.Second, Duration: c.Duration}
	case (c.Outcome == plan.Cancelled || c.Voicemail) && h.chance(t.CallBack):
		o := h.outgoing(c.End().Add(plan.Between(h.rng, time.Minute, 3*time.Hour)), i, c.Number)
		h.course(o, time.Second)
		h.later.Add(o.Begin())
	}
}
