package influx

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tollwatch/sensor/output/points"
)

// onLine runs a test in a bubble, with an output over a line in memory.
func onLine(t *testing.T, change func(*Config), test func(t *testing.T, l *line, o *Output)) {
	synctest.Test(t, func(t *testing.T) {
		logged(t)
		l := newLine()
		o := overLine(t, l, change)
		stop := running(t, o)
		test(t, l, o)
		stop()
		balanced(t, o)
	})
}

// always gives one answer.
func always(status int, header http.Header, text string) func(int, string, string) (int, http.Header, string) {
	return func(int, string, string) (int, http.Header, string) { return status, header, text }
}

// TestARequestHangs: the line dies under a request of an alert and is back at once.
// The alert arrives by the next one, and is counted once.
func TestARequestHangs(t *testing.T) {
	onLine(t, nil, func(t *testing.T, l *line, o *Output) {
		l.set(func(l *line) { l.dead = true })
		o.Alert(anAlert())
		time.Sleep(100 * time.Millisecond)
		l.set(func(l *line) { l.dead = false })
		time.Sleep(hedgeAfter)
		if c := o.Counters(); l.lines("alerts") != 1 || c.Done != 1 || l.asked() != 2 {
			t.Errorf("got %d alerts after %d requests, %+v, want the alert by the second", l.lines("alerts"), l.asked(), c)
		}
	})
}

// TestASlowServer: one that takes eight seconds for an answer gets three requests
// at a time, and the first is the one that counts.
func TestASlowServer(t *testing.T) {
	onLine(t, nil, func(t *testing.T, l *line, o *Output) {
		l.set(func(l *line) { l.delay = 8 * time.Second })
		o.Alert(anAlert())
		time.Sleep(9 * time.Second)
		if c := o.Counters(); c.Done != 1 || c.Retry != 0 || l.asked() > 9 {
			t.Errorf("got %+v after %d requests, want the alert done by the first", c, l.asked())
		}
	})
}

// TestAlertsPassMetrics: metrics hang, a large backlog of them waits, and an alert
// arrives all the same.
func TestAlertsPassMetrics(t *testing.T) {
	onLine(t, nil, func(t *testing.T, l *line, o *Output) {
		l.set(func(l *line) {
			l.answer = func(_ int, bucket, _ string) (int, http.Header, string) {
				if bucket == "calls" {
					time.Sleep(time.Hour)
				}
				return 204, nil, ""
			}
		})
		for n := range 20_000 {
			o.Call(cayman(n))
		}
		time.Sleep(10 * time.Second)
		began := time.Now()
		o.Alert(anAlert())
		time.Sleep(100 * time.Millisecond)
		if got := l.lines("alerts"); got != 1 {
			t.Errorf("got %d alerts %v after it was made, with %d metrics waiting", got, time.Since(began), o.Counters().Waiting)
		}
		if c := o.Counters(); c.Waiting != 20_000 {
			t.Errorf("got %+v, want 20,000 points waiting", c)
		}
	})
}

// TestAServerAsksForTime: what Retry-After says, in seconds or as a date of the
// server's clock, is waited for, by alerts too, and no longer than ten minutes.
func TestAServerAsksForTime(t *testing.T) {
	date := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(http.TimeFormat) }
	for name, c := range map[string]struct {
		status      int
		header      func() http.Header
		least, most time.Duration
	}{
		"429 and seconds": {429, func() http.Header { return http.Header{"Retry-After": {"100"}} }, 100 * time.Second, 126 * time.Second},
		"503 and a date":  {503, func() http.Header { return http.Header{"Retry-After": {date(100 * time.Second)}} }, 99 * time.Second, 126 * time.Second},
		"another clock": {503, func() http.Header {
			return http.Header{"Retry-After": {date(-3500 * time.Second)}, "Date": {date(-time.Hour)}}
		}, 99 * time.Second, 126 * time.Second},
		"a year":            {503, func() http.Header { return http.Header{"Retry-After": {"31536000"}} }, maxAsked, maxAsked * 5 / 4},
		"nothing, busy":     {429, func() http.Header { return nil }, 500 * time.Millisecond, 8 * time.Second},
		"nothing, starting": {503, func() http.Header { return nil }, 0, time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			onLine(t, nil, func(t *testing.T, l *line, o *Output) {
				l.set(func(l *line) {
					l.answer = func(n int, _, _ string) (int, http.Header, string) {
						if n == 1 {
							return c.status, c.header(), "later"
						}
						return 204, nil, ""
					}
				})
				began := time.Now()
				o.Alert(anAlert())
				for l.lines("alerts") == 0 && time.Since(began) < time.Hour {
					time.Sleep(10 * time.Millisecond)
				}
				if took := time.Since(began); took < c.least || took > c.most+20*time.Millisecond || l.asked() != 2 {
					t.Errorf("got the alert after %v and %d requests, want it after %v to %v", took, l.asked(), c.least, c.most)
				}
			})
		})
	}
}

