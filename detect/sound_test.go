package detect

import (
	"testing"
	"time"

	"tollwatch/decoder/call"
)

// hear writes into all answered legs since event k which sides sent media.
func (s *script) hear(k int, caller, callee bool) {
	for i := range s.events[k:] {
		l := s.events[k+i].Leg
		if l == nil || l.Answer.IsZero() {
			continue
		}
		if caller {
			l.FirstMediaCaller = l.Answer
		}
		if callee {
			l.FirstMediaCallee = l.Answer
		}
	}
}

// TestMediaOddity: the fourth of three calls without an answering voice says so,
// where voices are heard as a rule.
func TestMediaOddity(t *testing.T) {
	for _, c := range []struct {
		name           string
		usual          bool // both sides are seen on ordinary calls
		caller, callee bool // send on the calls to the Cayman Islands
		ring           time.Duration
		want           float64
	}{
		{"nobody answers with a word", true, true, false, 3 * time.Second, 10},
		{"nobody says a word", true, false, false, 3 * time.Second, 10},
		{"they talk", true, true, true, 3 * time.Second, 0},
		{"the tap sees one side", false, true, false, 3 * time.Second, 0},
		{"they answer at once", true, true, true, time.Second, 5},
	} {
		s, at := afterTwoWeeks(bothLegs, 5)
		s.hear(0, true, c.usual)
		k := len(s.events)
		for i := range 5 {
			s.add(plot{at: at.Add(time.Duration(i) * 20 * time.Minute), extension: 204, number: "13459491234", ring: c.ring, talk: time.Minute})
		}
		s.hear(k, c.caller, c.callee)
		if got := scoreOf(t, s, "media_oddity"); got != c.want {
			t.Errorf("%s: got %v points, want %v", c.name, got, c.want)
		}
	}
}

// TestRunningLegsAreNotMute: what a leg that still runs has sent says nothing yet.
func TestRunningLegsAreNotMute(t *testing.T) {
	e := newEngine(t)
	s := &script{view: bothLegs}
	s.add(plot{at: monday, extension: 204, number: "13459491234", ring: time.Second, talk: time.Minute})
	for _, ev := range s.sorted() {
		if ev.Kind != call.EventEnded {
			e.Observe(ev)
		}
	}
	if n := e.sound.calls.Value(e.now); n != 0 {
		t.Errorf("got %v calls judged before their end", n)
	}
}
