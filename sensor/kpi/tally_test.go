package kpi

import (
	"math"
	"testing"
	"time"

	"tollwatch/decoder/call"
)

var noon = time.Date(2026, 3, 6, 12, 0, 0, 0, time.UTC)

// story is a call with one leg; times are seconds after noon.
type story struct {
	start, ring, answer, end float64 // 0: never, but for start
	status                   int
	released                 float64
}

func at(s float64) time.Time { return noon.Add(time.Duration(s * float64(time.Second))) }

func (s story) play(t *Tally, id call.ID) {
	l := call.Leg{ID: call.LegID(id), Call: id, Start: at(s.start), Status: s.status}
	tell := func(kind call.EventKind, when time.Time) {
		snapshot := l
		t.Observe(&call.Event{Kind: kind, Time: when, Leg: &snapshot})
	}
	tell(call.EventAttempt, l.Start)
	if s.ring > 0 {
		l.Ringing = at(s.ring)
		tell(call.EventRinging, l.Ringing)
	}
	if s.answer > 0 {
		l.Answer = at(s.answer)
		tell(call.EventAnswered, l.Answer)
	}
	l.End = at(s.end)
	tell(call.EventEnded, l.End)
	if s.released > 0 {
		tell(call.EventReleased, at(s.released))
	}
}

// TestWorkedExample is the table of docs/kpis.md.
func TestWorkedExample(t *testing.T) {
	tally := New()
	for i, s := range []story{
		{start: 0, ring: 1, answer: 5, end: 65, status: 200, released: 65.1},
		{start: 10, ring: 13, answer: 20, end: 50, status: 200, released: 50.3},
		{start: 20, ring: 22, end: 50, status: 487},
		{start: 30, end: 30.5, status: 486},
		{start: 40, end: 40.2, status: 404},
		{start: 50, end: 50.4, status: 503},
		{start: 60, end: 92, status: 408},
		{start: 70, end: 70.1, status: 302},
	} {
		s.play(tally, call.ID(i+1))
	}
	f := tally.Total()
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"attempts", float64(f.Attempts), 8}, {"ended", float64(f.Ended), 8},
		{"ASR", f.ASR(), 2. / 8}, {"NER", f.NER(), 4. / 8}, {"ACD", f.Talk.Mean(), 45},
		{"PDD", f.PDD.Mean(), 2}, {"SRD", f.SRD.Mean(), 2}, {"FRD", f.FRD.Mean(), (30 + 0.5 + 0.2 + 0.4 + 32 + 0.1) / 6},
		{"SDD", f.SDD.Mean(), 0.2}, {"SER", f.SER(), 2. / 7}, {"SEER", f.SEER(), 3. / 7}, {"ISA", f.ISA(), 2. / 8},
		{"peak a second", float64(f.PeakCPS), 1},
	} {
		if math.Abs(c.got-c.want) > 1e-9 {
			t.Errorf("%s: got %v, want %v", c.name, c.got, c.want)
		}
	}
}

// TestCallsNotLegs: a call through the PBX is one, also when its legs were
// joined late; its caller's leg says what came of it.
func TestCallsNotLegs(t *testing.T) {
	for _, late := range []bool{false, true} {
		tally := New()
		in := call.Leg{ID: 1, Call: 1, Start: at(0)}
		out := call.Leg{ID: 2, Call: 1, Start: at(0.1)}
		tell := func(kind call.EventKind, l call.Leg, former call.ID) {
			tally.Observe(&call.Event{Kind: kind, Leg: &l, Former: former})
		}
		tell(call.EventAttempt, in, 0)
		if late {
			out.Call = 2
			tell(call.EventAttempt, out, 0)
			out.Call = 1
			tell(call.EventJoined, out, 2)
		} else {
			tell(call.EventAttempt, out, 0)
		}
		out.Status, out.End = 503, at(1)
		tell(call.EventEnded, out, 0)
		if tally.Running() != 1 {
			t.Fatalf("late %t: got %d calls while a leg lives, want 1", late, tally.Running())
		}
		in.Status, in.End = 486, at(1.1)
		tell(call.EventEnded, in, 0)
		f := tally.Total()
		if f.Attempts != 1 || f.Ended != 1 || f.Effective != 1 || f.Ineffective != 0 || tally.Running() != 0 {
			t.Errorf("late %t: got %d attempts, %d ended, %d effective, %d ineffective, %d running; want 1 1 1 0 0", late,
				f.Attempts, f.Ended, f.Effective, f.Ineffective, tally.Running())
		}
	}
}

// TestTake: what was taken is not counted again, and the peak goes on from the
// calls that run.
func TestTake(t *testing.T) {
	tally := New()
	for i := range 5 {
		l := call.Leg{ID: call.LegID(i + 1), Call: call.ID(i + 1), Start: at(0.1 * float64(i))}
		tally.Observe(&call.Event{Kind: call.EventAttempt, Leg: &l})
	}
	first, second := tally.Take(), tally.Take()
	if first.Attempts != 5 || first.PeakCalls != 5 || first.PeakCPS != 5 {
		t.Errorf("got %d attempts, peaks %d and %d, want 5 each", first.Attempts, first.PeakCalls, first.PeakCPS)
	}
	if second.Attempts != 0 || second.PeakCalls != 5 || tally.Total().Attempts != 5 {
		t.Errorf("got %d attempts, peak %d afterwards, want 0 and 5; total %d, want 5", second.Attempts, second.PeakCalls, tally.Total().Attempts)
	}
	if !math.IsNaN(second.ASR()) || !math.IsNaN(second.PDD.Mean()) || !math.IsNaN(second.PDD.Quantile(0.5)) {
		t.Error("figures of nothing are known, want NaN")
	}
}

// TestFlood: calls that never end find no room, and are counted as such.
func TestFlood(t *testing.T) {
	tally := New()
	for i := range maxCalls + 100 {
		l := call.Leg{ID: call.LegID(i + 1), Call: call.ID(i + 1), Start: at(0)}
		tally.Observe(&call.Event{Kind: call.EventAttempt, Leg: &l})
	}
	if tally.Running() != maxCalls || tally.Lost() != 100 {
		t.Errorf("got %d running, %d lost, want %d and 100", tally.Running(), tally.Lost(), maxCalls)
	}
}

// TestQuantiles lie within 5 % of the true ones.
func TestQuantiles(t *testing.T) {
	var d Delays
	for i := 1; i <= 10000; i++ {
		d.observe(time.Duration(i) * time.Millisecond)
	}
	d.observe(-time.Second)
	for _, q := range []float64{0.01, 0.5, 0.95, 0.99} {
		want := q * 10
		if got := d.Quantile(q); math.Abs(got-want) > 0.05*want {
			t.Errorf("quantile %v: got %v, want %v to 5 %%", q, got, want)
		}
	}
	if d.N() != 10000 {
		t.Errorf("got %d, want the negative one left out", d.N())
	}
}

func TestObserveAllocatesNothing(t *testing.T) {
	tally := New()
	l := call.Leg{ID: 1, Call: 1, Start: at(0), Ringing: at(1), Answer: at(2)}
	tally.Observe(&call.Event{Kind: call.EventAttempt, Leg: &l})
	if n := testing.AllocsPerRun(100, func() {
		tally.Observe(&call.Event{Kind: call.EventRinging, Leg: &l})
		tally.Observe(&call.Event{Kind: call.EventAnswered, Leg: &l})
		tally.Observe(&call.Event{Kind: call.EventMedia, Leg: &l})
	}); n != 0 {
		t.Errorf("got %v allocations, want 0", n)
	}
}
