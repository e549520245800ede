package influx

import (
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"tollwatch/sensor/output/influx/influxtest"
)

// sendAll is what a sender says at the end of n calls and an alert.
func sendAll(t *testing.T, cfg Config, n int) (*Sender, string) {
	t.Helper()
	s, err := NewSender(t.Context(), cfg, lyon)
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		s.Put(cayman(i))
	}
	s.Put(anAlert())
	if err := s.Close(); err != nil {
		return s, err.Error()
	}
	return s, ""
}

// TestASenderTellsWhatDidNotArrive: it waits for what passes, for half a minute, and
// for nothing else.
func TestASenderTellsWhatDidNotArrive(t *testing.T) {
	const json = "application/json"
	done := says(204, "", "")
	for name, c := range map[string]struct {
		answers []func(*http.Request) (*http.Response, error) // the last one goes on
		sent    int
		want    string // within the error; empty: none
		within  time.Duration
	}{
		"all well":             {[]func(*http.Request) (*http.Response, error){done}, 2001, "", 0},
		"comes back":           {[]func(*http.Request) (*http.Response, error){breaks(syscall.ECONNREFUSED), says(503, json, `{"code":"unavailable"}`), done}, 2001, "", 10 * time.Second},
		"never there":          {[]func(*http.Request) (*http.Response, error){breaks(syscall.ECONNREFUSED)}, 0, "2001 of 2001 points did not arrive: ", 31 * time.Second},
		"goes away":            {[]func(*http.Request) (*http.Response, error){done, breaks(syscall.ECONNREFUSED)}, 2000, "1 of 2001 points did not arrive: ", 31 * time.Second},
		"a wrong token":        {[]func(*http.Request) (*http.Response, error){says(401, json, `{"code":"unauthorized","message":"unauthorized access"}`)}, 0, "name its file as token_file", 0},
		"a portal":             {[]func(*http.Request) (*http.Response, error){says(200, "text/html", "<html>")}, 0, "where InfluxDB answers 204", 0},
		"too old, InfluxDB 1":  {[]func(*http.Request) (*http.Response, error){says(400, json, `{"error":"partial write: points beyond retention policy dropped=2000"}`), done}, 1, "2000 of 2001 points were refused: ", 0},
		"too old, InfluxDB 2":  {[]func(*http.Request) (*http.Response, error){says(422, json, `{"code":"unprocessable entity","message":"failure writing points to database: partial write: dropped 1999 points outside retention policy of duration 1h0m0s"}`), done}, 2, "the capture is older than what the bucket keeps", 0},
		"one line is not good": {[]func(*http.Request) (*http.Response, error){says(413, json, `{"code":"request too large"}`), done}, 2001, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				far := &farEnd{}
				asked := 0
				far.become(func(r *http.Request) (*http.Response, error) {
					answer := c.answers[min(asked, len(c.answers)-1)]
					asked++
					return answer(r)
				})
				cfg := DefaultConfig()
				cfg.URL, cfg.Bucket, cfg.transport = "http://influx.example", "b", far
				began := time.Now()
				s, got := sendAll(t, cfg, 2000)
				if s.Sent() != c.sent || !strings.Contains(got, c.want) || (got == "") != (c.want == "") {
					t.Errorf("got %d sent and %q, want %d and %q", s.Sent(), got, c.sent, c.want)
				}
				if took := time.Since(began); took > c.within {
					t.Errorf("took %s, want %s at most", took, c.within)
				}
			})
		})
	}
}

// TestARealServerRefusesWhatIsTooOld.
func TestARealServerRefusesWhatIsTooOld(t *testing.T) {
	real := influxtest.Influxd(t)
	influxtest.Text(real.InfluxQL(t, "old", "CREATE DATABASE old WITH DURATION 1h"))
	cfg := DefaultConfig()
	cfg.URL, cfg.Bucket = real.URL, "old"
	year := night
	defer func() { night = year }()
	night = time.Now().Add(-24 * time.Hour)
	if _, got := sendAll(t, cfg, 10); !strings.Contains(got, "11 of 11 points were refused") || !strings.Contains(got, "a longer retention") {
		t.Errorf("got %q, want all refused, and why", got)
	}
	night = time.Now()
	if s, got := sendAll(t, cfg, 10); s.Sent() != 11 || got != "" {
		t.Errorf("got %d sent, %q; want all 11", s.Sent(), got)
	}
}

// TestASenderNeedsAPlace.
func TestASenderNeedsAPlace(t *testing.T) {
	if _, err := NewSender(t.Context(), DefaultConfig(), lyon); err == nil {
		t.Error("got no error without a url")
	}
}
