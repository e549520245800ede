package influx

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"tollwatch/sensor/output/points"
)

// drainer brings parcels to one bucket.
type drainer struct {
	part   part
	urgent bool // alerts: no long pauses, and no waiting for a request that hangs
	cfg    Config
	writer *Writer
	dead   *deadLetters
	watch  *watch
	counts *counts
	least  atomic.Pointer[tooLong] // nil: none yet
	slow   atomic.Bool             // the last alerts took several requests
	good   string                  // a line that the server took; empty: none yet
}

// tooLong is how many bytes the server refused as too many, and when. After an hour it
// may take more: it was set up anew, or that was somebody on the way.
type tooLong struct {
	bytes int
	at    time.Time
}

func (l *tooLong) holds() bool { return l != nil && time.Since(l.at) < remembered }

// tally is what became of the lines of a parcel.
type tally struct{ done, reject int }

func (t *tally) add(o tally) { t.done, t.reject = t.done+o.done, t.reject+o.reject }

// verdict is how the delivery of a parcel ended.
type verdict uint8

const (
	delivered verdict = iota + 1
	doubtful          // the server fails on it, and nobody knows whose fault that is
	ended             // the process ends
)

// suspect is who is known to be at fault when the server fails on a parcel.
type suspect uint8

const (
	nobody  suspect = iota + 1
	another         // the server failed on another one before: does it fail on all?
	guilty          // the parcel itself: the server took others
)

func whom(doubt *parcel) suspect {
	if doubt == nil {
		return nobody
	}
	return another
}

// limit is how many bytes a parcel should have.
func (d *drainer) limit() int {
	most := maxBytes
	switch {
	case d.urgent && d.slow.Load():
		most = maxBytes / 16 // of which a slow line carries several at once in time
	case d.urgent:
		most = maxBytes / 4 // an alert that comes now waits for one parcel
	}
	if least := d.least.Load(); least.holds() {
		most = min(most, max(least.bytes/2, 1024))
	}
	return most
}

// drain delivers until nothing can come any more, or hard ends. After ctx has
// ended each parcel has one try.
func (l *lane) drain(ctx, hard context.Context) {
	d := l.drainer
	var doubt *parcel
	for {
		p, ok, more := l.next(hard, again(doubt, d.longest()))
		if !ok && more {
			p, doubt = *doubt, nil // nothing came that could prove it
		} else if !ok {
			l.leave(doubt)
			return
		}
		t, v := d.deliver(ctx, hard, p, whom(doubt))
		switch {
		case v == delivered:
			l.finish(p, t)
			l.convict(ctx, hard, &doubt)
		case v == ended:
			l.giveBack(p)
			l.leave(doubt)
			return
		case doubt == nil:
			doubt = &p
		default:
			l.giveBack(p) // the server fails on all
			if !sleep(ctx, d.longest()) {
				l.leave(doubt)
				return
			}
		}
	}
}

// again is when a doubtful parcel is tried once more.
func again(doubt *parcel, pause time.Duration) <-chan time.Time {
	if doubt == nil {
		return nil
	}
	return time.After(pause)
}

func (l *lane) leave(doubt *parcel) {
	if doubt != nil {
		l.giveBack(*doubt)
	}
}

// convict delivers a doubtful parcel once the server has taken another one: what
// fails now is the parcel's own fault.
func (l *lane) convict(ctx, hard context.Context, doubt **parcel) {
	p := *doubt
	if p == nil {
		return
	}
	*doubt = nil
	if t, v := l.drainer.deliver(ctx, hard, *p, guilty); v == delivered {
		l.finish(*p, t)
		return
	}
	l.giveBack(*p)
}

// deliver stays with a parcel until it has an end.
func (d *drainer) deliver(ctx, hard context.Context, p parcel, who suspect) (t tally, v verdict) {
	v = d.send(ctx, hard, p.lines, p.n, who, &t)
	return t, v
}

