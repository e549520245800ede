package influx

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"tollwatch/sensor/output/points"
	"tollwatch/sensor/output/spool"
)

// Config says where points go. Times are of one request and between tries.
type Config struct {
	URL          string
	Org          string // InfluxDB 2 and later
	Bucket       string // InfluxDB 1: database, or database/policy
	BucketAlerts string // empty: Bucket
	TokenFile    string // read before each write; empty: no token

	Dir    string // of the spool and the dead letters; empty: points wait in memory alone
	Spool  spool.Limits
	Memory int // bytes of lines that wait for the disk at most, alerts apart

	Timeout            time.Duration
	MinPause, MaxPause time.Duration
	Linger             time.Duration // how long points wait for more; alerts never do

	transport http.RoundTripper    // of tests; nil: a real one for each way
	resolver  func() *net.Resolver // of tests; nil: the system's
}

// DefaultConfig has all but the places. The memory is for some 30,000 points.
func DefaultConfig() Config {
	return Config{Spool: spool.Limits{Bytes: 256 << 20, Age: 14 * 24 * time.Hour}, Memory: 8 << 20,
		Timeout: 10 * time.Second, MinPause: time.Second, MaxPause: time.Minute, Linger: time.Second}
}

// SpoolFile is the name of the spool in its folder.
const SpoolFile = "spool.db"

// Output encodes points, keeps them, and writes them behind the caller's back.
type Output struct {
	cfg     Config
	watch   watch
	spool   *spool.Spool // nil: none
	mu      sync.Mutex   // guards encode, never while a disk or a server works
	encode  *points.Encoder
	metrics *lane
	alerts  *lane
	refused atomic.Uint64 // could not be encoded
}

// New is inert until Run.
func New(cfg Config, id points.Identity) (*Output, error) {
	if cfg.URL == "" || cfg.Bucket == "" {
		return nil, errors.New("influx output: a URL and a bucket are needed")
	}
	if cfg.Memory <= 0 || cfg.Timeout <= 0 || cfg.MinPause <= 0 || cfg.MaxPause < cfg.MinPause {
		return nil, errors.New("influx output: memory, timeout and pauses must be above 0")
	}
	if cfg.Spool.Bytes <= 0 || cfg.Spool.Age <= 0 {
		return nil, errors.New("influx output: the limits of the spool must be above 0")
	}
	o := &Output{cfg: cfg, encode: points.NewEncoder(id)}
	if cfg.Dir != "" {
		o.spool = spool.New(filepath.Join(cfg.Dir, SpoolFile), cfg.Spool)
	}
	o.watch.waiting = func() uint64 { return o.Counters().Waiting }
	dead := newDeadLetters(cfg.Dir)
	o.metrics = o.lane(spool.Metrics, cfg.Bucket, dead)
	o.metrics.linger, o.metrics.patience = cfg.Linger, cfg.Linger+metricsPatience
	o.alerts = o.lane(spool.Alerts, cmp.Or(cfg.BucketAlerts, cfg.Bucket), dead)
	o.alerts.patience = alertPatience
	return o, nil
}

// slowLine is how many timeouts a batch of metrics has to be uploaded; the answer
// must come within one.
const slowLine = 6

func (o *Output) lane(class spool.Class, bucket string, dead *deadLetters) *lane {
	l := &lane{class: class, part: ofMetrics, inbox: newInbox(o.cfg.Memory), spool: o.spool, watch: &o.watch, counts: &counts{},
		loads: make(chan spool.Load), released: make(chan struct{}, 1), kept: make(chan struct{})}
	writer := NewWriter(o.cfg, bucket)
	if class == spool.Alerts {
		l.part = ofAlerts
	} else {
		writer.guard.client.Timeout = slowLine * o.cfg.Timeout
	}
	l.drainer = &drainer{part: l.part, urgent: class == spool.Alerts, cfg: o.cfg, writer: writer, dead: dead, watch: &o.watch, counts: l.counts}
	return l
}

// Put queues a point. It never waits and never fails: what is lost is counted.
func (o *Output) Put(p points.Point) error {
	l := o.metrics
	if _, ok := p.(*points.Alert); ok {
		l = o.alerts
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	line, err := o.encode.Encode(p)
	if err != nil {
		o.refused.Add(1)
		return nil
	}
	l.counts.queued.Add(1)
	if !l.inbox.put(line) {
		l.counts.lost.Add(1)
	}
	return nil
}

// farewell is how long the server has for what waits, once the process is to end.
const farewell = 5 * time.Second

// Run writes until ctx ends, and then once more what waits; the rest stays in the
// spool for the next process.
func (o *Output) Run(ctx context.Context) error {
	hard, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() {
		sleep(hard, min(farewell, o.cfg.Timeout))
		cancel()
	})()
	var lanes sync.WaitGroup
	lanes.Go(func() { o.metrics.run(ctx, hard) })
	lanes.Go(func() { o.alerts.run(ctx, hard) })
	lanes.Wait()
	return o.close()
}

// close does not wait for a disk that hangs.
func (o *Output) close() error {
	if o.spool == nil {
		return nil
	}
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		o.spool.Close() // what it could not delete comes again
	}()
	last := time.NewTimer(keepAtEnd)
	defer last.Stop()
	select {
	case <-closed:
	case <-last.C:
	}
	return nil
}
