package influx

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tollwatch/sensor/output/points"
)

// logged collects what is logged until the test ends.
func logged(t testing.TB) *bytes.Buffer {
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	return &log
}

// TestDiagnose: each way to be wrong gets its kind and a line that names what to
// look at.
func TestDiagnose(t *testing.T) {
	plain := func(h http.HandlerFunc) func() *httptest.Server {
		return func() *httptest.Server { return httptest.NewServer(h) }
	}
	for name, c := range map[string]struct {
		server func() *httptest.Server
		change func(*Config)
		kind   Kind
		says   []string
	}{
		"token":     {plain(status(401, "unauthorized access")), nil, Unauthorised, []string{"wants a token", "401 unauthorized access", "token_file"}},
		"no token":  {plain(status(204, "")), func(c *Config) { c.TokenFile = "/absent/token" }, Unauthorised, []string{"/absent/token", "token_file"}},
		"scope":     {plain(status(403, "forbidden")), nil, Forbidden, []string{`bucket "calls"`, `organisation "o"`, "403 forbidden"}},
		"bucket":    {plain(status(404, `bucket \"calls\" not found`)), nil, NotFound, []string{`404 bucket "calls" not found`, "check bucket_alerts, org"}},
		"busy":      {plain(status(429, "limit")), nil, Throttled, []string{"429 limit", "raise the limit"}},
		"away":      {plain(status(503, "starting")), nil, ServerError, []string{"503 starting"}},
		"gateway":   {plain(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(502) }), nil, ServerError, []string{"502"}},
		"portal":    {plain(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "<html>") }), nil, NotInflux, []string{"200 OK with text/html", "portal"}},
		"redirect":  {plain(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/login", http.StatusFound) }), nil, NotInflux, []string{`302 to "/login"`}},
		"a web":     {plain(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(405) }), nil, NotInflux, []string{"takes no points"}},
		"authority": {func() *httptest.Server { return quiet(httptest.NewUnstartedServer(nil)) }, nil, Certificate, []string{"certificate", "unknown authority"}},
		"nobody":    {plain(nil), func(c *Config) { c.URL = "http://127.0.0.1:1" }, Unreachable, []string{"http://127.0.0.1:1 cannot be reached: dial tcp 127.0.0.1:1: connect: connection refused"}},
		"no name":   {plain(nil), func(c *Config) { c.URL = "http://a.invalid:8086" }, Unreachable, []string{"a.invalid"}},
		"cut":       {plain(func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) }), nil, Unreachable, []string{"EOF", "hangs up", "https://"}},
		"no web":    {plain(status(501, "no POST")), nil, NotInflux, []string{"takes no points (501 no POST)", "check url"}},
		"refused":   {plain(status(400, "unable to parse")), nil, RefusedPoints, []string{"refused points", "unable to parse"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := c.server()
			defer s.Close()
			o := newOutput(t, s.URL, c.change)
			w := o.alerts.drainer.writer
			w.place.Bucket = "calls"
			kind, text := Diagnose(w.Write(t.Context(), "x y=1\n"), w.Place())
			if kind != c.kind || strings.ContainsAny(text, "\n\r") {
				t.Errorf("got %v and %q, want %v in one line", kind, text, c.kind)
			}
			for _, want := range c.says {
				if !strings.Contains(text, want) {
					t.Errorf("got %q, want that it says %q", text, want)
				}
			}
		})
	}
}

func quiet(s *httptest.Server) *httptest.Server {
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	s.StartTLS()
	return s
}

func TestHangingIsUnreachable(t *testing.T) {
	release := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { <-release }))
	defer s.Close()
	defer close(release)
	w := NewWriter(Config{URL: s.URL, Bucket: "b", Timeout: 50 * time.Millisecond}, "b")
	if kind, text := Diagnose(w.Write(t.Context(), "x y=1\n"), w.Place()); kind != Unreachable || !strings.Contains(text, "exceeded") {
		t.Errorf("got %v and %q", kind, text)
	}
}

// TestOneLineWhenItBreaks: a way that fails for an hour, on both lanes, is told of
// once, and once more when it is whole; one that flaps each second once a minute.
func TestOneLineWhenItBreaks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := logged(t)
		var w watch
		for range 3600 {
			w.note(ofAlerts, Unreachable, "away")
			w.note(ofMetrics, Unreachable, "away")
			time.Sleep(time.Second)
		}
		w.over(ofAlerts, 0)
		w.over(ofMetrics, 0)
		if got := log.String(); strings.Count(got, "away") != 1 || strings.Count(got, "whole again") != 1 || !strings.Contains(got, "lasted=1h0m0s") {
			t.Errorf("got %s, want a line when it broke and one when it was whole again", got)
		}
		log.Reset()
		for n := range 600 {
			w.note(ofMetrics, []Kind{Unreachable, ServerError}[n%2], fmt.Sprint("flap ", n))
			w.over(ofMetrics, 0)
			time.Sleep(time.Second)
		}
		if got := strings.Count(log.String(), "\n"); got < 10 || got > 22 {
			t.Errorf("got %d lines of ten minutes of flapping, want two a minute at most", got)
		}
	})
}

