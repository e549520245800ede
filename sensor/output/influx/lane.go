package influx

import (
	"context"
	"errors"
	"time"

	"tollwatch/sensor/output/spool"
)

// What a lane of a class does by itself.
const (
	alertPatience   = 500 * time.Millisecond // how long an alert waits for the disk
	metricsPatience = 5 * time.Second
	saveAgain       = time.Second // after the disk did not take a batch
	loadAgain       = time.Second
	sweepAgain      = time.Minute
	keepAtEnd       = 5 * time.Second // for what waits, once the process is to end
)

// lane is the way of one class of points: from the inbox to the spool (keep), from
// there into the hands of the drainer (fetch), and to the server (drain). Each is
// a goroutine of its own, so that a disk or a server that hangs stops neither the
// other one nor whoever brings points.
type lane struct {
	part     part
	class    spool.Class
	linger   time.Duration // how long a chunk waits for more lines
	patience time.Duration // how long a chunk waits for the disk
	inbox    *inbox
	spool    *spool.Spool // nil: nothing is kept on disk
	drainer  *drainer
	watch    *watch
	counts   *counts

	loads    chan spool.Load // of the spool, one at a time
	released chan struct{}   // a value when the spool may have something to give out or to delete
	kept     chan struct{}   // closed once no line comes any more and the disk has what it takes
}

var errNoSpool = errors.New("no spool")

// run works until ctx ends, and then on what waits, until hard does. What is left
// then is on disk for the next process, or lost where the disk does not take it.
func (l *lane) run(ctx, hard context.Context) {
	hard, cancel := context.WithCancel(hard)
	fetched := make(chan struct{})
	go l.keep(ctx)
	go func() {
		defer close(fetched)
		l.fetch(hard)
	}()
	l.drain(ctx, hard)
	cancel()
	// A disk that hangs is not waited for: it has what it has.
	last := time.NewTimer(keepAtEnd)
	defer last.Stop()
	for _, end := range []chan struct{}{l.kept, fetched} {
		select {
		case <-end:
		case <-last.C:
			return
		}
	}
	l.counts.lost.Add(uint64(l.inbox.abandon()))
}

// keep brings chunks to the disk.
func (l *lane) keep(ctx context.Context) {
	defer close(l.kept)
	for {
		select {
		case <-l.inbox.toSave:
		case <-ctx.Done():
			l.keepAll()
			return
		}
		if l.lingered(ctx); !l.keepAll() {
			sleep(ctx, saveAgain)
			signal(l.inbox.toSave)
		}
	}
}

// lingered waits until a chunk is full or has waited for more lines long enough.
func (l *lane) lingered(ctx context.Context) {
	wait := time.NewTimer(l.linger)
	defer wait.Stop()
	for l.linger > 0 && l.inbox.fillsFor(l.linger) {
		select {
		case <-wait.C:
			return
		case <-l.inbox.toSave:
		case <-ctx.Done():
			return
		}
	}
}

// keepAll is false when the disk did not take a chunk.
func (l *lane) keepAll() bool {
	for {
		c := l.inbox.toKeep()
		if c == nil {
			return true
		}
		if !l.keepChunk(c) {
			return false
		}
	}
}

func (l *lane) keepChunk(c *chunk) bool {
	id, err := int64(0), errNoSpool
	if l.spool != nil {
		id, err = l.spool.Append(l.class, c.lines, c.n)
		l.watch.disk(l.spool)
	}
	fate := l.inbox.kept(c, id, err)
	if err != nil {
		return false
	}
	switch fate {
	case onDisk:
		l.spool.Release(l.class, id)
	case arrived:
		l.spool.Acknowledge(l.class, id)
	}
	signal(l.released)
	return true
}

// fetch offers what the spool holds to the drainer, and deletes what has arrived.
// It closes loads when there will be no more.
func (l *lane) fetch(hard context.Context) {
	defer close(l.loads)
	if l.spool == nil {
		select {
		case <-l.kept:
		case <-hard.Done():
		}
		return
	}
	for hard.Err() == nil {
		l.spool.Sweep(l.class)
		ended := isClosed(l.kept)
		load, err := l.spool.Load(l.class, maxLines, l.drainer.limit())
		l.watch.disk(l.spool)
		switch {
		case load.Count > 0:
			l.offer(hard, load)
		case ended:
			return
		case err != nil:
			sleep(hard, loadAgain)
		default:
			select {
			case <-l.released:
			case <-l.kept:
			case <-time.After(sweepAgain): // for what a full disk did not let go of
			case <-hard.Done():
			}
		}
	}
}

// offer waits until the drainer takes a load.
func (l *lane) offer(hard context.Context, load spool.Load) {
	for {
		select {
		case l.loads <- load:
			return
		case <-l.released:
			l.spool.Sweep(l.class)
		case <-hard.Done():
			l.spool.Release(l.class, load.IDs...)
			return
		}
	}
}

// parcel is what goes to the server by one request, if it can.
type parcel struct {
	lines  string
	n      int
	ids    []int64  // in the spool
	chunks []*chunk // in the inbox
}

// next is what goes next: first what could not wait for the disk, or is not to be
// had from it. ok is false when nothing came in time, more is false at the end.
func (l *lane) next(hard context.Context, within <-chan time.Time) (p parcel, ok, more bool) {
	for {
		if chunks := l.inbox.overdue(l.patience, l.drainer.limit()); len(chunks) > 0 {
			return pack(chunks), true, true
		}
		var due <-chan time.Time
		if in, any := l.inbox.due(l.patience); any {
			due = time.After(in)
		}
		select {
		case load, open := <-l.loads:
			if !open {
				chunks := l.inbox.overdue(0, l.drainer.limit())
				return pack(chunks), len(chunks) > 0, len(chunks) > 0
			}
			return parcel{lines: string(load.Lines), n: load.Count, ids: load.IDs}, true, true
		case <-l.inbox.stir:
		case <-due:
		case <-within:
			return p, false, true
		case <-hard.Done():
			return p, false, false
		}
	}
}

func pack(chunks []*chunk) (p parcel) {
	var all []byte
	for _, c := range chunks {
		all = append(all, c.lines...)
		p.n += c.n
	}
	p.lines, p.chunks = string(all), chunks
	return p
}

// finish says that a parcel is at its end, and how.
func (l *lane) finish(p parcel, t tally) {
	for _, c := range p.chunks {
		if id := l.inbox.over(c); id != 0 {
			p.ids = append(p.ids, id)
		}
	}
	if l.spool != nil {
		l.spool.Acknowledge(l.class, p.ids...)
		signal(l.released)
	}
	l.counts.done.Add(uint64(t.done))
	l.counts.reject.Add(uint64(t.reject))
}

// giveBack says that a parcel will be sent another time.
func (l *lane) giveBack(p parcel) {
	for _, c := range p.chunks {
		if id := l.inbox.back(c); id != 0 {
			p.ids = append(p.ids, id)
		}
	}
	if l.spool != nil {
		l.spool.Release(l.class, p.ids...)
		signal(l.released)
	}
}

func isClosed(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// sleep is false when ctx ended before.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
