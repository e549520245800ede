package influx

import (
	"context"
	"math/rand/v2"
	"strings"
	"time"
)

// Limits of one batch.
const (
	maxLines = 5000
	maxBytes = 1 << 20
)

// lane is the way of one kind of points into one bucket: a bounded queue and
// the goroutine that empties it.
type lane struct {
	part   part
	writer *Writer
	linger time.Duration // how long a batch waits for more
	lines  chan string
	counts counts
	output *Output
	until  time.Time // zero until the end has come: then the last tries must be over
}

// put never waits.
func (l *lane) put(line string) {
	select {
	case l.lines <- line:
	default:
		l.counts.lost.Add(1)
	}
}

// run sends batches until ctx ends, and then once what is left, within the
// timeout of a request. The rest is lost.
func (l *lane) run(ctx context.Context) {
	for {
		batch := l.collect(ctx)
		if ctx.Err() != nil {
			l.farewell(batch)
			return
		}
		l.send(ctx, batch)
	}
}

func (l *lane) farewell(batch []string) {
	ctx, cancel := l.last()
	defer cancel()
	for {
		if len(batch) > 0 {
			l.once(ctx, batch)
		}
		if batch = l.take(nil); len(batch) == 0 {
			return
		}
	}
}

// last is the time after the end, which all requests share that are still made:
// a batch that was split does not get more of it.
func (l *lane) last() (context.Context, context.CancelFunc) {
	if l.until.IsZero() {
		l.until = time.Now().Add(l.output.cfg.Timeout)
	}
	return context.WithDeadline(context.Background(), l.until)
}

// collect waits for a line, and then as long as the lane lingers for more.
func (l *lane) collect(ctx context.Context) []string {
	var batch []string
	select {
	case line := <-l.lines:
		batch = append(batch, line)
	case <-ctx.Done():
		return nil
	}
	wait := time.NewTimer(l.linger)
	defer wait.Stop()
	select {
	case <-wait.C:
	case <-ctx.Done():
	}
	return l.take(batch)
}

// take adds what is queued, up to the limits of a batch.
func (l *lane) take(batch []string) []string {
	size := 0
	for _, line := range batch {
		size += len(line)
	}
	for len(batch) < maxLines && size < maxBytes {
		select {
		case line := <-l.lines:
			batch = append(batch, line)
			size += len(line)
		default:
			return batch
		}
	}
	return batch
}

// send stays with a batch until it has an end; it splits it where it must.
func (l *lane) send(ctx context.Context, batch []string) {
	for tries := 1; ; tries++ {
		err := l.request(ctx, batch)
		outcome := judge(err, len(batch), tries)
		l.tell(outcome, err)
		switch outcome {
		case Done:
			l.counts.done.Add(uint64(len(batch)))
			return
		case Reject:
			n := refused(err, len(batch))
			l.counts.reject.Add(uint64(n))
			l.counts.done.Add(uint64(len(batch) - n))
			return
		case Split:
			l.counts.split.Add(1)
			l.send(ctx, batch[:len(batch)/2])
			l.send(ctx, batch[len(batch)/2:])
			return
		}
		l.counts.retry.Add(1)
		if !l.pause(ctx, tries, retryAfter(err, time.Now())) {
			l.farewell(batch)
			return
		}
	}
}

// request writes once. What is under way at the end is waited for: the server may
// have the points already.
func (l *lane) request(ctx context.Context, batch []string) error {
	if ctx.Err() == nil {
		return l.writer.Write(context.WithoutCancel(ctx), strings.Join(batch, ""))
	}
	last, cancel := l.last()
	defer cancel()
	return l.writer.Write(last, strings.Join(batch, ""))
}

// once is the last try of a batch.
func (l *lane) once(ctx context.Context, batch []string) {
	if l.writer.Write(ctx, strings.Join(batch, "")) == nil {
		l.counts.done.Add(uint64(len(batch)))
		return
	}
	l.counts.lost.Add(uint64(len(batch)))
}

// pause backs off with jitter, so that the sensors of a provider do not come
// back all at once. It is false when ctx has ended.
func (l *lane) pause(ctx context.Context, tries int, asked time.Duration) bool {
	cfg := l.output.cfg
	wait := min(cfg.MaxPause, cfg.MinPause<<min(tries-1, 16))
	wait = max(wait, min(asked, maxAsked))
	wait += rand.N(wait/2 + 1)
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// maxAsked bounds a server's Retry-After.
const maxAsked = 10 * time.Minute

// tell notes when the way breaks, when it is whole again, and what the server
// refused.
func (l *lane) tell(outcome Outcome, err error) {
	kind, text := Diagnose(err, l.writer.Place())
	switch outcome {
	case Retry:
		l.output.watch.note(l.part, kind, text)
		return
	case Reject:
		l.output.watch.note(ofPoints, RefusedPoints, text)
	}
	l.output.watch.over(l.part)
	l.output.clock(l.writer)
}
