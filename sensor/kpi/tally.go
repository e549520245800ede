package kpi

import (
	"time"

	"tollwatch/decoder/call"
)

// maxCalls bounds the calls that are followed at once, as the decoder bounds
// its legs.
const maxCalls = 65536

// Tally follows calls and counts them.
type Tally struct {
	total  Figures
	recent Figures // since the last Take

	calls  map[call.ID]*running
	lost   uint64 // calls not followed, because there were too many
	second int64  // of the latest attempts
	begun  int    // in it
}

// running is a call that is not over.
type running struct {
	legs    int
	start   time.Time
	heard   bool // SRD is known
	rang    bool
	answer  time.Time
	caller  call.LegID // the first leg: what came of the call is what its caller was told
	status  int
	refused time.Time
	bye     time.Time // of the first leg that ended
}

// New makes a tally of nothing.
func New() *Tally { return &Tally{calls: make(map[call.ID]*running)} }

// Total is everything since the beginning. The pointer is good until the next
// Observe.
func (t *Tally) Total() *Figures { return &t.total }

// Take returns what was counted since the last Take. The peak begins anew at
// the calls that still run.
func (t *Tally) Take() Figures {
	f := t.recent
	t.recent = Figures{PeakCalls: len(t.calls)}
	return f
}

// Running is how many calls there are now.
func (t *Tally) Running() int { return len(t.calls) }

// Lost is how many calls were not counted, because too many ran at once.
func (t *Tally) Lost() uint64 { return t.lost }

// Observe takes one event. All but those of legs are passed over.
func (t *Tally) Observe(ev *call.Event) {
	l := ev.Leg
	if l == nil || l.Recording {
		return
	}
	switch ev.Kind {
	case call.EventAttempt:
		t.attempt(l)
	case call.EventJoined:
		t.join(ev.Former, l)
	case call.EventRinging:
		if c := t.calls[l.Call]; c != nil {
			t.ringing(c, l)
		}
	case call.EventAnswered:
		if c := t.calls[l.Call]; c != nil {
			t.answered(c, l)
		}
	case call.EventEnded:
		if c := t.calls[l.Call]; c != nil {
			t.legEnded(c, l)
		}
	case call.EventReleased:
		t.each(func(f *Figures) { f.SDD.observe(ev.Time.Sub(l.End)) })
	}
}

// each applies to the figures of all time and to those since the last Take.
func (t *Tally) each(f func(*Figures)) {
	f(&t.total)
	f(&t.recent)
}

func (t *Tally) attempt(l *call.Leg) {
	if c := t.calls[l.Call]; c != nil {
		c.legs++
		return
	}
	if len(t.calls) >= maxCalls {
		t.lost++
		return
	}
	t.calls[l.Call] = &running{legs: 1, start: l.Start, caller: l.ID}
	if second := l.Start.Unix(); second != t.second {
		t.second, t.begun = second, 0
	}
	t.begun++
	t.each(func(f *Figures) {
		f.Attempts++
		f.PeakCPS = max(f.PeakCPS, t.begun)
		f.PeakCalls = max(f.PeakCalls, len(t.calls))
	})
}

// join makes one call of two: it was one attempt.
func (t *Tally) join(former call.ID, l *call.Leg) {
	c, older := t.calls[former], t.calls[l.Call]
	if c == nil || former == l.Call {
		return
	}
	delete(t.calls, former)
	t.each(func(f *Figures) { f.Attempts -= min(f.Attempts, 1) })
	if older == nil {
		t.calls[l.Call] = c
		return
	}
	older.legs += c.legs
	if c.start.Before(older.start) {
		older.start, older.caller = c.start, c.caller
	}
}

func (t *Tally) ringing(c *running, l *call.Leg) {
	if c.rang || l.Ringing.IsZero() {
		return
	}
	c.rang = true
	delay := l.Ringing.Sub(c.start)
	t.each(func(f *Figures) { f.PDD.observe(delay) })
	t.request(c, delay)
}

// request notes the session request delay, once.
func (t *Tally) request(c *running, delay time.Duration) {
	if !c.heard {
		c.heard = true
		t.each(func(f *Figures) { f.SRD.observe(delay) })
	}
}

func (t *Tally) answered(c *running, l *call.Leg) {
	if c.answer.IsZero() || l.ID == c.caller {
		c.answer = l.Answer
	}
	t.request(c, l.Answer.Sub(c.start))
}

// legEnded counts the call when its last leg is over. A leg that still lives
// when the capture ends is no ended call.
func (t *Tally) legEnded(c *running, l *call.Leg) {
	c.legs--
	if l.ID == c.caller || c.status == 0 {
		c.status, c.refused = l.Status, l.End
	}
	if c.bye.IsZero() || l.End.Before(c.bye) {
		c.bye = l.End
	}
	if c.legs > 0 {
		return
	}
	delete(t.calls, l.Call)
	if l.Live() {
		return
	}
	t.each(func(f *Figures) { f.end(c) })
}

func (f *Figures) end(c *running) {
	f.Ended++
	if !c.answer.IsZero() {
		f.Answered++
		f.Effective++
		f.Established++
		f.Talk.observe(c.bye.Sub(c.answer))
		return
	}
	f.count(c.status)
	if c.status >= 300 {
		f.FRD.observe(c.refused.Sub(c.start))
	}
}
