package influx

import (
	"fmt"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"tollwatch/sensor/output/points"
)

// length is a duration of the environment, or the default.
func length(t *testing.T, name string, otherwise time.Duration) time.Duration {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return d
}

// site makes the points of a site.
type site struct {
	metrics, alerts int
}

// tenSeconds makes what ten seconds lead to: a heartbeat, every minute a call, every
// five minutes an alert.
func (s *site) tenSeconds(o *Output) {
	now := time.Now()
	o.Sensor(&points.Sensor{Time: now, Version: "1", Frames: uint64(s.metrics)})
	s.metrics++
	if now.Second() < 10 {
		c := cayman(s.metrics)
		c.End = now
		o.Call(c)
		s.metrics++
	}
	if now.Second() < 10 && now.Minute()%5 == 0 {
		s.alert(o)
	}
}

func (s *site) alert(o *Output) {
	a := anAlert()
	a.Time, a.Incident = time.Now(), fmt.Sprint("i-", s.alerts)
	o.Alert(a)
	s.alerts++
}

// TestTheLineIsCut: the line is dead for OUTAGE (three days in the nightly run), and
// the process is restarted twice a day. When the line is back, all alerts arrive
// within two seconds, one that is made then too, and all metrics soon; none is
// missing.
func TestTheLineIsCut(t *testing.T) {
	outage := length(t, "OUTAGE", 24*time.Hour)
	synctest.Test(t, func(t *testing.T) {
		logged(t)
		l, s, dir := newLine(), &site{}, t.TempDir()
		l.delay = 80 * time.Millisecond
		start := func() (*Output, func()) {
			o := overLine(t, l, func(c *Config) { c.Dir = dir })
			return o, running(t, o)
		}
		o, stop := start()
		pass := func(d time.Duration) {
			for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(10 * time.Second) {
				s.tenSeconds(o)
			}
		}
		pass(10 * time.Minute)
		if l.lines("calls") != s.metrics || l.lines("alerts") != s.alerts {
			t.Errorf("got %d and %d lines before the outage, want %d and %d", l.lines("calls"), l.lines("alerts"), s.metrics, s.alerts)
		}
		l.set(func(l *line) { l.dead = true })
		for began := time.Now(); time.Since(began) < outage; {
			pass(min(12*time.Hour, outage/3))
			stop()
			o, stop = start()
		}
		pass(7 * time.Minute)
		if got := o.Trouble(); got.Kind != Unreachable || time.Since(got.Since) < 6*time.Minute {
			t.Errorf("got the trouble %v of a line that is dead", got)
		}
		time.Sleep(1234 * time.Millisecond)
		back(t, l, s, o)
		pass(5 * time.Minute)
		stop()
		c := balanced(t, o)
		if l.lines("calls") != s.metrics || l.lines("alerts") != s.alerts || c.Waiting != 0 {
			t.Errorf("got %d and %d lines, want %d and %d; %+v", l.lines("calls"), l.lines("alerts"), s.metrics, s.alerts, c)
		}
		t.Logf("%d metrics, %d alerts, %d requests, %d lines came twice", s.metrics, s.alerts, l.asked(), l.doubles)
	})
}

// back is what happens once the line is: alerts first, within two seconds.
func back(t *testing.T, l *line, s *site, o *Output) {
	t.Helper()
	if l.lines("alerts") == s.alerts || o.Counters().Age < time.Minute {
		t.Fatalf("got %d alerts while the line was dead", l.lines("alerts"))
	}
	l.set(func(l *line) { l.dead = false })
	time.Sleep(300 * time.Millisecond)
	s.alert(o)
	time.Sleep(1700 * time.Millisecond)
	if got := l.lines("alerts"); got != s.alerts {
		t.Errorf("got %d alerts two seconds after the line was back, want %d", got, s.alerts)
	}
}