func (d *drainer) send(ctx, hard context.Context, lines string, n int, who suspect, t *tally) verdict {
	failures := 0
	b := &cargo{lines: lines}
	for tries := 1; ; tries++ {
		err := d.try(hard, b)
		outcome := judge(err, n)
		if hard.Err() == nil {
			settled := t.done + t.reject
			if outcome == Done || outcome == Reject {
				settled += n
			}
			d.tell(outcome, err, settled)
		}
		switch outcome {
		case Done:
			d.vouch(lines)
			t.done += n
			return delivered
		case Reject:
			d.reject(lines, n, err, t)
			return delivered
		case Split:
			first, rest := d.halves(lines, n, err)
			if v := d.send(ctx, hard, first, n/2, who, t); v != delivered {
				return v
			}
			return d.send(ctx, hard, rest, n-n/2, who, t)
		}
		if failed(err) {
			failures++
		}
		switch {
		case failures > 0 && who == another:
			return doubtful
		case failures >= d.maxFailures():
			if v := d.isolate(hard, lines, n, who == guilty, t); v != interrupted {
				return v
			}
			failures = 0
		}
		d.counts.retry.Add(1)
		d.writer.renew() // the name may be another machine's by now
		if ctx.Err() != nil || !sleep(ctx, d.pause(err, tries)) {
			return ended
		}
	}
}

// halves cuts lines in two. What was too long teaches how long is not.
func (d *drainer) halves(lines string, n int, err error) (first, rest string) {
	d.counts.split.Add(1)
	if statusOf(err) == http.StatusRequestEntityTooLarge {
		if least := d.least.Load(); !least.holds() || len(lines) < least.bytes {
			d.least.Store(&tooLong{len(lines), time.Now()})
		}
	}
	return halve(lines, n)
}

// halve cuts n lines after the first n/2.
func halve(lines string, n int) (first, rest string) {
	at := 0
	for range n / 2 {
		at += strings.IndexByte(lines[at:], '\n') + 1
	}
	return lines[:at], lines[at:]
}

// reject counts what the server will not take. Of a partial write it does not say
// which lines those are; a line alone is a dead letter.
func (d *drainer) reject(lines string, n int, err error, t *tally) {
	bad := refused(err, n)
	t.reject += bad
	t.done += n - bad
	_, why := Diagnose(err, d.writer.Place())
	if n > 1 {
		lines = ""
	}
	d.bury(lines, why)
}

func (d *drainer) bury(lines, why string) {
	if err := d.dead.add(lines, points.Clean(why, maxLogged)); err != nil {
		d.watch.note(ofDeadLetters, Disk, "a dead letter cannot be kept: "+err.Error())
	}
}

func (d *drainer) maxFailures() int {
	if d.urgent {
		return maxFailuresUrgent
	}
	return maxFailures
}

// longest is the longest pause before the server is asked again, but for jitter and
// what it asks for itself.
func (d *drainer) longest() time.Duration {
	if d.urgent {
		return min(d.cfg.MaxPause, 5*d.cfg.MinPause)
	}
	return d.cfg.MaxPause
}

// pause backs off with jitter, so that the sensors of a provider do not come back
// all at once. Alerts hardly wait for a line that is dead; a server that asks for
// time gets it.
func (d *drainer) pause(err error, tries int) time.Duration {
	least := d.cfg.MinPause
	wait := min(d.longest(), least<<min(tries-1, 16))
	wait = wait/2 + rand.N(wait+1)
	if d.urgent && d.isDead(err) {
		wait = least/2 + rand.N(least/2+1)
	}
	if asked := retryAfter(err, time.Now()); asked > 0 {
		return max(wait, asked+rand.N(asked/4+1))
	}
	return wait
}

// isDead says that nobody answers, or only a proxy whose server is away.
func (d *drainer) isDead(err error) bool {
	switch statusOf(err) {
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	kind, _ := Diagnose(err, d.writer.Place())
	return kind == Unreachable
}

// tell notes when the way breaks, when it is whole again, and what the server
// refused.
func (d *drainer) tell(outcome Outcome, err error, settled int) {
	kind, text := Diagnose(err, d.writer.Place())
	switch outcome {
	case Retry:
		d.watch.note(d.part, kind, text)
		return
	case Reject:
		d.watch.note(ofPoints, RefusedPoints, text)
	}
	d.watch.over(d.part, settled)
	d.watch.clock(d.writer)
}

// try sends once; alerts by several requests, if one does not answer.
func (d *drainer) try(hard context.Context, b *cargo) error {
	if d.urgent {
		return d.hedge(hard, b)
	}
	return d.writer.write(hard, b)
}
