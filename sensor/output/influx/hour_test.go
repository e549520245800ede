package influx

import (
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"tollwatch/sensor/output/points"
)

// farEnd is a way whose far end a test exchanges while it is in use.
type farEnd struct {
	mu     sync.Mutex
	answer func(*http.Request) (*http.Response, error)
	asked  int
}

func (f *farEnd) RoundTrip(r *http.Request) (*http.Response, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked++
	if r.Body != nil {
		io.Copy(io.Discard, r.Body)
		r.Body.Close()
	}
	return f.answer(r)
}

func (f *farEnd) become(answer func(*http.Request) (*http.Response, error)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answer = answer
}

// says answers; the server's clock is right.
func says(status int, kind, body string) func(*http.Request) (*http.Response, error) {
	return saysAt(0, status, kind, body)
}

func saysAt(offset time.Duration, status int, kind, body string) func(*http.Request) (*http.Response, error) {
	return func(r *http.Request) (*http.Response, error) {
		h := http.Header{"Date": {time.Now().Add(offset).UTC().Format(http.TimeFormat)}}
		if kind != "" {
			h.Set("Content-Type", kind)
		}
		return &http.Response{StatusCode: status, Status: http.StatusText(status), Header: h, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
	}
}

func breaks(err error) func(*http.Request) (*http.Response, error) {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

// TestAnHourOfEachMistake: whatever is wrong, an hour of it is one line of the log
// and one trouble; no point is lost, the server is asked by the clock, and when it is
// mended all is written, and told of by one more line.
func TestAnHourOfEachMistake(t *testing.T) {
	fine := says(204, "", "")
	for name, c := range map[string]struct {
		wrong func(*http.Request) (*http.Response, error)
		kind  Kind
		line  string
	}{
		"wrong token":             {says(401, "application/json", `{"code":"unauthorized","message":"unauthorized access"}`), Unauthorised, "unauthorized access"},
		"token of another bucket": {says(403, "application/json", `{"code":"forbidden","message":"insufficient permissions for write"}`), Forbidden, "insufficient permissions"},
		"wrong bucket":            {says(404, "application/json", `{"code":"not found","message":"bucket \"calls\" not found"}`), NotFound, "is not there"},
		"wrong policy":            {says(500, "application/json", `{"error":"retention policy not found: x"}`), NotFound, "CREATE RETENTION POLICY"},
		"no organisation":         {says(400, "application/json", `{"code":"invalid","message":"Please provide either orgID or org"}`), NotFound, "give org"},
		"wrong port":              {breaks(&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}), Unreachable, "nothing listens there"},
		"wrong name":              {breaks(&net.DNSError{Err: "no such host", Name: "a.invalid", IsNotFound: true}), Unreachable, "the name is not known"},
		"no line":                 {breaks(&net.OpError{Op: "dial", Err: syscall.ENETUNREACH}), Unreachable, "no way to it"},
		"expired":                 {breaks(x509.CertificateInvalidError{Reason: x509.Expired}), Certificate, "renew it"},
		"portal":                  {says(200, "text/html", "<html>log in"), NotInflux, "portal"},
		"portal's 403":            {says(403, "text/html", "<html>log in"), NotInflux, "portal"},
		"plain to TLS":            {says(400, "", "Client sent an HTTP request to an HTTPS server.\n"), NotInflux, "https://"},
		"limits":                  {says(429, "application/json", `{"code":"too many requests","message":"exceeded rate limit"}`), Throttled, "wants less"},
		"down":                    {says(503, "text/html", "<html>down"), ServerError, "is ill"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				log, far := logged(t), &farEnd{answer: c.wrong}
				o := newOutput(t, "http://influx.example.net", func(cfg *Config) {
					cfg.BucketAlerts = ""
					cfg.MinPause, cfg.MaxPause, cfg.transport = time.Second, time.Minute, far
				})
				stop := running(t, o)
				passHour(o)
				if got := o.Troubles(); len(got) == 0 || got[0].Kind != c.kind || !strings.Contains(got[0].Text, c.line) {
					t.Errorf("got %v, want %v that says %q", got, c.kind, c.line)
				}
				if n := strings.Count(log.String(), "\n"); n != 1 || !strings.Contains(log.String(), c.line) {
					t.Errorf("got %d lines of an hour, want one:\n%s", n, log)
				}
				if n := o.Counters(); n.Done+n.Lost+n.Reject != 0 {
					t.Errorf("got %+v, want that all points wait", n)
				}
				most := 900 // metrics once a minute, the alert every five seconds
				if c.kind == Unreachable || c.kind == Certificate || c.kind == ServerError {
					most = 7500 // the alert must be there at once when the line is
				}
				if far.asked > most {
					t.Errorf("asked %d times within an hour, want %d at most", far.asked, most)
				}
				far.become(fine)
				time.Sleep(5 * time.Minute)
				if got := o.Counters(); got.Done != got.Queued || o.Trouble().Kind != None {
					t.Errorf("got %+v and %v, want all written, and no trouble", got, o.Trouble())
				}
				if n := strings.Count(log.String(), "\n"); n != 2 || !strings.Contains(log.String(), "whole again") {
					t.Errorf("got %d lines, want one more that it is whole again:\n%s", n, log)
				}
				stop()
			})
		})
	}
}

// passHour passes with a heartbeat every ten seconds, and one alert.
func passHour(o *Output) {
	o.Alert(anAlert())
	for range 360 {
		o.Sensor(&points.Sensor{Time: time.Now(), Version: "1"})
		time.Sleep(10 * time.Second)
	}
}

// TestAnHourOfAWrongClock: points are taken, and once it is told that they lie at
// the wrong time.
func TestAnHourOfAWrongClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := logged(t)
		far := &farEnd{answer: saysAt(-3*time.Hour, 204, "", "")}
		o := newOutput(t, "http://influx.example.net", func(cfg *Config) { cfg.transport = far })
		stop := running(t, o)
		passHour(o)
		if got := o.Trouble(); got.Kind != Clock || !strings.Contains(got.Text, "ahead of the server's") {
			t.Errorf("got %v, want that the clock is ahead", got)
		}
		if n := strings.Count(log.String(), "\n"); n != 1 {
			t.Errorf("got %d lines, want one:\n%s", n, log)
		}
		stop()
		if c := o.Counters(); c.Done != c.Queued {
			t.Errorf("got %+v, want all points written", c)
		}
	})
}

// TestAnHourOfRefusedPoints: a server that takes none of them is told of once a
// minute at most.
func TestAnHourOfRefusedPoints(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := logged(t)
		far := &farEnd{answer: says(400, "application/json", `{"code":"invalid","message":"unable to parse"}`)}
		o := newOutput(t, "http://influx.example.net", func(cfg *Config) { cfg.transport = far })
		stop := running(t, o)
		passHour(o)
		if got := o.Trouble(); got.Kind != RefusedPoints {
			t.Errorf("got %v, want refused points", got)
		}
		if n := strings.Count(log.String(), "\n"); n == 0 || n > 60 {
			t.Errorf("got %d lines of an hour, want one a minute at most:\n%s", n, log)
		}
		stop()
	})
}
