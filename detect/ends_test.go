package detect

import (
	"testing"
	"time"
)

// TestEndsAlike: a call that no telephone asked for, and one from outside that no
// telephone took, are one when they end together, and not otherwise.
func TestEndsAlike(t *testing.T) {
	for _, c := range []struct {
		name  string
		view  view
		later time.Duration // from the outbound call's end back to the other's
		phone int           // that took the call from outside
		want  float64
	}{
		{"the caller hangs up", bothLegs, 100 * time.Millisecond, 0, 30},
		{"ten seconds earlier", bothLegs, 10 * time.Second, 0, 0},
		{"a telephone took it", bothLegs, 100 * time.Millisecond, 205, 0},
		{"telephones are not seen", trunkAlone, 100 * time.Millisecond, 0, 0},
	} {
		e, s, at := settled(t, c.view)
		end := at.Add(5 * time.Minute)
		s.come(visit{at: at, from: "+33612345678", phone: c.phone, ring: time.Second, talk: end.Add(-c.later).Sub(at) - time.Second})
		s.view = trunkAlone
		s.add(plot{at: at.Add(time.Minute), number: "13459491234", ring: 2 * time.Second, talk: end.Sub(at.Add(62 * time.Second))})
		most := 0.0
		for _, ev := range s.sorted() {
			e.Advance(ev.Time)
			if v := e.Observe(ev).Verdict; v != nil {
				most = max(most, pointsOf(v.Reasons, "hairpin"))
			}
		}
		if most != c.want {
			t.Errorf("%s: got %v points, want %v", c.name, most, c.want)
		}
	}
}
