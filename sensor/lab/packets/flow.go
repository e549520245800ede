package packets

import (
	"time"

	"tollwatch/sensor/lab/plan"
)

// talk is when speech flows on a leg, and what interrupts or follows it.
type talk struct {
	leg        *leg
	begin, end int64
	held       hold
	fax        span
}

// span is from a moment to another; empty when nothing happens.
type span struct{ begin, end int64 }

// hold is when a call is held, and which ends are silent then, the caller's
// first.
type hold struct {
	span
	silent [2]bool
}

// parts are the legs of a call: the caller's, those that ring for it, and the
// one by which the site passes it on. All but the first may be missing.
type parts struct {
	a      *leg
	others []*leg
	onward *leg
}

// flow writes the script of a call, but for the onward leg. It returns when
// each leg talks.
func (s *script) flow(c *plan.Call, p *parts, early bool) []talk {
	start := s.now
	s.invite(p.a)
	for _, b := range p.others {
		s.until(s.now + 5*ms)
		s.invite(b)
	}
	if c.RingAfter > 0 && len(p.others) > 0 {
		s.until(start + int64(c.RingAfter))
		status := 180
		if early {
			status = 183
		}
		for _, b := range p.others {
			s.answer(b, status, early)
		}
		s.answer(p.a, status, early)
	}
	if o := c.Onward; o != nil && o.How == plan.Redirected && len(p.others) > 0 {
		s.until(start + int64(o.After))
		s.redirect(p.others[0], o.Number)
		p.others = p.others[1:]
	}
	s.until(start + int64(c.AnswerAfter))
	if c.Outcome == plan.Answered {
		return s.talk(c, p)
	}
	s.refuse(c, p)
	return nil
}

// refuse ends an attempt.
func (s *script) refuse(c *plan.Call, p *parts) {
	if c.Outcome == plan.Cancelled {
		s.cancel(p.a)
		s.giveUp(p.others)
		return
	}
	for _, b := range p.others {
		s.answer(b, c.Outcome.Status(), false)
	}
	s.answer(p.a, c.Outcome.Status(), false)
}

func (s *script) giveUp(legs []*leg) {
	for _, b := range legs {
		s.cancel(b)
	}
}

// talk answers one of the legs, gives up the others, and ends.
func (s *script) talk(c *plan.Call, p *parts) []talk {
	talks := make([]talk, 0, 2)
	var b *leg
	others := p.others
	if len(others) > 0 && !c.Voicemail {
		b, others = others[0], others[1:]
		s.answer(b, 200, true)
		talks = append(talks, talk{leg: b, begin: s.now})
	}
	s.giveUp(others)
	s.answer(p.a, 200, true)
	talks = append(talks, talk{leg: p.a, begin: s.now})
	end := s.now + int64(c.Duration)
	s.meanwhile(c, p.a, talks, end)
	s.until(end)
	for i := range talks {
		t := &talks[i]
		if t.fax.begin > 0 {
			t.fax.end = s.now
			continue
		}
		t.end = s.now
	}
	if !c.NoBye {
		s.goodbye(c, p.a, b)
	}
	return talks
}

// meanwhile is what happens within a talk that ends at a moment.
func (s *script) meanwhile(c *plan.Call, a *leg, talks []talk, end int64) {
	const voiceBeforeFax, shortestFax = 3000 * ms, 5 * time.Second
	switch o := c.Onward; {
	case o != nil && o.How == plan.Transferred:
		s.until(s.now + 500*ms)
		s.transfer(a, c, end)
	case c.HoldAfter > 0:
		talks[len(talks)-1].held = s.hold(a, s.now+int64(c.HoldAfter), int64(c.HoldFor))
	case c.Media == plan.Fax && c.Duration > shortestFax:
		s.until(s.now + voiceBeforeFax)
		for i := range talks {
			talks[i].end = s.now
			s.reinvite(talks[i].leg, true, fax)
			talks[i].fax.begin = s.now
		}
	}
}

// goodbye ends the leg of who hangs up first, then the other.
func (s *script) goodbye(c *plan.Call, a, b *leg) {
	first, second := a, b
	if c.CalleeEnds && b != nil {
		first, second = b, a
	}
	s.bye(first, c.CalleeEnds)
	if second != nil {
		s.bye(second, c.CalleeEnds)
	}
}

// How long the other telephone takes, each from the one before: to ring, to be
// answered, not to be answered.
const (
	onwardRings    = 900 * time.Millisecond
	onwardAnswers  = time.Second
	onwardPatience = 30 * time.Second
)

// onward writes the script of the leg by which the site passes a call on.
func (s *script) onward(c *plan.Call, l *leg) []talk {
	o := c.Onward
	s.invite(l)
	s.until(s.now + int64(onwardRings))
	s.answer(l, 180, false)
	if o.Duration == 0 {
		s.until(s.now + int64(onwardPatience))
		s.answer(l, plan.NoAnswer.Status(), false)
		return nil
	}
	s.until(s.now + int64(onwardAnswers))
	s.answer(l, 200, true)
	t := talk{leg: l, begin: s.now}
	s.until(s.now + int64(o.Duration))
	t.end = s.now
	s.bye(l, true)
	return []talk{t}
}
