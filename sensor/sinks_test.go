package sensor

import (
	"context"
	"errors"
	"testing"

	"tollwatch/sensor/record"
)

// broken is a sink that always fails.
type broken struct{ n int }

func (b *broken) Put(record.Object) error {
	b.n++
	return errors.New("disk full")
}

func TestQueueNeverWaits(t *testing.T) {
	found := &kept{}
	q := NewQueue(10, found)
	for range 25 {
		if err := q.Put(&record.Call{}); err != nil {
			t.Fatal(err)
		}
	}
	if got := q.Dropped(); got != 15 {
		t.Errorf("got %d objects refused, want the 15 that found no room", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := q.Run(ctx, func(err error) { t.Error(err) }); err != nil {
		t.Fatal(err)
	}
	if len(found.objects) != 10 {
		t.Errorf("got %d objects handed on after the end, want the 10 that waited", len(found.objects))
	}
}

func TestQueueReportsAndGoesOn(t *testing.T) {
	sink, reported := &broken{}, 0
	q := NewQueue(10, sink)
	q.Put(&record.Call{})
	q.Put(&record.Call{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	q.Run(ctx, func(error) { reported++ })
	if sink.n != 2 || reported != 2 {
		t.Errorf("got %d tries and %d reports, want 2 and 2", sink.n, reported)
	}
}

func TestSinksStopAtTheFirstError(t *testing.T) {
	after := &kept{}
	if err := (Sinks{&broken{}, after}).Put(&record.Call{}); err == nil || len(after.objects) != 0 {
		t.Errorf("got %v and %d objects behind it, want the error and none", err, len(after.objects))
	}
}
