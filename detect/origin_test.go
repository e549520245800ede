package detect

import (
	"testing"
	"time"
)

// originate is an answered call that the PBX makes itself.
func (s *script) originate(at time.Time, cli, number string) {
	was := s.view
	s.view = trunkAlone
	s.add(plot{at: at, number: number, cli: cli, ring: 2 * time.Second, talk: time.Minute})
	s.view = was
}

// scoreOf plays the script, and gives the most points that a rule had in a verdict.
func scoreOf(t *testing.T, s *script, rule string) (most float64) {
	t.Helper()
	e := newEngine(t)
	for _, ev := range s.sorted() {
		for v := e.Advance(ev.Time); ; v = e.Observe(ev) {
			if v.Verdict != nil {
				most = max(most, pointsOf(v.Verdict.Reasons, rule))
				break
			}
			if ev.Leg == nil {
				break
			}
		}
	}
	return most
}

// TestOrigination: which calls without a telephone's leg are strange.
func TestOrigination(t *testing.T) {
	const office, stranger, ky = "+33145670000", "+33145679999", "13459491234"
	for _, c := range []struct {
		name string
		want float64
		view view
		tell func(s *script, at time.Time)
	}{
		{"the PBX calls by itself", 20, bothLegs, func(s *script, at time.Time) { s.originate(at, office, ky) }},
		{"to a number at home", 0, bothLegs, func(s *script, at time.Time) { s.originate(at, office, "33145551234") }},
		{"with a number that is none of the site's", 10, bothLegs, func(s *script, at time.Time) { s.originate(at, stranger, ky) }},
		{"where telephones are never seen", 0, trunkAlone, func(s *script, at time.Time) { s.originate(at, office, ky) }},
		{"where one set in ten speaks no SIP", 0, bothLegs, func(s *script, at time.Time) {
			for i := range 50 {
				if i%10 == 0 {
					s.originate(at.Add(-time.Duration(100-i)*time.Minute), office, "33145551234")
				} else {
					s.add(plot{at: at.Add(-time.Duration(100-i) * time.Minute), extension: 204, number: "33145551234", ring: time.Second, talk: time.Second})
				}
			}
			s.originate(at, office, ky)
		}},
		{"while the telephones' side is not captured", 0, bothLegs, func(s *script, at time.Time) {
			for i := range 18 {
				s.originate(at.Add(-time.Duration(100-i)*time.Minute), "+3314567111"+string(rune('0'+i%3)), "33145551234")
			}
			s.originate(at, office, ky)
		}},
	} {
		s, at := afterTwoWeeks(c.view, 5)
		for i := range 5 { // 200 calls have to be of late
			s.officeDays(monday.AddDate(0, 0, 10+i), 1, 50+uint64(i))
		}
		c.tell(s, at)
		if got := scoreOf(t, s, "origination"); got != c.want {
			t.Errorf("%s: got %v points, want %v", c.name, got, c.want)
		}
	}
}

// TestOriginsHurry: after a call that the PBX made itself the next is judged at once.
func TestOriginsHurry(t *testing.T) {
	s, at := afterTwoWeeks(bothLegs, 5)
	s.originate(at, "+33145670000", "13459491234")
	s.originate(at.Add(2*time.Minute), "+33145670000", "13459491235")
	e := newEngine(t)
	var early float64
	for _, ev := range s.sorted() {
		e.Advance(ev.Time)
		v := e.Observe(ev).Verdict
		if since := ev.Time.Sub(at.Add(2 * time.Minute)); v != nil && since >= 0 && since < time.Second {
			early = max(early, pointsOf(v.Reasons, "origination"))
		}
	}
	if early != 20 {
		t.Errorf("got %v points in the second call's first second, want 20", early)
	}
}
