package influx

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	client "github.com/influxdata/influxdb-client-go/v2/api/http"

	"tollwatch/sensor/output/points"
)

// server is a stand-in for what no real server does on demand: it gives the
// answers of a script, then 204.
type server struct {
	*httptest.Server
	mu      sync.Mutex
	script  []http.HandlerFunc
	bodies  []string // of the requests answered 204
	tokens  []string
	buckets []string
	asked   int
	done    chan struct{} // a value for each 204
}

func newServer(t *testing.T, script ...http.HandlerFunc) *server {
	s := &server{script: script, done: make(chan struct{}, 100)}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked++
	n := s.asked
	s.mu.Unlock()
	if n <= len(s.script) {
		s.script[n-1](w, r)
		return
	}
	body, err := content(r)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	s.bodies = append(s.bodies, string(body))
	s.tokens = append(s.tokens, r.Header.Get("Authorization"))
	s.buckets = append(s.buckets, r.URL.Query().Get("bucket"))
	s.mu.Unlock()
	w.WriteHeader(http.StatusNoContent)
	s.done <- struct{}{}
}

// content is the body of a request, which is compressed where that is worth it.
func content(r *http.Request) ([]byte, error) {
	if r.Header.Get("Content-Encoding") != "gzip" {
		return io.ReadAll(r.Body)
	}
	z, err := gzip.NewReader(r.Body)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

func status(code int, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		io.WriteString(w, `{"code":"c","message":"`+text+`"}`)
	}
}

func newOutput(t *testing.T, url string, change func(*Config)) *Output {
	t.Helper()
	cfg := DefaultConfig()
	cfg.URL, cfg.Org, cfg.Bucket, cfg.BucketAlerts = url, "o", "calls", "alerts"
	cfg.MinPause, cfg.MaxPause, cfg.Linger, cfg.Dir = time.Millisecond, 2*time.Millisecond, 0, t.TempDir()
	if change != nil {
		change(&cfg)
	}
	o, err := New(cfg, lyon)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// running runs an output until the function that it returns is called.
func running(t *testing.T, o *Output) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		o.Run(ctx)
		close(ended)
	}()
	return func() {
		cancel()
		<-ended
	}
}

// balanced checks the books of an output that has ended.
func balanced(t *testing.T, o *Output) Counters {
	t.Helper()
	c := o.Counters()
	if c.Queued+c.Found != c.Done+c.Reject+c.Evicted+c.Lost+c.Waiting {
		t.Errorf("got %+v: the books do not balance", c)
	}
	return c
}

// TestTroubleOnTheWay: each of these answers means that the point must wait,
// and none of them loses it.
func TestTroubleOnTheWay(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"429": status(429, "slow down"),
		"503": status(503, "away"),
		"500": status(500, "oops"),
		"401": status(401, "who"),
		"404": status(404, "bucket not found"),
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/login", http.StatusMovedPermanently)
		},
		"portal":        func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "<html>please log in</html>") },
		"cut":           func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) },
		"endless error": func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(502); io.CopyN(w, zeros{}, 1<<20) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, answer, answer)
			o := newOutput(t, s.URL, nil)
			o.Call(cayman(1))
			stop := running(t, o)
			<-s.done
			stop()
			c := balanced(t, o)
			if c.Done != 1 || c.Retry != 2 || len(s.bodies) != 1 || !strings.HasPrefix(s.bodies[0], "call,customer=dupont") {
				t.Errorf("got %+v and %q, want the point done after two retries", c, s.bodies)
			}
		})
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

// TestHang: a server that never answers costs a timeout, and the caller
// nothing.
func TestHang(t *testing.T) {
	release := make(chan struct{})
	s := newServer(t, func(w http.ResponseWriter, r *http.Request) { <-release })
	o := newOutput(t, s.URL, func(c *Config) { c.Timeout = 50 * time.Millisecond })
	o.Call(cayman(1))
	stop := running(t, o)
	<-s.done
	stop()
	close(release)
	if c := balanced(t, o); c.Done != 1 || c.Retry != 1 {
		t.Errorf("got %+v, want one retry, then done", c)
	}
}

