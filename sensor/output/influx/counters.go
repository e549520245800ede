package influx

import (
	"sync/atomic"
	"time"

	"tollwatch/sensor/output/spool"
)

// Counters counts points: whenever nothing is on its way,
// Queued + Found = Done + Reject + Evicted + Lost + Waiting.
type Counters struct {
	Queued  uint64
	Found   uint64        // in the spool of an earlier process
	Done    uint64        // written
	Retry   uint64        // tries that failed and were repeated
	Split   uint64        // batches cut in two
	Reject  uint64        // refused by the server: dead letters, and those of a partial write
	Evicted uint64        // made room in the spool, or were too old
	Lost    uint64        // found no room while the disk did not take them, or went with a damaged file
	Refused uint64        // could not be encoded, and were never queued
	Waiting uint64        // now, on disk and in memory
	Bytes   uint64        // of them on disk, compressed
	Batches uint64        // of them on disk
	Age     time.Duration // of the oldest that waits
}

type counts struct {
	queued, done, retry, split, reject, lost atomic.Uint64
}

// Counters is a snapshot of both classes. It never waits.
func (o *Output) Counters() Counters {
	c := o.metrics.counters()
	a := o.alerts.counters()
	c.Refused = o.refused.Load()
	c.Queued += a.Queued
	c.Found += a.Found
	c.Done += a.Done
	c.Retry += a.Retry
	c.Split += a.Split
	c.Reject += a.Reject
	c.Evicted += a.Evicted
	c.Lost += a.Lost
	c.Waiting += a.Waiting
	c.Bytes += a.Bytes
	c.Batches += a.Batches
	c.Age = max(c.Age, a.Age)
	return c
}

func (l *lane) counters() Counters {
	c := Counters{Queued: l.counts.queued.Load(), Done: l.counts.done.Load(), Retry: l.counts.retry.Load(), Split: l.counts.split.Load(),
		Reject: l.counts.reject.Load(), Lost: l.counts.lost.Load(), Waiting: uint64(l.inbox.waiting())}
	if l.spool != nil {
		c.onDisk(l.spool.Figures(l.class))
	}
	c.Age = max(c.Age, l.inbox.age())
	return c
}

func (c *Counters) onDisk(f spool.Figures) {
	c.Found, c.Evicted = f.Found, f.Evicted
	c.Lost += f.Lost
	c.Waiting += uint64(f.Points)
	c.Bytes, c.Batches = uint64(f.Bytes), uint64(f.Batches)
	if !f.Oldest.IsZero() {
		c.Age = max(0, time.Since(f.Oldest))
	}
}
