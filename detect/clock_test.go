package detect

import (
	"fmt"
	"testing"
	"time"

	"tollwatch/decoder/call"
)

// stepped moves what happens after a moment by a step of the clock.
func stepped(events []call.Event, at time.Time, step time.Duration) []call.Event {
	out := make([]call.Event, len(events))
	move := func(t time.Time) time.Time {
		if t.IsZero() || t.Before(at) {
			return t
		}
		return t.Add(step)
	}
	for i, ev := range events {
		l := *ev.Leg
		l.Start, l.Ringing, l.Answer, l.End = move(l.Start), move(l.Ringing), move(l.Answer), move(l.End)
		ev.Time, ev.Leg = move(ev.Time), &l
		out[i] = ev
	}
	return out
}

// TestClockSteps: an office's clock is set while it works. Nobody is told of
// anything.
func TestClockSteps(t *testing.T) {
	for _, step := range []time.Duration{time.Minute, -time.Minute, time.Hour, -time.Hour, -26 * time.Hour, 40 * 24 * time.Hour, -400 * 24 * time.Hour, 30 * 365 * 24 * time.Hour} {
		s := &script{view: bothLegs}
		s.officeDays(monday, 26, 7)
		events := stepped(s.sorted(), monday.AddDate(0, 0, 16).Add(11*time.Hour+17*time.Second), step)
		e, at := newEngine(t), len(events)
		for i := 1; i < len(events) && at == len(events); i++ {
			if events[i-1].Time.Sub(events[i].Time) > time.Minute {
				at = i
			}
		}
		alerts := play(e, events[:at], time.Time{})
		if at < len(events) {
			alerts = append(alerts, e.Restart(events[at].Time).Alerts...)
			alerts = append(alerts, play(e, events[at:], time.Time{})...)
		}
		if len(alerts) > 0 {
			t.Errorf("step of %v: got %d alerts, the first %v %v at %v: %+v", step, len(alerts), alerts[0].Event, alerts[0].Level, alerts[0].Time, alerts[0].Reasons)
		}
	}
}

// TestRestartKeepsWhatWasLearned: where the site calls is known after the clock
// was set back as it was before.
func TestRestartKeepsWhatWasLearned(t *testing.T) {
	s := &script{view: bothLegs}
	s.officeDays(monday, 30, 7)
	e := newEngine(t)
	play(e, s.sorted(), time.Time{})
	known := func() (n int) {
		for _, g := range e.memory.groups.OldestFirst() {
			if (*g).known(e.memory.day) {
				n++
			}
		}
		return n
	}
	before, warm := known(), e.memory.warmup(e.now)
	back := e.now.AddDate(-2, 0, 0)
	e.Restart(back)
	if got := known(); got != before || got == 0 {
		t.Errorf("got %d destinations known, want %d", got, before)
	}
	if got := e.memory.warmup(e.now); got < warm-0.1 {
		t.Errorf("got a warm-up of %v, want %v", got, warm)
	}
	if e.calls.Len() != 0 || !e.now.Equal(back) {
		t.Errorf("got %d calls at %v, want none at %v", e.calls.Len(), e.now, back)
	}
}

// TestStrangersAfterTheClock: a scan, then the clock goes back by a year. One
// request each quarter of an hour is no scan, however many they are in the end,
// and a call refused now and then no run.
func TestStrangersAfterTheClock(t *testing.T) {
	s := &script{}
	s.known()
	at := monday.Add(time.Hour)
	for i := range 40 {
		s.message(at.Add(time.Duration(i)*time.Second), thief, "REGISTER", fmt.Sprint(100+i), 404, "")
	}
	e := newEngine(t)
	if alerts := play(e, s.sorted(), time.Time{}); len(alerts) == 0 {
		t.Fatal("got no alert of the scan")
	}
	back := at.AddDate(-1, 0, 0)
	e.Restart(back)
	s = &script{call: 1000, leg: 1000}
	for i := range 100 {
		s.message(back.Add(time.Duration(i)*15*time.Minute), thief, "REGISTER", fmt.Sprint(300+i), 404, "")
	}
	for _, a := range play(e, s.sorted(), time.Time{}) {
		t.Errorf("got %v %v of %+v at %v, want nothing", a.Event, a.Scheme, a.Decision.Signs, a.Time)
	}
}