// TestTheFirstOfBothWays says since when: an alert that meets a trouble which the
// metrics have had for an hour, and is delivered last.
func TestTheFirstOfBothWays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := logged(t)
		var w watch
		w.note(ofMetrics, Unreachable, "away")
		time.Sleep(time.Hour)
		w.note(ofAlerts, Unreachable, "away")
		time.Sleep(time.Second)
		w.over(ofMetrics, 0)
		w.over(ofAlerts, 0)
		if got := log.String(); strings.Count(got, "\n") != 2 || !strings.Contains(got, "lasted=1h0m1s") {
			t.Errorf("got %s, want two lines, and that it lasted an hour", got)
		}
	})
}

func TestTroubleIsTheWorst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := logged(t)
		o := newOutput(t, "http://127.0.0.1:1", nil)
		o.Put(&points.Sensor{Time: time.Now()})
		if got := o.Trouble(); got.Kind != None || got.Kind.String() != "none" {
			t.Errorf("got %v of a new output", got)
		}
		o.watch.note(ofPoints, RefusedPoints, "two points")
		o.watch.note(ofClock, Clock, "an hour off")
		began := time.Now()
		o.watch.note(ofMetrics, NotFound, "no bucket")
		time.Sleep(time.Minute)
		o.watch.note(ofMetrics, NotFound, "still\nno bucket")
		if got := o.Trouble(); got != (Trouble{NotFound, began, "still no bucket"}) {
			t.Errorf("got %v, want not_found since it was first noted", got)
		}
		if got := o.Troubles(); len(got) != 3 || got[1].Kind != RefusedPoints || got[2].Kind != Clock {
			t.Errorf("got %v, want three, the worst first", got)
		}
		o.watch.over(ofMetrics, 0)
		if !strings.Contains(log.String(), "waiting=1\n") {
			t.Errorf("got %s, want how many points wait", log)
		}
		time.Sleep(remembered)
		o.watch.note(ofMetrics, NotFound, "no bucket")
		o.watch.over(ofMetrics, 1) // which was the one
		if !strings.Contains(log.String(), "waiting=0\n") {
			t.Errorf("got %s, want that none waits any more", log)
		}
		if got := o.Troubles(); len(got) != 1 || got[0].Kind != Clock {
			t.Errorf("got %v after an hour, want that refused points are no longer told of", got)
		}
	})
}

// TestTheServersClock: what the answers say of the time is compared with ours.
func TestTheServersClock(t *testing.T) {
	logged(t)
	ahead := 2 * time.Hour
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", time.Now().Add(ahead).UTC().Format(http.TimeFormat))
		w.WriteHeader(http.StatusNoContent)
	}))
	defer s.Close()
	o := newOutput(t, s.URL, nil)
	if _, known := o.ClockOffset(); known {
		t.Error("the server's clock is known before it answered")
	}
	write := func() {
		if _, v := o.alerts.drainer.deliver(t.Context(), t.Context(), parcel{lines: "x y=1\n", n: 1}, nobody); v != delivered {
			t.Fatalf("got the verdict %d", v)
		}
	}
	write()
	if got, known := o.ClockOffset(); !known || (got-ahead).Abs() > 2*time.Second {
		t.Errorf("got an offset of %v, %v, want two hours", got, known)
	}
	if got := o.Trouble(); got.Kind != Clock || !strings.Contains(got.Text, "behind the server's") {
		t.Errorf("got %v, want that the clock is behind", got)
	}
	ahead = 0
	write()
	if got := o.Trouble(); got.Kind != None {
		t.Errorf("got %v after the clock was set, want none", got)
	}
}

func TestKindsPrintThemselves(t *testing.T) {
	for k := None; k <= Clock; k++ {
		if k.String() == "" {
			t.Errorf("kind %d has no name", k)
		}
	}
	if Kind(99).String() != "" {
		t.Error("a kind that there is not has a name")
	}
	if kind, text := Diagnose(nil, Place{}); kind != None || text != "" {
		t.Errorf("got %v, %q of no error", kind, text)
	}
	if kind, _ := Diagnose(errors.New("odd"), Place{}); kind != Unreachable {
		t.Errorf("got %v of an error of ours", kind)
	}
}

// TestWhatPasses: of refused points, damage and a dead letter that could not be kept
// nobody says that they are over. They are told of for an hour; what comes after that
// is new, and logged anew.
func TestWhatPasses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := logged(t)
		for _, p := range []part{ofPoints, ofDamage, ofDeadLetters} {
			var w watch
			w.note(p, RefusedPoints, "wrong")
			time.Sleep(time.Minute)
			w.note(p, RefusedPoints, "wrong")
			if all := w.list(); len(all) != 1 || time.Since(all[0].Since) != time.Minute {
				t.Errorf("part %d: got %v, want one since a minute", p, all)
			}
			time.Sleep(2 * time.Hour)
			if all := w.list(); len(all) != 0 {
				t.Errorf("part %d: got %v after two hours", p, all)
			}
			w.note(p, RefusedPoints, "wrong again")
			if all := w.list(); len(all) != 1 || time.Since(all[0].Since) != 0 {
				t.Errorf("part %d: got %v, want one that is new", p, all)
			}
		}
		if got := strings.Count(log.String(), "again"); got != 3 {
			t.Errorf("got %d lines of what came again, want 3", got)
		}
	})
}
