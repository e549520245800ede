package detect

import (
	"fmt"
	"testing"
	"time"

	"tollwatch/detect/rules"
)

// firstPage is the first alert that wakes somebody.
func firstPage(alerts []Alert) (Alert, bool) {
	for _, a := range alerts {
		if a.Level.Pages() && (a.Event == Opened || a.Event == Raised) {
			return a, true
		}
	}
	return Alert{}, false
}

// TestCourtCase is the case the product exists for: both readings of the
// bill, what the tap sees, day and night, with and without history.
func TestCourtCase(t *testing.T) {
	tuesday := 15*24*time.Hour + 10*time.Hour + 30*time.Minute
	saturday := 19*24*time.Hour + 2*time.Hour
	for _, c := range []struct {
		reading  string
		view     view
		days     int
		at       time.Duration
		calls    int // at most, when somebody is woken
		euro     float64
		oneBurst func(*script, time.Time, int, int, uint64)
	}{
		{"A", bothLegs, 0, tuesday, 3, 1, (*script).readingA},
		{"A", bothLegs, 0, saturday, 3, 1, (*script).readingA},
		{"A", bothLegs, 14, tuesday, 3, 1, (*script).readingA},
		{"A", bothLegs, 14, saturday, 3, 1, (*script).readingA},
		{"A", trunkAlone, 0, tuesday, 3, 1, (*script).readingA},
		{"A", trunkAlone, 0, saturday, 3, 1, (*script).readingA},
		{"A", trunkAlone, 14, tuesday, 3, 1, (*script).readingA},
		{"A", trunkAlone, 14, saturday, 3, 1, (*script).readingA},
		{"B", bothLegs, 14, tuesday, 3, 1, (*script).readingB},
		{"B", trunkAlone, 14, saturday, 3, 1, (*script).readingB},
		{"B", bothLegs, 0, tuesday, 5, 2, (*script).readingB},
		{"B", trunkAlone, 0, saturday, 5, 2, (*script).readingB},
	} {
		t.Run(fmt.Sprintf("%s/%s/%d days/%s", c.reading, c.view, c.days, c.at), func(t *testing.T) {
			for seed := range uint64(5) {
				s := script{view: c.view}
				start := monday.Add(c.at)
				if c.days > 0 {
					s.officeDays(monday, c.days, seed)
				}
				c.oneBurst(&s, start, 30, 204, seed)
				checkCourt(t, play(newEngine(t), s.sorted(), time.Time{}), start, c.view, c.calls, c.euro)
			}
		})
	}
}

func checkCourt(t *testing.T, alerts []Alert, start time.Time, v view, calls int, euro float64) {
	t.Helper()
	a, ok := firstPage(alerts)
	if !ok {
		t.Fatalf("got no page in %d alerts, want one; last %+v", len(alerts), alerts[max(len(alerts)-1, 0):])
	}
	t.Logf("call %d, %.1f s, %.2f EUR, score %.1f", a.Calls, a.Time.Sub(start).Seconds(), a.SpentEUR, a.Score)
	if a.Time.Before(start) {
		t.Fatalf("got a page at %s, before the attack at %s: %+v", a.Time, start, a.Reasons)
	}
	if a.Calls > calls || a.SpentEUR > euro {
		t.Errorf("got a page at call %d after %.2f EUR, want by call %d and %.2f EUR: %+v", a.Calls, a.SpentEUR, calls, euro, a.Reasons)
	}
	if v == bothLegs && a.Extension != "204" {
		t.Errorf("got extension %q, want 204", a.Extension)
	}
	sum := 0.0
	for _, r := range a.Reasons {
		sum += r.Points
	}
	if sum != a.Score {
		t.Errorf("got reasons that add up to %v, want the score %v", sum, a.Score)
	}
	again, score := rules.Score(a.Decision.Inputs)
	if score != a.Score || len(again) != len(a.Reasons) {
		t.Errorf("got %v on recomputing, want %v", score, a.Score)
	}
	if a.Trunk != "trunk-1" || a.Since != start && a.Since.Sub(start) > time.Second {
		t.Errorf("got trunk %q since %s, want trunk-1 since %s", a.Trunk, a.Since, start)
	}
}
