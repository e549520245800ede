package detect

import (
	"testing"
	"time"
)

// called is calls from outside, every quarter of an hour of working days.
func (s *script) called(from time.Time, days int) {
	for d := range days {
		day := from.AddDate(0, 0, d)
		if w := day.Weekday(); w == time.Saturday || w == time.Sunday {
			continue
		}
		for q := range 40 {
			s.come(visit{at: day.Add(8*time.Hour + time.Duration(q)*15*time.Minute), from: "+33612345678", phone: 201 + q%12, ring: time.Second, talk: 20 * time.Second})
		}
	}
}

// TestInboundSilence: whose silence is told, and never as a page.
func TestInboundSilence(t *testing.T) {
	for _, c := range []struct {
		name      string
		weeks     int  // that were watched
		goOn, out bool // calls come in, and go out, on the last day
		few       bool // five go out, and no more
		want      Level
	}{
		{"nobody calls any more", 3, false, true, false, Watch},
		{"people call", 3, true, true, false, 0},
		{"a holiday: nobody calls, and nobody is there", 3, false, false, false, 0},
		{"a holiday: nobody calls, and few are there", 3, false, false, true, 0},
		{"a new site", 1, false, true, false, 0},
	} {
		s := &script{view: bothLegs}
		s.officeDays(monday, 7*c.weeks, 5)
		s.called(monday, 7*c.weeks)
		day := monday.AddDate(0, 0, 7*c.weeks)
		if c.goOn {
			s.called(day, 1)
		}
		if c.out {
			s.officeDays(day, 1, 6)
		}
		for i := range 5 {
			if c.few {
				s.add(plot{at: day.Add(time.Duration(9+2*i) * time.Hour), extension: 204, number: "33145551234", ring: time.Second, talk: time.Minute})
			}
		}
		most := Level(0)
		for _, a := range play(newEngine(t), s.sorted(), day.Add(20*time.Hour)) {
			if a.Scheme == TrunkTrouble {
				most = max(most, a.Level)
			}
		}
		if most != c.want {
			t.Errorf("%s: got %q, want %q", c.name, most, c.want)
		}
	}
}

// TestSilenceOverARestart: a sensor that was restarted in the meantime tells it too.
func TestSilenceOverARestart(t *testing.T) {
	s := &script{view: bothLegs}
	s.officeDays(monday, 21, 5)
	s.called(monday, 21)
	e := newEngine(t)
	play(e, s.sorted(), monday.AddDate(0, 0, 21))
	again := newEngine(t)
	if err := again.LoadState(e.AppendState(nil)); err != nil {
		t.Fatal(err)
	}
	day := &script{view: bothLegs, call: 100000, leg: 100000}
	day.officeDays(monday.AddDate(0, 0, 21), 1, 6)
	if alerts := play(again, day.sorted(), time.Time{}); len(alerts) == 0 || alerts[0].Scheme != TrunkTrouble {
		t.Errorf("got %d alerts, want the silence told", len(alerts))
	}
}
