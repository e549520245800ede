package packets

import (
	"tollwatch/sensor/lab/plan"
)

// talk is when speech flows on a leg.
type talk struct {
	leg        *leg
	begin, end int64
}

// flow writes the script of a call whose first leg is a, and whose second is
// b: nil where the PBX itself is called. It returns when each leg talks.
func (s *script) flow(c *plan.Call, a, b *leg, early bool) []talk {
	start := s.now
	s.invite(a)
	if b != nil {
		s.send0(b)
	}
	if c.RingAfter > 0 && b != nil {
		s.until(start + int64(c.RingAfter))
		status := 180
		if early {
			status = 183
		}
		s.answer(b, status, early)
		s.answer(a, status, early)
	}
	s.until(start + int64(c.AnswerAfter))
	switch c.Outcome {
	case plan.Answered:
		return s.talk(c, a, b)
	case plan.Cancelled:
		s.cancel(a)
		if b != nil {
			s.cancel(b)
		}
		return nil
	}
	if b != nil {
		s.answer(b, statusOf(c.Outcome), false)
	}
	s.answer(a, statusOf(c.Outcome), false)
	return nil
}

// send0 is the PBX that dials on.
func (s *script) send0(b *leg) {
	s.until(s.now + 5*ms)
	s.invite(b)
}

func (s *script) talk(c *plan.Call, a, b *leg) []talk {
	talks := make([]talk, 0, 2)
	switch {
	case b == nil:
	case c.Voicemail:
		s.cancel(b)
		b = nil
	default:
		s.answer(b, 200, true)
		talks = append(talks, talk{leg: b, begin: s.now})
	}
	s.answer(a, 200, true)
	talks = append(talks, talk{leg: a, begin: s.now})
	s.until(s.now + int64(c.Duration))
	for i := range talks {
		talks[i].end = s.now
	}
	first, second := a, b
	if c.CalleeEnds && b != nil {
		first, second = b, a
	}
	s.bye(first, c.CalleeEnds)
	if second != nil {
		s.bye(second, c.CalleeEnds)
	}
	return talks
}

// statusOf is what the caller is told.
func statusOf(o plan.Outcome) int {
	switch o {
	case plan.Answered:
		return 200
	case plan.Busy:
		return 486
	case plan.Cancelled:
		return 487
	case plan.NoAnswer:
		return 480
	case plan.Rejected:
		return 603
	}
	return 503
}