// TestTheConfigurationIsMended: whatever an installer got wrong costs no point, and
// alerts arrive within seconds of its being right.
func TestTheConfigurationIsMended(t *testing.T) {
	for status, kind := range map[int]Kind{401: Unauthorised, 403: Forbidden, 404: NotFound, 301: NotInflux, 405: NotInflux, 200: NotInflux} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			onLine(t, nil, func(t *testing.T, l *line, o *Output) {
				l.set(func(l *line) { l.answer = always(status, http.Header{"X-Influxdb-Version": {"x"}}, "no") })
				o.Alert(anAlert())
				o.Call(cayman(1))
				time.Sleep(24 * time.Hour)
				if got := o.Trouble(); got.Kind != kind || o.Counters().Waiting != 2 {
					t.Errorf("got %v and %+v after a day, want %v and both points waiting", got, o.Counters(), kind)
				}
				l.set(func(l *line) { l.answer = nil })
				time.Sleep(8 * time.Second)
				if l.lines("alerts") != 1 {
					t.Error("the alert did not arrive within seconds")
				}
				time.Sleep(90 * time.Second)
				if got := o.Trouble(); l.lines("calls") != 1 || got.Kind != None {
					t.Errorf("got %d calls and the trouble %v", l.lines("calls"), got)
				}
			})
		})
	}
}

// refuser refuses a batch with one of these words in it.
func refuser(status int, words ...string) func(int, string, string) (int, http.Header, string) {
	return func(_ int, _, body string) (int, http.Header, string) {
		for _, w := range words {
			if strings.Contains(body, w) {
				return status, http.Header{"X-Influxdb-Version": {"2.7"}}, "unable to parse '" + strings.ReplaceAll(w, `"`, "") + "': missing fields"
			}
		}
		return 204, nil, ""
	}
}

// waitFor passes until nothing waits.
func waitFor(t *testing.T, o *Output, most time.Duration) time.Duration {
	t.Helper()
	began := time.Now()
	for o.Counters().Waiting > 0 {
		if time.Since(began) > most {
			t.Fatalf("got %+v after %v", o.Counters(), most)
		}
		time.Sleep(10 * time.Millisecond)
	}
	return time.Since(began)
}

// TestOneBadLineOf5000: InfluxDB 2 refuses the whole of a batch for one line. It is
// found within 27 requests, and lies among the dead letters, for the owner alone.
func TestOneBadLineOf5000(t *testing.T) {
	onLine(t, nil, func(t *testing.T, l *line, o *Output) {
		l.set(func(l *line) { l.answer = refuser(400, `call_group="g3333"`) })
		for n := range maxLines {
			o.Call(&points.Call{ID: fmt.Sprint("c", n), Group: fmt.Sprint("g", n), End: night, State: "answered"})
		}
		waitFor(t, o, time.Minute)
		if c := o.Counters(); c.Done != maxLines-1 || c.Reject != 1 || l.asked() > 27 {
			t.Errorf("got %+v after %d requests, want all but one done within 27", c, l.asked())
		}
		letters := filepath.Join(o.cfg.Dir, deadLettersFile)
		text, err := os.ReadFile(letters)
		lines := strings.Split(string(text), "\n")
		if err != nil || len(lines) != 3 || !strings.Contains(lines[0], "400 unable to parse") || !strings.Contains(lines[1], `call_group="g3333"`) {
			t.Errorf("got the dead letters %q, %v", text, err)
		}
		if info, err := os.Stat(letters); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("got %v, %v, want a file for its owner alone", info.Mode(), err)
		}
		if got := o.Trouble(); got.Kind != RefusedPoints || !strings.Contains(got.Text, "unable to parse") {
			t.Errorf("got the trouble %v", got)
		}
	})
}

