package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync/atomic"
	"time"
)

// Config says where alerts are posted, and how long that may take.
type Config struct {
	URL        string
	SecretFile string        // read before each post; empty: not signed
	Queue      int           // posts that wait at most
	Timeout    time.Duration // of one try
	Pause      time.Duration // before the second try; twice that before the third
}

// DefaultConfig has all but the place.
func DefaultConfig() Config {
	return Config{Queue: 1000, Timeout: 10 * time.Second, Pause: time.Second}
}

// tries is how often a post is tried.
const tries = 3

// Webhook posts behind the caller's back.
type Webhook struct {
	cfg    Config
	client *http.Client
	posts  chan post
	counts struct{ queued, done, retry, failed, lost atomic.Uint64 }
}

// post is one alert on its way.
type post struct {
	key  string
	body []byte
}

// New is inert until Run.
func New(cfg Config) (*Webhook, error) {
	if cfg.URL == "" {
		return nil, errors.New("webhook: a URL is needed")
	}
	if cfg.Queue <= 0 || cfg.Timeout <= 0 || cfg.Pause <= 0 {
		return nil, errors.New("webhook: queue, timeout and pause must be above 0")
	}
	return &Webhook{
		cfg: cfg,
		client: &http.Client{
			Timeout: cfg.Timeout,
			// A redirect would turn the POST into a GET and call it done.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		posts: make(chan post, cfg.Queue),
	}, nil
}

// Post queues a JSON body. The key names what it is about, so that a receiver
// can tell a repeated post; body is copied.
func (w *Webhook) Post(key string, body []byte) {
	w.counts.queued.Add(1)
	select {
	case w.posts <- post{key, bytes.Clone(body)}:
	default:
		w.counts.lost.Add(1)
	}
}

// Run posts until ctx ends, and then tries what waits once more, for as long
// as one try may take.
func (w *Webhook) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		select {
		case p := <-w.posts:
			w.deliver(ctx, p)
		case <-ctx.Done():
		}
	}
	w.farewell()
	return nil
}

// deliver tries a post until it is taken, refused, or was tried often enough.
func (w *Webhook) deliver(ctx context.Context, p post) {
	for n := 1; ; n++ {
		// A try that is under way when the process ends is waited for.
		err := w.try(context.WithoutCancel(ctx), p)
		if err == nil {
			w.counts.done.Add(1)
			return
		}
		var refused *refusal
		if n == tries || errors.As(err, &refused) && refused.final() || !w.pause(ctx, n) {
			w.counts.failed.Add(1)
			slog.Warn("webhook was not taken", "key", p.key, "tries", n, "error", err)
			return
		}
		w.counts.retry.Add(1)
	}
}

// pause backs off with jitter; it is false when ctx has ended.
func (w *Webhook) pause(ctx context.Context, n int) bool {
	wait := w.cfg.Pause << (n - 1)
	timer := time.NewTimer(wait + rand.N(wait/2+1))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (w *Webhook) farewell() {
	ctx, cancel := context.WithTimeout(context.Background(), w.cfg.Timeout)
	defer cancel()
	for {
		select {
		case p := <-w.posts:
			if w.try(ctx, p) != nil {
				w.counts.lost.Add(1)
				continue
			}
			w.counts.done.Add(1)
		default:
			return
		}
	}
}

// try posts once; nil means that a 2xx came back.
func (w *Webhook) try(ctx context.Context, p post) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.cfg.URL, bytes.NewReader(p.body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "tollwatch")
	// The header also lets net/http repeat a post by itself when a kept
	// connection turns out to be closed.
	r.Header.Set("Idempotency-Key", p.key)
	if err := w.sign(r, p.body, time.Now()); err != nil {
		return err
	}
	answer, err := w.client.Do(r)
	if err != nil {
		return err
	}
	answer.Body.Close()
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return &refusal{answer.StatusCode}
	}
	return nil
}

// refusal is an answer that is no 2xx.
type refusal struct{ status int }

func (r *refusal) Error() string {
	if r.status >= 300 && r.status < 400 {
		return fmt.Sprintf("answered %d: redirects are not followed, configure the address that it points to", r.status)
	}
	return fmt.Sprintf("answered %d %s", r.status, http.StatusText(r.status))
}

// final is an answer that trying again would not change.
func (r *refusal) final() bool {
	switch r.status {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return false
	}
	return r.status < 500
}

// Counters counts posts; after Run has ended, Queued = Done + Failed + Lost.
type Counters struct {
	Queued  uint64
	Done    uint64 // answered 2xx
	Retry   uint64 // tries that failed and were repeated
	Failed  uint64 // refused, or tried often enough
	Lost    uint64 // the queue was full, or the process ended
	Waiting uint64 // in the queue now
}

// Counters is a snapshot.
func (w *Webhook) Counters() Counters {
	c := &w.counts
	return Counters{Queued: c.queued.Load(), Done: c.done.Load(), Retry: c.retry.Load(), Failed: c.failed.Load(),
		Lost: c.lost.Load(), Waiting: uint64(len(w.posts))}
}
