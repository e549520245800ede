package influx

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// Config says where points go. Times are of one request and between tries.
type Config struct {
	URL          string
	Org          string // InfluxDB 2 and later
	Bucket       string // InfluxDB 1: database, or database/policy
	BucketAlerts string // empty: Bucket
	TokenFile    string // read before each write; empty: no token

	Queue              int // points that wait at most, alerts apart
	Timeout            time.Duration
	MinPause, MaxPause time.Duration
	Linger             time.Duration // how long points wait for more; alerts never do
}

// DefaultConfig has all but the place. 50,000 points are about 20 MB, and more
// than a day of an office.
func DefaultConfig() Config {
	return Config{Queue: 50_000, Timeout: 10 * time.Second, MinPause: time.Second, MaxPause: time.Minute, Linger: time.Second}
}

// Output encodes points and writes them behind the caller's back.
type Output struct {
	cfg     Config
	guard   *guard
	mu      sync.Mutex // guards encode
	encode  *encoder
	points  lane
	alerts  lane
	refused atomic.Uint64 // could not be encoded
}

// New is inert until Run.
func New(cfg Config, id Identity) (*Output, error) {
	if cfg.URL == "" || cfg.Bucket == "" {
		return nil, errors.New("influx output: a URL and a bucket are needed")
	}
	if cfg.Queue <= 0 || cfg.Timeout <= 0 || cfg.MinPause <= 0 || cfg.MaxPause < cfg.MinPause {
		return nil, errors.New("influx output: queue, timeout and pauses must be above 0")
	}
	o := &Output{cfg: cfg, guard: newGuard(cfg), encode: newEncoder(id)}
	o.points = lane{name: "points", bucket: cfg.Bucket, linger: cfg.Linger, lines: make(chan string, cfg.Queue), output: o}
	o.alerts = lane{name: "alerts", bucket: cmp.Or(cfg.BucketAlerts, cfg.Bucket), lines: make(chan string, cfg.Queue), output: o}
	return o, nil
}

// Call queues the point of a call.
func (o *Output) Call(c Call) {
	o.queue(&o.points, func(e *encoder) ([]byte, error) { return e.call(c) })
}

// Alert queues the point of an alert.
func (o *Output) Alert(a Alert) {
	o.queue(&o.alerts, func(e *encoder) ([]byte, error) { return e.alert(a) })
}

// Sensor queues the heartbeat.
func (o *Output) Sensor(s Sensor) {
	o.queue(&o.points, func(e *encoder) ([]byte, error) { return e.sensor(s) })
}

func (o *Output) queue(l *lane, encode func(*encoder) ([]byte, error)) {
	o.mu.Lock()
	line, err := encode(o.encode)
	o.mu.Unlock()
	if err != nil {
		o.refused.Add(1)
		return
	}
	l.counts.queued.Add(1)
	l.put(string(line))
}

// Run writes until ctx ends, and then once more what waits.
func (o *Output) Run(ctx context.Context) error {
	var lanes sync.WaitGroup
	lanes.Go(func() { o.points.run(ctx) })
	lanes.Go(func() { o.alerts.run(ctx) })
	lanes.Wait()
	return nil
}

// Counters counts points; after Run has ended, Queued = Done + Reject + Lost.
type Counters struct {
	Queued  uint64
	Done    uint64 // written
	Retry   uint64 // tries that failed and were repeated
	Split   uint64 // batches cut in two
	Reject  uint64 // refused by the server, those of a partial write among them
	Lost    uint64 // the queue was full, or the process ended
	Refused uint64 // could not be encoded, and were never queued
	Waiting uint64 // in the queues now
}

type counts struct {
	queued, done, retry, split, reject, lost atomic.Uint64
}

// Counters is a snapshot.
func (o *Output) Counters() Counters {
	c := Counters{Refused: o.refused.Load(), Waiting: uint64(len(o.points.lines) + len(o.alerts.lines))}
	for _, l := range []*lane{&o.points, &o.alerts} {
		c.Queued += l.counts.queued.Load()
		c.Done += l.counts.done.Load()
		c.Retry += l.counts.retry.Load()
		c.Split += l.counts.split.Load()
		c.Reject += l.counts.reject.Load()
		c.Lost += l.counts.lost.Load()
	}
	return c
}
