package sensor

import (
	"context"
	"sync/atomic"

	"tollwatch/sensor/record"
)

// Sinks hands every object to each of several sinks, in order.
type Sinks []Sink

// Put implements Sink; the first error ends it.
func (s Sinks) Put(o record.Object) error {
	for _, sink := range s {
		if err := sink.Put(o); err != nil {
			return err
		}
	}
	return nil
}

// Queue stands between the pipeline and a sink that may have to wait. It is
// bounded: when it is full the newest object is refused and counted, so that
// capture never waits.
type Queue struct {
	objects chan record.Object
	sink    Sink
	dropped atomic.Uint64
}

// NewQueue keeps at most n objects for sink.
func NewQueue(n int, sink Sink) *Queue {
	return &Queue{objects: make(chan record.Object, n), sink: sink}
}

// Put implements Sink. It never blocks and never fails.
func (q *Queue) Put(o record.Object) error {
	select {
	case q.objects <- o:
	default:
		q.dropped.Add(1)
	}
	return nil
}

// Dropped is how many objects found no room.
func (q *Queue) Dropped() uint64 { return q.dropped.Load() }

// Run hands the objects on until ctx ends, and then those that are left.
// Errors of the sink go to report, which decides what is said of them.
func (q *Queue) Run(ctx context.Context, report func(error)) error {
	for {
		select {
		case o := <-q.objects:
			q.hand(o, report)
		case <-ctx.Done():
			q.drain(report)
			return nil
		}
	}
}

func (q *Queue) drain(report func(error)) {
	for {
		select {
		case o := <-q.objects:
			q.hand(o, report)
		default:
			return
		}
	}
}

func (q *Queue) hand(o record.Object, report func(error)) {
	if err := q.sink.Put(o); err != nil {
		report(err)
	}
}