// TestAServerThatTakesLittle: 413 halves the batch, and the next ones are smaller
// from the start.
func TestAServerThatTakesLittle(t *testing.T) {
	onLine(t, nil, func(t *testing.T, l *line, o *Output) {
		refusals := 0
		l.set(func(l *line) {
			l.answer = func(_ int, _, body string) (int, http.Header, string) {
				if len(body) > 100_000 {
					refusals++
					return 413, nil, "too large"
				}
				return 204, nil, ""
			}
		})
		for range 20 {
			for n := range 400 {
				o.Call(cayman(n))
			}
			time.Sleep(1100 * time.Millisecond)
		}
		waitFor(t, o, time.Minute)
		if c := o.Counters(); c.Done != 8000 || c.Reject != 0 || refusals > 20+3 {
			t.Errorf("got %+v and %d times too large, want all done", c, refusals)
		}
	})
}

// TestAServerThatTookLittle: two hours after the last 413 batches are long again.
func TestAServerThatTookLittle(t *testing.T) {
	onLine(t, nil, func(t *testing.T, l *line, o *Output) {
		l.set(func(l *line) {
			l.answer = func(_ int, _, body string) (int, http.Header, string) {
				if len(body) > 1000 {
					return 413, nil, "too large"
				}
				return 204, nil, ""
			}
		})
		for n := range 100 {
			o.Call(cayman(n))
		}
		waitFor(t, o, time.Minute)
		time.Sleep(2 * time.Hour)
		l.set(func(l *line) { l.answer, l.dead = nil, true })
		for n := range 300 { // by several batches
			o.Call(cayman(n))
			time.Sleep(100 * time.Millisecond)
		}
		l.set(func(l *line) { l.requests, l.dead = 0, false })
		waitFor(t, o, 10*time.Minute)
		if asked := l.asked(); asked > 5 {
			t.Errorf("got %d requests for 300 points, want a few long ones", asked)
		}
	})
}

// TestPoisonAndIllness: a server that fails on two lines and takes all others gets
// all others; one that fails on everything, for a day, has cost nothing.
func TestPoisonAndIllness(t *testing.T) {
	fails := func(words ...string) func(int, string, string) (int, http.Header, string) {
		return refuser(500, words...)
	}
	onLine(t, nil, func(t *testing.T, l *line, o *Output) {
		l.set(func(l *line) { l.answer = fails(`call_group="g0"`, `call_group="g77"`) })
		for n := range 1000 {
			o.Call(cayman(n))
		}
		waitFor(t, o, 10*time.Minute)
		if c := o.Counters(); c.Done != 998 || c.Reject != 2 {
			t.Errorf("got %+v, want all but two done", c)
		}
	})
	onLine(t, nil, func(t *testing.T, l *line, o *Output) {
		l.set(func(l *line) { l.answer = fails("call,") })
		for n := range 100 {
			o.Call(cayman(n))
			o.Alert(anAlert())
			time.Sleep(15 * time.Minute)
		}
		if c := o.Counters(); c.Reject != 0 || c.Done != 100 || l.asked() > 5000 {
			t.Errorf("got %+v after %d requests of a server that was ill for a day, want alerts done and nothing condemned", c, l.asked())
		}
		l.set(func(l *line) { l.answer = nil })
		waitFor(t, o, 5*time.Minute)
		if c := o.Counters(); c.Done != 200 || c.Reject != 0 {
			t.Errorf("got %+v once it is well, want all done", c)
		}
	})
	onLine(t, nil, func(t *testing.T, l *line, o *Output) {
		l.set(func(l *line) { l.answer = fails(`call_group="g7"`) })
		o.Call(cayman(7)) // alone: only the next one shows whose fault it is
		time.Sleep(time.Hour)
		if c := o.Counters(); c.Reject != 0 || c.Waiting != 1 {
			t.Errorf("got %+v of a point that nobody vouches for", c)
		}
		o.Call(cayman(8))
		waitFor(t, o, 10*time.Minute)
		if c := o.Counters(); c.Reject != 1 || c.Done != 1 {
			t.Errorf("got %+v, want one condemned by the other", c)
		}
	})
}
