package notify

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// receiver answers with the statuses of a script, then 200, and keeps what it
// took.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	script []http.HandlerFunc
	asked  int
	taken  []taken
	done   chan struct{} // a value for each request answered by the script's end
}

type taken struct {
	body   string
	header http.Header
}

func newReceiver(t *testing.T, script ...http.HandlerFunc) *receiver {
	r := &receiver{script: script, done: make(chan struct{}, 100)}
	r.Server = httptest.NewServer(r)
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	r.mu.Lock()
	r.asked++
	n := r.asked
	r.mu.Unlock()
	if n <= len(r.script) {
		r.script[n-1](w, q)
		return
	}
	body, _ := io.ReadAll(q.Body)
	r.mu.Lock()
	r.taken = append(r.taken, taken{string(body), q.Header})
	r.mu.Unlock()
	w.WriteHeader(http.StatusAccepted)
	r.done <- struct{}{}
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, q *http.Request) { w.WriteHeader(code) }
}

func newWebhook(t *testing.T, url string, change func(*Config)) *Webhook {
	t.Helper()
	cfg := DefaultConfig()
	cfg.URL, cfg.Pause = url, time.Millisecond
	if change != nil {
		change(&cfg)
	}
	w, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// running runs a webhook until the function that it returns is called.
func running(t *testing.T, w *Webhook) (stop func() Counters) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		w.Run(ctx)
		close(ended)
	}()
	return func() Counters {
		cancel()
		<-ended
		return balanced(t, w)
	}
}

func balanced(t *testing.T, w *Webhook) Counters {
	t.Helper()
	c := w.Counters()
	if c.Queued != c.Done+c.Failed+c.Lost || c.Waiting != 0 {
		t.Errorf("got %+v: the books do not balance", c)
	}
	return c
}

func TestPostsAreSignedAndInOrder(t *testing.T) {
	r := newReceiver(t)
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("s3cret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w := newWebhook(t, r.URL, func(c *Config) { c.SecretFile = secret })
	stop := running(t, w)
	body := []byte(`{"n":1}`)
	w.Post("i-1/opened", body)
	copy(body, "XXXXXXX") // the caller's again
	w.Post("i-1/closed", []byte(`{"n":2}`))
	<-r.done
	<-r.done
	if c := stop(); c.Done != 2 {
		t.Errorf("got %+v, want 2 done", c)
	}
	for i, got := range r.taken {
		if want := fmt.Sprintf(`{"n":%d}`, i+1); got.body != want {
			t.Errorf("post %d: got body %s, want %s", i, got.body, want)
		}
		header := got.header.Get(SignatureHeader)
		seconds, err := strconv.ParseInt(strings.TrimPrefix(strings.Split(header, ",")[0], "t="), 10, 64)
		if err != nil || header != Signature([]byte("s3cret"), []byte(got.body), time.Unix(seconds, 0)) {
			t.Errorf("post %d: got signature %q", i, header)
		}
		if age := time.Since(time.Unix(seconds, 0)); age < 0 || age > time.Minute {
			t.Errorf("post %d: signed %v ago", i, age)
		}
		if got.header.Get("Content-Type") != "application/json" {
			t.Errorf("post %d: got header %v", i, got.header)
		}
	}
	if k := r.taken[0].header.Get("Idempotency-Key"); k != "i-1/opened" {
		t.Errorf("got key %q", k)
	}
}

// TestSignatureOfAnotherHand was computed with openssl dgst -sha256 -hmac.
func TestSignatureOfAnotherHand(t *testing.T) {
	got := Signature([]byte("key"), []byte(`{"a":1}`), time.Unix(1700000000, 0))
	want := "t=1700000000,v1=a438e398bfafc57e4396bb7fc2304422f0f768e965d073ca313cb52e22e6ad03"
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestThreeTries(t *testing.T) {
	drop := func(w http.ResponseWriter, q *http.Request) { panic(http.ErrAbortHandler) }
	for name, c := range map[string]struct {
		script       []http.HandlerFunc
		asked        int
		done, failed uint64
	}{
		"taken at the third":   {[]http.HandlerFunc{drop, status(503)}, 3, 1, 0},
		"busy":                 {[]http.HandlerFunc{status(429), status(408)}, 3, 1, 0},
		"given up":             {[]http.HandlerFunc{status(500), status(500), status(500)}, 3, 0, 1},
		"refused at once":      {[]http.HandlerFunc{status(404)}, 1, 0, 1},
		"redirect not trusted": {[]http.HandlerFunc{http.RedirectHandler("/elsewhere", http.StatusFound).ServeHTTP}, 1, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			r := newReceiver(t, c.script...)
			w := newWebhook(t, r.URL, nil)
			w.Post("k", []byte("{}"))
			w.deliver(t.Context(), <-w.posts)
			got := balanced(t, w)
			if r.asked != c.asked || got.Done != c.done || got.Failed != c.failed || got.Retry != uint64(c.asked-1) {
				t.Errorf("got %d requests and %+v, want %d, %d done, %d failed", r.asked, got, c.asked, c.done, c.failed)
			}
		})
	}
}

func TestHangCostsATimeout(t *testing.T) {
	release := make(chan struct{})
	hang := func(w http.ResponseWriter, q *http.Request) { <-release }
	r := newReceiver(t, hang, hang)
	w := newWebhook(t, r.URL, func(c *Config) { c.Timeout = 30 * time.Millisecond })
	w.Post("k", []byte("{}"))
	stop := running(t, w)
	<-r.done
	if c := stop(); c.Done != 1 || c.Retry != 2 {
		t.Errorf("got %+v, want done at the third try", c)
	}
	close(release)
}

func TestFullQueueLosesAndSays(t *testing.T) {
	w := newWebhook(t, "http://127.0.0.1:1/", func(c *Config) { c.Queue = 3 })
	for n := range 5 {
		w.Post(fmt.Sprint(n), nil)
	}
	if c := w.Counters(); c.Lost != 2 || c.Waiting != 3 {
		t.Errorf("got %+v, want 2 lost and 3 waiting", c)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w.Run(ctx) // nobody is there
	if c := balanced(t, w); c.Lost != 5 {
		t.Errorf("got %+v, want all 5 lost", c)
	}
}

func TestWhatWaitsIsPostedAtTheEnd(t *testing.T) {
	r := newReceiver(t)
	w := newWebhook(t, r.URL, nil)
	for n := range 5 {
		w.Post(fmt.Sprint(n), []byte("{}"))
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w.Run(ctx)
	if c := balanced(t, w); c.Done != 5 {
		t.Errorf("got %+v, want 5 done", c)
	}
}

func TestASecretThatIsMissingFails(t *testing.T) {
	r := newReceiver(t)
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{empty, empty + ".absent"} {
		w := newWebhook(t, r.URL, func(c *Config) { c.SecretFile = file })
		w.Post("k", []byte("{}"))
		w.deliver(t.Context(), <-w.posts)
		if c := balanced(t, w); c.Failed != 1 || r.asked != 0 {
			t.Errorf("%s: got %+v and %d requests, want it failed and none", file, c, r.asked)
		}
	}
}

func TestNewWantsAPlace(t *testing.T) {
	for _, cfg := range []Config{{}, {URL: "http://h"}, {URL: "http://h", Queue: 1, Timeout: 1}} {
		if _, err := New(cfg); err == nil {
			t.Errorf("%+v: got no error", cfg)
		}
	}
}