// TestTheEndTakesOneTimeout: when the end has come a server still has a batch cut
// down to single lines, of which it takes none: they do not get a time each, and
// stay for the next process.
func TestTheEndTakesOneTimeout(t *testing.T) {
	const timeout = 200 * time.Millisecond
	ctx, end := context.WithCancel(t.Context())
	release := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		end()
		body, _ := content(r)
		if bytes.Count(body, []byte("\n")) > 1 {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
			return
		}
		<-release
	}))
	defer s.Close()
	defer close(release)
	o := newOutput(t, s.URL, func(c *Config) { c.Timeout = timeout })
	for n := range 64 {
		o.Call(cayman(n))
	}
	began := time.Now()
	if err := o.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > 10*timeout {
		t.Errorf("got an end that took %s, want one timeout of %s", took, timeout)
	}
	if c := balanced(t, o); c.Split < 6 || c.Waiting != 64 {
		t.Errorf("got %+v, want a batch split down to a line and all 64 points waiting", c)
	}
}

// TestTheLogIsBounded: what is logged of an answer is short and printable.
func TestTheLogIsBounded(t *testing.T) {
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	defer slog.SetDefault(before)
	s := newServer(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(502); io.CopyN(w, zeros{}, 1<<20) })
	o := newOutput(t, s.URL, nil)
	stop := running(t, o)
	o.Call(cayman(1))
	<-s.done
	stop()
	if got := log.String(); len(got) > 2*maxLogged+400 || strings.Count(got, "\n") != 2 {
		t.Errorf("got %d bytes in %d lines, want two short lines: %s", len(got), strings.Count(got, "\n"), got)
	}
}

// TestPoison: one bad line among eight is found by halves; the others arrive.
func TestPoison(t *testing.T) {
	var mu sync.Mutex
	var stored string
	picky := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := content(r)
		if strings.Contains(string(body), `call_group="g5"`) {
			status(400, "unable to parse")(w, r)
			return
		}
		mu.Lock()
		stored += string(body)
		mu.Unlock()
		w.WriteHeader(http.StatusNoContent)
	}))
	defer picky.Close()
	o := newOutput(t, picky.URL, nil)
	for n := range 8 {
		o.Call(cayman(n))
	}
	c := flush(t, o)
	if c.Done != 7 || c.Reject != 1 || c.Split != 3 {
		t.Errorf("got %+v, want 7 done, 1 rejected, 3 splits", c)
	}
	if strings.Count(stored, "call,") != 7 {
		t.Errorf("got %q, want 7 calls", stored)
	}
}

// TestNobodyIsThere: what waits at the end waits for the next process, which sends
// it. Without a disk it is lost, and so is what finds no room in memory.
func TestNobodyIsThere(t *testing.T) {
	logged(t)
	o := newOutput(t, "http://127.0.0.1:1", nil)
	for n := range 25 {
		o.Call(cayman(n))
	}
	o.Alert(anAlert())
	if c := flush(t, o); c.Waiting != 26 || c.Lost != 0 || c.Batches != 2 {
		t.Errorf("got %+v, want all 26 waiting in two batches", c)
	}
	s := newServer(t)
	next := newOutput(t, s.URL, func(c *Config) { c.Dir = o.cfg.Dir })
	if c := flush(t, next); c.Found != 26 || c.Done != 26 || c.Queued != 0 || c.Waiting != 0 {
		t.Errorf("got %+v of the next process, want 26 found and done", c)
	}
	memory := newOutput(t, "http://127.0.0.1:1", func(c *Config) { c.Dir, c.Memory = "", 4096 })
	for n := range 100 {
		memory.Call(cayman(n))
	}
	before := memory.Counters()
	if before.Lost < 80 || before.Lost+before.Waiting != 100 {
		t.Errorf("got %+v of 100 points in 4 KiB, want most lost", before)
	}
	if c := flush(t, memory); c.Lost != 100 {
		t.Errorf("got %+v, want all lost that nobody keeps", c)
	}
}

