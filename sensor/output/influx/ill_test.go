package influx

import (
	"net/http"
	"testing"
	"time"
)

// TestAServerThatFallsIllMeanwhile: it fails on a batch, takes the first half of it,
// and then fails on everything for a while. None of that is a line's fault.
func TestAServerThatFallsIllMeanwhile(t *testing.T) {
	onLine(t, nil, func(t *testing.T, l *line, o *Output) {
		l.set(func(l *line) {
			l.answer = func(n int, _, _ string) (int, http.Header, string) {
				if n <= maxFailures || n > maxFailures+1 && n < 200 {
					return 500, nil, "timeout"
				}
				return 204, nil, ""
			}
		})
		for n := range 64 {
			o.Call(cayman(n))
		}
		waitFor(t, o, 12*time.Hour)
		if c := o.Counters(); c.Done != 64 || c.Reject != 0 {
			t.Errorf("got %+v, want all done once the server is well", c)
		}
	})
}

// TestAnAlertBehindPoison: the server fails on one alert whenever it comes, and takes
// the next within seconds.
func TestAnAlertBehindPoison(t *testing.T) {
	onLine(t, nil, func(t *testing.T, l *line, o *Output) {
		l.set(func(l *line) { l.answer = refuser(500, `incident="poison"`) })
		bad := anAlert()
		bad.Incident = "poison"
		o.Alert(bad)
		time.Sleep(100 * time.Millisecond)
		o.Alert(anAlert())
		time.Sleep(2 * time.Second)
		if got := l.lines("alerts"); got != 1 {
			t.Errorf("got %d alerts after two seconds, want the one that is good", got)
		}
		waitFor(t, o, time.Minute)
		if c := o.Counters(); c.Done != 1 || c.Reject != 1 {
			t.Errorf("got %+v, want the other one condemned", c)
		}
	})
}

// TestAlertsOnceAServerIsWell: alerts on all of which a server failed arrive within
// the pauses that alerts have.
func TestAlertsOnceAServerIsWell(t *testing.T) {
	onLine(t, nil, func(t *testing.T, l *line, o *Output) {
		l.set(func(l *line) { l.answer = always(500, nil, "ill") })
		for range 20 {
			o.Alert(anAlert())
			time.Sleep(time.Minute)
		}
		l.set(func(l *line) { l.answer = nil })
		if took := waitFor(t, o, time.Hour); took > 8*time.Second {
			t.Errorf("got the last alert %v after the server was well, want within its pause of five seconds or so", took)
		}
	})
}

// TestTheEndWithAnIllServer: it is not asked again and again while the process ends.
func TestTheEndWithAnIllServer(t *testing.T) {
	l := newLine()
	onLine(t, func(c *Config) { c.transport = l }, func(t *testing.T, _ *line, o *Output) {
		l.set(func(l *line) { l.answer, l.delay = always(500, nil, "ill"), time.Millisecond })
		for range 3 {
			o.Alert(anAlert())
			o.Call(cayman(1))
			time.Sleep(time.Hour)
		}
		l.set(func(l *line) { l.requests = 0 })
	})
	if l.requests > 40 {
		t.Errorf("got %d requests at the end", l.requests)
	}
}
