package detect

import (
	"testing"
	"time"
)

// TestToldOnceADay: somebody was woken for calls to the Cayman Islands, which then
// ceased. Two hours later the same extension calls there again: nobody is woken, and
// nothing is learned. Another extension, and more money, wake somebody; so does the
// same on the day after.
func TestToldOnceADay(t *testing.T) {
	for _, c := range []struct {
		name  string
		after time.Duration
		tell  func(s *script, at time.Time)
		page  bool
	}{
		{"the same again", 2 * time.Hour, func(s *script, at time.Time) { s.odd(at, 204, toCaymans, 6, 0) }, false},
		{"another extension", 2 * time.Hour, func(s *script, at time.Time) { s.odd(at, 205, toCaymans, 6, 0) }, true},
		{"another country", 2 * time.Hour, func(s *script, at time.Time) { s.odd(at, 204, toNiger, 6, 0) }, true},
		{"more money", 2 * time.Hour, func(s *script, at time.Time) { s.odd(at, 204, toCaymans, 1, 20*time.Minute) }, true},
		{"the day after", 25 * time.Hour, func(s *script, at time.Time) { s.odd(at, 204, toCaymans, 6, 0) }, true},
	} {
		e, at, a := paged(t, 0)
		goOn(e, at.Add(quietFor+time.Minute), func(*script) {})
		goOn(e, at.Add(c.after), func(*script) {})
		if len(e.incidents) > 0 || len(e.told) != 1 && c.after < toldFor {
			t.Fatalf("%s: got %d incidents open, %d told; want it over, and remembered", c.name, len(e.incidents), len(e.told))
		}
		again := at.Add(c.after)
		pages := goOn(e, again.Add(20*time.Minute), func(s *script) { c.tell(s, again) })
		if got := len(pages) > 0; got != c.page {
			t.Errorf("%s: got somebody woken %t, want %t: %+v", c.name, got, c.page, pages)
		}
		if g := e.memory.find(groupKey{"KY", a.Decision.Inputs.Class}); g != nil && g.taught > 0 {
			t.Errorf("%s: got the Cayman Islands taught", c.name)
		}
	}
}
