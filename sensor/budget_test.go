package sensor

import (
	"testing"
	"time"

	"tollwatch/sensor/record"
)

// TestFloodsBecomeFewPoints: of a storm of registrations, refused calls and streams
// that nobody announced a second has so many, and every answered call and alert.
func TestFloodsBecomeFewPoints(t *testing.T) {
	noon := time.Date(2026, 3, 6, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		make func(at time.Time) record.Object
		want int // of 10,000 within two seconds
	}{
		{"registrations", func(at time.Time) record.Object { return &record.Registration{Event: "refused", Time: record.Time(at)} }, 2 * registrationsASecond},
		{"unanswered calls", func(at time.Time) record.Object { return &record.Call{Told: record.Time(at)} }, 2 * unansweredASecond},
		{"unannounced streams", func(at time.Time) record.Object { return &record.Stream{End: record.Time(at)} }, 2 * unannouncedASecond},
		{"answered calls", func(at time.Time) record.Object { return &record.Call{Told: record.Time(at), Answer: record.Time(at)} }, 10_000},
		{"announced streams", func(at time.Time) record.Object { return &record.Stream{End: record.Time(at), CallGroup: "c1"} }, 10_000},
		{"alerts", func(at time.Time) record.Object { return &record.Alert{Time: record.Time(at)} }, 10_000},
	} {
		var b budgets
		got := 0
		for i := range 10_000 {
			if b.allow(c.make(noon.Add(time.Duration(i) * 200 * time.Microsecond))) {
				got++
			}
		}
		if got != c.want || b.over.Load() != uint64(10_000-c.want) {
			t.Errorf("%s: got %d points, %d over; want %d and %d", c.name, got, b.over.Load(), c.want, 10_000-c.want)
		}
	}
}

// TestAStormHidesNoNewTelephone: refusals have a budget of their own.
func TestAStormHidesNoNewTelephone(t *testing.T) {
	var b budgets
	noon := record.Time(time.Date(2026, 3, 6, 12, 0, 0, 0, time.UTC))
	for range 1000 {
		b.allow(&record.Registration{Event: "refused", Time: noon})
	}
	if !b.allow(&record.Registration{Event: "new", Time: noon}) {
		t.Error("got a new binding refused in a storm of refusals")
	}
	before := record.Time(time.Time(noon).Add(-time.Hour))
	if !b.allow(&record.Registration{Event: "refused", Time: before}) {
		t.Error("after a clock set back: got a refusal without room")
	}
}
