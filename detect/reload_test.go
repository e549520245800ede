package detect

import (
	"testing"
	"time"

	"tollwatch/detect/numbering"
)

// TestReloadWhileCallsRun: a cap is raised while a call runs under it. What was
// consumed stays consumed, the running call stays counted, and the shares of the
// new cap are said anew.
func TestReloadWhileCallsRun(t *testing.T) {
	e, s := frugal(t, Cap{PerDay: 1, CallsAtOnce: 2}), &script{}
	s.minutes(monday.Add(9*time.Hour), 5, "442071234567")
	noon := monday.Add(12 * time.Hour)
	s.add(plot{at: noon, extension: 204, number: "442071234567", ring: time.Second, talk: 10 * time.Minute})
	events := s.sorted()
	last := len(events) - 2 // the ends of both legs
	wantSaid(t, play(e, events[:last], noon.Add(time.Minute)), "spend_cap notice 45: 50 % of the daily cap on all calls: 0.50 of 1.00 EUR today")

	before := e.caps.all[0]
	cfg := e.cfg
	cfg.Caps = []Cap{{Class: numbering.Satellite, PerDay: 1}, {PerDay: 2, CallsAtOnce: 5}}
	if err := e.Reload(cfg); err != nil {
		t.Fatal(err)
	}
	if got := e.caps.all[1]; got.day != before.day || got.calls != 1 || got.PerDay != 2 {
		t.Errorf("got %+v, want 1 call and %.2f EUR of 2.00 EUR", got, before.day)
	}
	if got := e.caps.all[0]; got.day != 0 || got.calls != 0 {
		t.Errorf("got %+v of a class that nobody called", got)
	}
	wantSaid(t, play(e, events[last:], time.Time{}), "spend_cap notice 45: 75 % of the daily cap on all calls: 1.50 of 2.00 EUR today")
	if got := e.caps.all[1].calls; got != 0 {
		t.Errorf("got %d calls at once when all are over", got)
	}
}

// TestReloadPrices: calls from now on cost what the new list says.
func TestReloadPrices(t *testing.T) {
	e, s := frugal(t), &script{}
	s.minutes(monday.Add(9*time.Hour), 1, "442071234567")
	play(e, s.sorted(), time.Time{})
	cfg := e.cfg
	cfg.Prices = priceList(t, numbering.Price{Prefix: "44", Rate: .3})
	if err := e.Reload(cfg); err != nil {
		t.Fatal(err)
	}
	later := &script{call: s.call, leg: s.leg}
	later.minutes(monday.Add(10*time.Hour), 1, "442071234567")
	play(e, later.sorted(), time.Time{})
	if got := e.Snapshot().EURToday; got < .39 || got > .41 {
		t.Errorf("got %.2f EUR today, want 0.10 and 0.30", got)
	}
	cfg.Caps = make([]Cap, maxCaps+1)
	if err := e.Reload(cfg); err == nil {
		t.Error("got more caps taken than there may be")
	}
}
