package influx

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"time"

	"tollwatch/sensor/output/points"
)

// Limits of one batch.
const (
	maxLines = 5000
	maxBytes = 1 << 20
)

// lane is the way of one kind of points into one bucket: a bounded queue and
// the goroutine that empties it.
type lane struct {
	name   string
	bucket string
	linger time.Duration // how long a batch waits for more
	lines  chan string
	counts counts
	output *Output
	down   bool      // the last try failed, which was logged
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
		l.log(outcome, err)
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
		return l.output.write(context.WithoutCancel(ctx), l.bucket, batch)
	}
	last, cancel := l.last()
	defer cancel()
	return l.output.write(last, l.bucket, batch)
}

// once is the last try of a batch.
func (l *lane) once(ctx context.Context, batch []string) {
	if l.output.write(ctx, l.bucket, batch) == nil {
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

// maxLogged is how much of an answer is logged: it is the other end's text.
const maxLogged = 300

// log tells when the way breaks, when it is whole again, and what the server
// refused.
func (l *lane) log(outcome Outcome, err error) {
	failing := outcome == Retry
	reason := ""
	if err != nil {
		reason = points.Clean(err.Error(), maxLogged)
	}
	switch {
	case outcome == Reject:
		slog.Warn("influx refused points", "lane", l.name, "bucket", l.bucket, "error", reason)
	case failing && !l.down:
		slog.Warn("influx cannot be written, points wait", "lane", l.name, "bucket", l.bucket, "error", reason)
	case !failing && l.down:
		slog.Info("influx is written again", "lane", l.name, "bucket", l.bucket)
	}
	l.down = failing
}
