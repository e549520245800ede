package detect

import (
	"fmt"
	"testing"
	"time"

	"tollwatch/decoder/call"
)

// TestARestartHidesNothing: what happened before a restart is held against what
// follows it, as if there had been none.
func TestARestartHidesNothing(t *testing.T) {
	for _, c := range []struct {
		name         string
		rule         string  // that the second part is to name; empty when it is to name none
		points       float64 // at least
		first, later func(s *script, at time.Time)
	}{
		{"bait, and somebody calls back", "call_back", 15, func(s *script, at time.Time) {
			for i := range 4 {
				s.come(visit{at: at.Add(time.Duration(i) * time.Minute), from: fmt.Sprintf("+37167%06d", 100+i), phone: 204, ring: 3 * time.Second})
			}
		}, func(s *script, at time.Time) {
			s.add(plot{at: at, extension: 204, number: "37167000101", ring: time.Second, talk: time.Minute})
		}},
		{"PINs, and a call out again", "hairpin", 80, func(s *script, at time.Time) {
			s.come(visit{at: at, from: "+33699887766", ring: time.Second, talk: time.Minute, keys: "*1234#0000#1111#"})
		}, func(s *script, at time.Time) {
			in := s.come(visit{at: at, from: "+33699887766", ring: time.Second, talk: 2 * time.Minute})
			s.passOn(at.Add(20*time.Second), "13459491234", in.Call, "")
		}},
		{"wrong passwords, and the right one", "breach", 85, func(s *script, at time.Time) {
			for i := range 6 {
				s.binding(at.Add(time.Duration(i)*time.Minute), thief, 204, call.BindingRefused)
			}
		}, func(s *script, at time.Time) { s.binding(at, thief, 204, call.BindingNew) }},
		{"a scanner, and a password that is right at once", "breach", 85, func(s *script, at time.Time) {
			for i := range 12 {
				s.message(at.Add(time.Duration(i)*10*time.Second), thief, "OPTIONS", "100", 404, "friendly-scanner")
			}
		}, func(s *script, at time.Time) { s.binding(at, thief, 204, call.BindingNew) }},
		{"money at new places, and a little more", "new_spend", 1, func(s *script, at time.Time) {
			for i := range 4 {
				s.add(plot{at: at.Add(-time.Duration(5-i) * time.Hour), extension: 204 + i, number: fmt.Sprintf("1345949%04d", 1234+i), ring: time.Second, talk: 150 * time.Second})
			}
		}, func(s *script, at time.Time) {
			s.add(plot{at: at, extension: 209, number: "13459499999", ring: time.Second, talk: 4 * time.Minute})
		}},
		{"a telephone elsewhere, whose calls nobody asks a password for", "", 0, func(s *script, at time.Time) {
			s.binding(at, thief, 204, call.BindingNew)
		}, func(s *script, at time.Time) {
			s.goesOn(s.door(at, thief, "204", "0033145551234", "", 0), "+33145551234")
		}},
	} {
		for _, restarts := range []bool{false, true} {
			e, s, at := settled(t, bothLegs)
			s.known()
			for i := range s.events {
				s.events[i].Time = at.Add(-8 * time.Hour)
			}
			c.first(s, at)
			play(e, s.sorted(), at.Add(20*time.Minute))
			if restarts {
				state := e.AppendState(nil)
				e = newEngine(t)
				if err := e.LoadState(state); err != nil {
					t.Fatalf("%s: %v", c.name, err)
				}
			}
			s.events = nil
			c.later(s, at.Add(time.Hour))
			got := rulesOf(e, s.sorted())
			if _, ok := got[c.rule]; c.rule == "" && len(got) > 0 || c.rule != "" && (!ok || got[c.rule] < c.points) {
				t.Errorf("%s, restarted %t: got the rules %v, want %q with %v points", c.name, restarts, got, c.rule, c.points)
			}
		}
	}
}

// rulesOf is the most points of each rule in all verdicts and alerts.
func rulesOf(e *Engine, events []call.Event) map[string]float64 {
	most := map[string]float64{}
	note := func(reasons []Reason) {
		for _, r := range reasons {
			most[r.Rule] = max(most[r.Rule], r.Points)
		}
	}
	for _, ev := range events {
		r := e.Observe(ev)
		if r.Verdict != nil {
			note(r.Verdict.Reasons)
		}
		for _, a := range r.Alerts {
			note(a.Reasons)
		}
	}
	return most
}
