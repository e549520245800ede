package detect

import "time"

// lastEnds remembers for seconds which calls from outside ended that no telephone took.
type lastEnds struct {
	last [16]ended
	next int
}

// ended is one of them.
type ended struct {
	answer, over time.Time
	caller       string
	guessed      bool
}

// How alike the ends of two calls are that are one, and how long that is at least.
const (
	endsWithin = 2 * time.Second
	endsLeast  = 20 * time.Second
)

// noteEnd notes the end of a call from outside that no telephone took, where
// telephones are seen.
func (e *Engine) noteEnd(c *ongoing) {
	if !c.comesFromOutside() || c.taken || c.answer.IsZero() || 4*e.origins.all.of(enoughOrigins) <= enoughOrigins {
		return
	}
	e.ends.last[e.ends.next] = ended{c.answer, e.now, c.caller(), e.guessed(c)}
	e.ends.next = (e.ends.next + 1) % len(e.ends.last)
}

// endsWith is the call from outside that was up when c, which no telephone asked
// for, was made, and that ended with it; nil when there is none.
func (e *Engine) endsWith(c *ongoing) *ended {
	if c.phones || !c.watched() || c.answer.IsZero() || c.comesFromOutside() || c.over.Sub(c.answer) < endsLeast {
		return nil
	}
	for i := range e.ends.last {
		x := &e.ends.last[i]
		if !x.over.IsZero() && x.answer.Before(c.start) && e.now.Sub(x.over) <= endsWithin {
			return x
		}
	}
	return nil
}
