package detect

import (
	"fmt"
	"testing"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/detect/numbering"
)

// afterTwoWeeks is two weeks of an office, and the morning after them.
func afterTwoWeeks(v view, seed uint64) (*script, time.Time) {
	s := &script{view: v}
	s.officeDays(monday, 14, seed)
	return s, monday.AddDate(0, 0, 15).Add(10 * time.Hour)
}

// TestQuiet tells of ordinary days on which nobody is woken.
func TestQuiet(t *testing.T) {
	for _, c := range []struct {
		name string
		most Level // the highest level that may be seen
		tell func(s *script, at time.Time)
	}{
		{"an office day", 0, func(s *script, at time.Time) { s.officeDays(at.Truncate(24*time.Hour), 1, 99) }},
		{"a conference of two legs in a new country", Watch, func(s *script, at time.Time) {
			s.add(plot{at: at, extension: 203, number: "34911234567", ring: 5 * time.Second, talk: 20 * time.Minute})
			s.add(plot{at: at.Add(time.Minute), extension: 203, number: "34911234568", ring: 5 * time.Second, talk: 19 * time.Minute})
		}},
		{"redial of a busy number in a new country", Notice, func(s *script, at time.Time) {
			for i := range 6 {
				s.add(plot{at: at.Add(time.Duration(i) * 30 * time.Second), extension: 205, number: "34911234567", ring: 3 * time.Second})
			}
		}},
		{"one call to the Cayman Islands", Notice, func(s *script, at time.Time) {
			s.add(plot{at: at, extension: 202, number: "13459491234", ring: 8 * time.Second, talk: 2 * time.Minute})
		}},
		{"a call to the Cayman Islands, cut off, and another", Watch, func(s *script, at time.Time) {
			s.add(plot{at: at, extension: 202, number: "13459491234", ring: 8 * time.Second, talk: 40 * time.Second})
			s.add(plot{at: at.Add(2 * time.Minute), extension: 202, number: "13459491234", ring: 8 * time.Second, talk: time.Minute})
		}},
		{"a misdialled satellite number", Watch, func(s *script, at time.Time) {
			s.add(plot{at: at, extension: 202, number: "881612345678", ring: 8 * time.Second})
		}},
		{"a ring group", 0, func(s *script, at time.Time) { s.ringGroup(at, 6) }},
		{"emergency, again and again", 0, func(s *script, at time.Time) {
			for i := range 10 {
				s.add(plot{at: at.Add(time.Duration(i) * time.Second), extension: 202, number: "112", ring: 2 * time.Second, talk: time.Minute})
			}
		}},
	} {
		for _, v := range []view{bothLegs, trunkAlone} {
			t.Run(fmt.Sprintf("%s/%s", c.name, v), func(t *testing.T) {
				s, at := afterTwoWeeks(v, 7)
				c.tell(s, at)
				for _, a := range play(newEngine(t), s.sorted(), at.Add(24*time.Hour)) {
					if a.Level > c.most {
						t.Fatalf("got %s %s at %s (score %v, %+v), want at most %q", a.Event, a.Level, a.Time, a.Score, a.Reasons, c.most)
					}
				}
			})
		}
	}
}

// ringGroup is a call from outside that rings at several telephones.
func (s *script) ringGroup(at time.Time, phones int) {
	s.call++
	p := plot{at: at, ring: 6 * time.Second, talk: time.Minute}
	s.life(s.newLeg(p, trunkAddr, pbxAddr, "+33612345678", "+33145670000"), p, 0)
	for i := range phones {
		q := p
		if i > 0 {
			q.talk = 0
		}
		l := s.newLeg(q, pbxAddr, phoneAddr(201+i), "+33612345678", fmt.Sprint(201+i))
		s.life(l, q, 20*time.Millisecond)
	}
}

// TestFirstDayIsQuiet: nothing is learned, and nobody is woken.
func TestFirstDayIsQuiet(t *testing.T) {
	for _, v := range []view{bothLegs, trunkAlone} {
		for seed := range uint64(10) {
			s := script{view: v}
			s.officeDays(monday, 21, seed)
			for _, a := range play(newEngine(t), s.sorted(), time.Time{}) {
				if a.Level.Pages() {
					t.Errorf("%s, seed %d: got a page at %s: score %v, %+v", v, seed, a.Time, a.Score, a.Reasons)
				}
			}
		}
	}
}

// TestEmergencyHasNoScore: whatever else is true of it.
func TestEmergencyHasNoScore(t *testing.T) {
	e := newEngine(t)
	s := script{view: bothLegs}
	for i := range 8 {
		s.add(plot{at: monday.Add(time.Duration(i) * time.Second), extension: 204, number: "112", ring: time.Second, talk: time.Minute})
	}
	for _, ev := range s.sorted() {
		r := e.Observe(ev)
		if r.Verdict == nil {
			t.Fatalf("%s: got no verdict, want one for each event of a leg", ev.Kind)
		}
		if v := r.Verdict; v.Score != 0 || v.Decision != nil || len(r.Alerts) > 0 {
			t.Fatalf("%s: got score %v (%+v), %d alerts, want none", ev.Kind, v.Score, v.Reasons, len(r.Alerts))
		}
		if v := r.Verdict; v.Number.Class != numbering.Emergency {
			t.Fatalf("got class %s, want emergency", v.Number.Class)
		}
	}
}

// TestOneSidedWordWakesNobody: an attacker may send what he likes; while
// nothing answers, nobody is woken (the levels of calls that page are there).
func TestOneSidedWordWakesNobody(t *testing.T) {
	s := script{view: trunkAlone}
	for i := range 40 {
		s.add(plot{at: monday.Add(time.Duration(i) * time.Second), extension: 204, number: stolenNumbers[i%4], ring: 20 * time.Second, deaf: true})
	}
	e := newEngine(t)
	highest := Level(0)
	var last *call.Leg
	for _, ev := range s.sorted() {
		if ev.Kind != call.EventAttempt {
			break // the first gives up after 20 s
		}
		last = ev.Leg
		for _, a := range e.Observe(ev).Alerts {
			highest = max(highest, a.Level)
		}
	}
	if highest != Watch {
		t.Errorf("got level %q, want watch: suspicious, and nobody heard the other side", highest)
	}
	r := e.Observe(call.Event{Kind: call.EventProgress, Time: last.Start, Leg: last})
	if len(r.Alerts) != 1 || r.Alerts[0].Event != Raised || !r.Alerts[0].Level.Pages() {
		t.Errorf("got %+v after 100 Trying, want the incident raised to a page", r.Alerts)
	}
}
