package influx

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"tollwatch/sensor/output/points"
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

	transport http.RoundTripper // of tests; nil: a real one for each way
}

// DefaultConfig has all but the place. 50,000 points are about 20 MB, and more
// than a day of an office.
func DefaultConfig() Config {
	return Config{Queue: 50_000, Timeout: 10 * time.Second, MinPause: time.Second, MaxPause: time.Minute, Linger: time.Second}
}

// Output encodes points and writes them behind the caller's back.
type Output struct {
	cfg     Config
	watch   watch
	mu      sync.Mutex // guards encode
	encode  *points.Encoder
	points  lane
	alerts  lane
	refused atomic.Uint64 // could not be encoded
}

// New is inert until Run.
func New(cfg Config, id points.Identity) (*Output, error) {
	if cfg.URL == "" || cfg.Bucket == "" {
		return nil, errors.New("influx output: a URL and a bucket are needed")
	}
	if cfg.Queue <= 0 || cfg.Timeout <= 0 || cfg.MinPause <= 0 || cfg.MaxPause < cfg.MinPause {
		return nil, errors.New("influx output: queue, timeout and pauses must be above 0")
	}
	o := &Output{cfg: cfg, encode: points.NewEncoder(id)}
	o.points = lane{part: ofMetrics, writer: NewWriter(cfg, cfg.Bucket), linger: cfg.Linger, lines: make(chan string, cfg.Queue), output: o}
	o.alerts = lane{part: ofAlerts, writer: NewWriter(cfg, cmp.Or(cfg.BucketAlerts, cfg.Bucket)), lines: make(chan string, cfg.Queue), output: o}
	return o, nil
}

// Call queues the point of a call, as the others do theirs. None waits.
func (o *Output) Call(c *points.Call) { queue(o, &o.points, o.encode.Call, c) }

// Stream queues the point of a media stream.
func (o *Output) Stream(s *points.Stream) { queue(o, &o.points, o.encode.Stream, s) }

// Registration queues the point of a change of a binding.
func (o *Output) Registration(r *points.Registration) {
	queue(o, &o.points, o.encode.Registration, r)
}

// Traffic queues the point of ten seconds.
func (o *Output) Traffic(t *points.Traffic) { queue(o, &o.points, o.encode.Traffic, t) }

// Alert queues the point of an alert.
func (o *Output) Alert(a *points.Alert) { queue(o, &o.alerts, o.encode.Alert, a) }

// Sensor queues the heartbeat.
func (o *Output) Sensor(s *points.Sensor) { queue(o, &o.points, o.encode.Sensor, s) }

func queue[P any](o *Output, l *lane, encode func(*P) ([]byte, error), p *P) {
	o.mu.Lock()
	line, err := encode(p)
	text := string(line)
	o.mu.Unlock()
	if err != nil {
		o.refused.Add(1)
		return
	}
	l.counts.queued.Add(1)
	l.put(text)
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
