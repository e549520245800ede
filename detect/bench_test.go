package detect

import (
	"testing"
	"time"
	"unsafe"

	"tollwatch/decoder/call"
	"tollwatch/detect/numbering"
)

// TestStateOfACall states what a running call costs in memory.
func TestStateOfACall(t *testing.T) {
	call := unsafe.Sizeof(ongoing{}) + 2*unsafe.Sizeof(legState{})
	const most = 2 << 10
	t.Logf("%d bytes a call of two legs, %d an extension, %d a destination group",
		call, unsafe.Sizeof(extension{}), unsafe.Sizeof(group{}))
	if call > most {
		t.Errorf("got %d bytes a call, want at most %d", call, most)
	}
}

// TestOrdinaryDecisionsAllocateNothing: a call without reasons costs no
// allocation once it is running.
func TestOrdinaryDecisionsAllocateNothing(t *testing.T) {
	e := frugal(t, Cap{PerCall: 1000, PerHour: 1000, PerDay: 1000, PerMonth: 1000, CallsAtOnce: 1000}, Cap{Class: numbering.Mobile, PerHour: 1000})
	s := script{view: bothLegs}
	s.add(plot{at: monday, extension: 204, number: "33612345678", ring: time.Second, talk: time.Hour})
	events := s.sorted()
	for _, ev := range events {
		if ev.Kind != call.EventEnded {
			e.Observe(ev)
		}
	}
	now := monday.Add(time.Minute)
	if n := testing.AllocsPerRun(1000, func() {
		now = now.Add(runningEvery)
		e.Advance(now)
	}); n != 0 {
		t.Errorf("got %v allocations for a look at a running call, want 0", n)
	}
	media := call.Event{Kind: call.EventMedia, Time: now, Leg: events[0].Leg}
	if n := testing.AllocsPerRun(1000, func() { e.Observe(media) }); n != 0 {
		t.Errorf("got %v allocations for an event that changes nothing, want 0", n)
	}
}

// benchmarkCalls takes calls of two legs through the engine, ten events each.
func benchmarkCalls(b *testing.B, number string) {
	e := newEngine(b)
	s := script{view: bothLegs}
	const calls = 1000
	for i := range calls {
		s.add(plot{at: monday.Add(time.Duration(i) * 30 * time.Second), extension: 201 + i%12, number: number, ring: time.Second, talk: 10 * time.Second})
	}
	events := s.sorted()
	b.ReportAllocs()
	shift := time.Duration(0)
	for n := 0; b.Loop(); n++ {
		ev := events[n%len(events)]
		if n%len(events) == 0 {
			shift += calls * 30 * time.Second
		}
		ev.Time = ev.Time.Add(shift)
		e.Observe(ev)
	}
}

func BenchmarkOrdinaryEvent(b *testing.B) { benchmarkCalls(b, "33612345678") }
func BenchmarkStolenEvent(b *testing.B)   { benchmarkCalls(b, "13459491234") }
