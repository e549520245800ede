package influx

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// line is the way to a server, in memory: it can be dead, slow, or answer what a
// test wants. It keeps what arrives.
type line struct {
	mu       sync.Mutex
	dead     bool          // no request is ever answered
	delay    time.Duration // of an answer
	answer   func(n int, bucket, body string) (status int, header http.Header, text string)
	requests int
	stored   map[string]map[string]time.Time // by bucket, when each line came first
	doubles  int
}

func newLine() *line { return &line{stored: map[string]map[string]time.Time{}} }

func (l *line) set(change func(*line)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change(l)
}

func (l *line) RoundTrip(r *http.Request) (*http.Response, error) {
	l.mu.Lock()
	l.requests++
	n, dead, delay, answer := l.requests, l.dead, l.delay, l.answer
	l.mu.Unlock()
	if dead {
		<-r.Context().Done()
		return nil, context.Cause(r.Context())
	}
	body, err := content(r)
	if err != nil {
		return nil, err
	}
	if !sleep(r.Context(), delay) {
		return nil, r.Context().Err()
	}
	status, header, text := 204, http.Header{}, ""
	if answer != nil {
		status, header, text = answer(n, r.URL.Query().Get("bucket"), string(body))
	}
	if status == 204 {
		l.store(r.URL.Query().Get("bucket"), string(body))
	}
	if header = header.Clone(); header == nil {
		header = http.Header{}
	}
	if text != "" {
		header.Set("Content-Type", "application/json")
		text = `{"code":"c","message":"` + text + `"}`
	}
	return &http.Response{StatusCode: status, Status: http.StatusText(status), Header: header, Body: io.NopCloser(strings.NewReader(text)), Request: r}, nil
}

func (l *line) store(bucket, body string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	in := l.stored[bucket]
	if in == nil {
		in = map[string]time.Time{}
		l.stored[bucket] = in
	}
	for text := range strings.Lines(body) {
		if _, again := in[text]; again {
			l.doubles++
			continue
		}
		in[strings.Clone(text)] = time.Now()
	}
}

// lines is how many different lines a bucket has.
func (l *line) lines(bucket string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.stored[bucket])
}

// asked is how many requests there were.
func (l *line) asked() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.requests
}

// over a line in memory an output has the pauses of a real one.
func overLine(t *testing.T, l *line, change func(*Config)) *Output {
	t.Helper()
	return newOutput(t, "http://influx.example.net:8086", func(c *Config) {
		d := DefaultConfig()
		c.MinPause, c.MaxPause, c.Linger, c.transport = d.MinPause, d.MaxPause, d.Linger, l
		if change != nil {
			change(c)
		}
	})
}