func TestAlertsHaveTheirOwnWay(t *testing.T) {
	stuck := make(chan struct{})
	s := newServer(t)
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("bucket") == "calls" {
			<-stuck
			return
		}
		s.ServeHTTP(w, r)
	}))
	defer front.Close()
	token := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(token, []byte(" secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	o := newOutput(t, front.URL, func(c *Config) { c.Timeout = 300 * time.Millisecond; c.TokenFile = token })
	stop := running(t, o)
	o.Call(cayman(1))
	o.Alert(anAlert())
	<-s.done // while the calls are stuck
	close(stuck)
	stop()
	if s.buckets[0] != "alerts" || s.tokens[0] != "Token secret" || !strings.HasPrefix(s.bodies[0], "alert,") {
		t.Errorf("got %q to %q with %q", s.bodies, s.buckets, s.tokens)
	}
}

func TestAMissingTokenWaits(t *testing.T) {
	s := newServer(t)
	token := filepath.Join(t.TempDir(), "token")
	o := newOutput(t, s.URL, func(c *Config) { c.TokenFile = token })
	if err := o.metrics.drainer.writer.Write(t.Context(), "x y=1\n"); judge(err, 1) != Retry || !strings.Contains(err.Error(), token) {
		t.Errorf("got %v, want that the token cannot be read", err)
	}
}

func TestJudge(t *testing.T) {
	answer := func(code int, message string) error { return &client.Error{StatusCode: code, Message: message} }
	for _, c := range []struct {
		err   error
		lines int
		want  Outcome
	}{
		{nil, 9, Done},
		{errors.New("connection refused"), 9, Retry},
		{answer(400, "unable to parse"), 2, Split},
		{answer(400, "unable to parse"), 1, Reject},
		{answer(400, "partial write: field type conflict dropped=1"), 9, Reject},
		{answer(422, "partial write: dropped 1 points outside retention"), 9, Reject},
		{answer(422, "conflict"), 9, Split},
		{answer(413, ""), 9, Split},
		{answer(413, ""), 1, Reject},
		{answer(429, ""), 9, Retry},
		{answer(503, ""), 9, Retry},
		{answer(401, ""), 9, Retry},
		{answer(500, ""), 9, Retry},
	} {
		if got := judge(c.err, c.lines); got != c.want {
			t.Errorf("%v, %d lines: got %v, want %v", c.err, c.lines, got, c.want)
		}
	}
	for _, c := range []struct {
		message string
		want    int
	}{{"partial write: field type conflict dropped=3", 3}, {"partial write: unable to parse dropped=0", 1},
		{"partial write: dropped=999", 9}, {"partial write: dropped 4 points outside retention policy", 4}, {"bad", 9}} {
		if got := refused(answer(400, c.message), 9); got != c.want {
			t.Errorf("%s: got %d refused of 9, want %d", c.message, got, c.want)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	for _, c := range []struct {
		header string
		number uint
		want   time.Duration
	}{{"7", 7, 7 * time.Second}, {night.Add(time.Minute).Format(http.TimeFormat), 0, time.Minute - 345678901},
		{night.Add(-time.Minute).Format(http.TimeFormat), 0, 0}, {"soon", 0, 0}, {"", 0, 0}} {
		err := &client.Error{RetryAfter: c.number, Header: http.Header{"Retry-After": {c.header}}}
		if got := retryAfter(err, night); got != c.want {
			t.Errorf("%q: got %v, want %v", c.header, got, c.want)
		}
	}
}

func TestNewWantsAPlace(t *testing.T) {
	for _, change := range []func(*Config){
		func(c *Config) { c.URL = "" }, func(c *Config) { c.Bucket = "" }, func(c *Config) { c.Memory = 0 }, func(c *Config) { c.MaxPause = 0 },
	} {
		cfg := DefaultConfig()
		cfg.URL, cfg.Bucket = "http://h", "b"
		change(&cfg)
		if _, err := New(cfg, points.Identity{}); err == nil {
			t.Errorf("%+v: got no error", cfg)
		}
	}
}

func TestBatchesAreBounded(t *testing.T) {
	b := newInbox(64 << 20)
	line := append(bytes.Repeat([]byte("x"), 149), '\n')
	for range 3*maxLines + 10 {
		b.put(line)
	}
	long := append(bytes.Repeat([]byte("y"), maxBytes/3), '\n')
	for range 4 {
		b.put(long)
	}
	got := 0
	for c := b.toKeep(); c != nil; c = b.toKeep() {
		if len(c.lines) > maxBytes || c.n > maxLines || bytes.Count(c.lines, []byte("\n")) != c.n {
			t.Errorf("got %d lines, %d bytes in a batch", c.n, len(c.lines))
		}
		got += c.n
		b.kept(c, 1, nil)
	}
	if got != 3*maxLines+14 || b.waiting() != 0 || b.bytes != 0 {
		t.Errorf("got %d lines in batches, %d waiting, %d bytes", got, b.waiting(), b.bytes)
	}
}
