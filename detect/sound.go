package detect

import (
	"math/bits"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/detect/window"
)

// sound is how many answered calls of the site have media one way, or none, as a
// rule: where a tap sees one direction, all of them.
type sound struct{ odd, calls window.Decay }

// tone is what was odd about the last eight answered calls to a group, the latest
// lowest.
type tone struct{ mute, quick uint8 }

// What is odd about an answered call.
const (
	soundHalfLife = 7 * 24 * time.Hour
	soundLeast    = 10 * time.Second // shorter ones may end before anybody spoke
	soundCalls    = 50               // known before one can be odd
	soundOdd      = 0.05             // share of odd ones where they are strange
	quickAnswer   = 2 * time.Second  // after the INVITE: faster than a person takes up, abroad
)

func newSound() sound {
	return sound{window.Decay{HalfLife: soundHalfLife}, window.Decay{HalfLife: soundHalfLife}}
}

// hearSound notes at the end of the leg that costs money what was heard of it.
func (e *Engine) hearSound(c *ongoing, ev *call.Event) {
	l := ev.Leg
	if ev.Kind != call.EventEnded || l.Live() || l.ID != c.rated || l.Answer.IsZero() || c.direction != Outbound {
		return
	}
	c.quick = l.Answer.Sub(l.Start) < quickAnswer
	if l.Duration() < soundLeast {
		return
	}
	c.mute = l.FirstMediaCaller.IsZero() || l.FirstMediaCallee.IsZero()
	e.sound.calls.Add(e.now, 1)
	if c.mute {
		e.sound.odd.Add(e.now, 1)
	}
}

// heard says that media are seen both ways as a rule.
func (s *sound) heard(now time.Time) bool {
	calls := s.calls.Value(now)
	return calls >= soundCalls && s.odd.Value(now) < soundOdd*calls
}

func (t *tone) add(c *ongoing) {
	t.mute, t.quick = t.mute<<1, t.quick<<1
	if c.mute {
		t.mute |= 1
	}
	if c.quick {
		t.quick |= 1
	}
}

// of the last five.
func (t *tone) ofLast5() (mute, quick int) {
	const five = 1<<5 - 1
	return bits.OnesCount8(t.mute & five), bits.OnesCount8(t.quick & five)
}

func (w *writer) sound(s *sound) {
	w.decay(&s.odd)
	w.decay(&s.calls)
}

// sound of a state that knows none begins anew.
func (r *reader) sound() sound {
	s := newSound()
	if r.version > muteVersion {
		r.decay(&s.odd)
		r.decay(&s.calls)
	}
	return s
}
