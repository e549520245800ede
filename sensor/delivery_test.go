package sensor

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tollwatch/detect"
	"tollwatch/sensor/output/influx"
	"tollwatch/sensor/output/influx/influxtest"
	"tollwatch/sensor/output/points"
)

// courier is a delivery whose troubles the test sets, and what it told.
type courier struct {
	*delivery
	now  time.Time
	set  []influx.Trouble
	told []string // event, incident and time since noon
}

func newCourier(t *testing.T, s *Sensor) *courier {
	t.Helper()
	s.id = "5e0f"
	c := &courier{now: noon}
	cfg := influx.DefaultConfig()
	cfg.URL, cfg.Bucket = "http://127.0.0.1:1", "b"
	out, err := influx.New(cfg, points.Identity{})
	if err != nil {
		t.Fatal(err)
	}
	s.influx = out
	c.delivery = newDelivery(s)
	c.troubles = func() []influx.Trouble { return c.set }
	c.tell = func(a *detect.Alert) {
		c.told = append(c.told, fmt.Sprint(a.Event, " ", a.Incident, " ", a.Level, " +", a.Time.Sub(noon)))
	}
	return c
}

// for passes with this trouble, second by second.
func (c *courier) pass(d time.Duration, kinds ...influx.Kind) {
	for end := c.now.Add(d); c.now.Before(end); c.now = c.now.Add(time.Second) {
		c.set = nil
		for _, k := range kinds {
			c.set = append(c.set, influx.Trouble{Kind: k, Since: c.now, Text: "wrong"})
		}
		c.look(c.now)
	}
}

func (c *courier) expect(t *testing.T, want ...string) {
	t.Helper()
	if got := strings.Join(c.told, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
	c.told = nil
}

// TestTroubleIsToldOnce: of a wrong token after a minute, of a line after an hour,
// of refused points at once; each once, and once more when it has passed.
func TestTroubleIsToldOnce(t *testing.T) {
	c := newCourier(t, bystander(t))
	c.pass(50*time.Second, influx.Unauthorised)
	c.pass(59*time.Minute, influx.Unreachable)
	c.pass(20 * time.Minute)
	c.expect(t)
	c.now = noon
	c.pass(2*time.Hour, influx.Unauthorised, influx.Unreachable)
	c.pass(time.Second, influx.RefusedPoints)
	c.pass(time.Hour)
	c.expect(t,
		"opened influx-5e0f-unauthorised-20260306 watch +1m0s",
		"opened influx-5e0f-unreachable-20260306 watch +1h0m0s",
		"opened influx-5e0f-refused_points-20260306 watch +2h0m0s",
		"closed influx-5e0f-unauthorised-20260306 watch +2h9m59s",
		"closed influx-5e0f-unreachable-20260306 watch +2h9m59s",
		"closed influx-5e0f-refused_points-20260306 watch +2h10m0s",
	)
}

// TestTroubleThatComesAndGoes: a day of it is an incident, not a flood, even
// where it stays away for long enough to be over.
func TestTroubleThatComesAndGoes(t *testing.T) {
	c := newCourier(t, bystander(t))
	for range 6 * 24 { // until the next noon
		c.pass(2*time.Minute, influx.NotFound)
		c.pass(8 * time.Minute)
	}
	c.expect(t, "opened influx-5e0f-not_found-20260306 watch +1m0s")
	for range 3 {
		c.pass(2*time.Minute, influx.Forbidden)
		c.pass(20 * time.Minute)
	}
	c.pass(2 * time.Hour)
	c.expect(t,
		"opened influx-5e0f-forbidden-20260307 watch +24h1m0s",
		"closed influx-5e0f-not_found-20260306 watch +24h1m59s",
		"closed influx-5e0f-forbidden-20260307 watch +24h11m59s",
		"reopened influx-5e0f-forbidden-20260307 watch +24h23m0s",
		"closed influx-5e0f-forbidden-20260307 watch +25h45m59s",
	)
}

// TestTroubleOutlivesARestart: what was told is not told again, and what has
// passed meanwhile is closed.
func TestTroubleOutlivesARestart(t *testing.T) {
	s := bystander(t)
	c := newCourier(t, s)
	c.pass(2*time.Minute, influx.Certificate, influx.Clock)
	c.expect(t, "opened influx-5e0f-certificate-20260306 watch +1m0s", "opened influx-5e0f-clock-20260306 watch +1m0s")
	if err := s.store.Commit(); err != nil {
		t.Fatal(err)
	}
	again := newCourier(t, s)
	again.now = noon.Add(time.Hour)
	again.pass(time.Hour, influx.Certificate)
	again.expect(t, "closed influx-5e0f-clock-20260306 watch +1h10m0s")

	if err := s.store.Commit(); err != nil {
		t.Fatal(err)
	}
	s.influx = nil // url was taken out of the configuration
	c.delivery = newDelivery(s)
	c.tell, c.now = again.tell, again.now
	again.told = nil
	for end := c.now.Add(calm); !c.now.After(end); c.now = c.now.Add(time.Second) {
		c.look(c.now)
	}
	again.expect(t, "closed influx-5e0f-certificate-20260306 watch +2h10m0s")
}

// way is a sensor that writes to a server, as far as its delivery goes.
func way(t *testing.T, url, bucket, token string) (c *courier, out *influx.Output) {
	t.Helper()
	s := bystander(t)
	cfg := influx.DefaultConfig()
	cfg.URL, cfg.Bucket, cfg.TokenFile = url, bucket, token
	cfg.MinPause, cfg.MaxPause, cfg.Linger = time.Millisecond, 5*time.Millisecond, 0
	out, err := influx.New(cfg, points.Identity{Site: "lyon", Primary: true})
	if err != nil {
		t.Fatal(err)
	}
	c = newCourier(t, s)
	c.troubles = out.Troubles
	c.now = time.Now()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- out.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return c, out
}

// until waits for a kind of trouble; None: for the end of all.
func until(t *testing.T, out *influx.Output, kind influx.Kind) influx.Trouble {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for time.Now().Before(deadline) {
		if now := out.Trouble(); now.Kind == kind {
			return now
		}
		time.Sleep(2 * time.Millisecond)
	}
	t.Fatalf("got trouble %v, want %v", out.Trouble(), kind)
	return influx.Trouble{}
}

// TestRealTrouble: a wrong password, and a database that is dropped: each is an
// incident, and all points are there once it is mended.
func TestRealTrouble(t *testing.T) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	server := influxtest.Influxd(t, influxtest.Login("admin", "secret"))
	server.InfluxQL(t, "", "CREATE DATABASE calls")
	token := filepath.Join(t.TempDir(), "token")
	write := func(text string) {
		if err := os.WriteFile(token, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("admin:wrong")
	c, out := way(t, server.URL, "calls", token)
	beats := 0
	beat := func() {
		beats++
		out.Put(&points.Sensor{Time: noon.Add(time.Duration(beats) * 10 * time.Second), Frames: uint64(beats)})
	}
	beat()
	if now := until(t, out, influx.Unauthorised); !strings.Contains(now.Text, "401 authorization failed") || !strings.Contains(now.Text, token) {
		t.Errorf("got %q, want the server's words and the file", now.Text)
	}
	c.now = time.Now()
	c.look(c.now)
	c.look(c.now.Add(serverStart))
	write("admin:secret")
	until(t, out, influx.None)
	c.look(c.now.Add(serverStart + calm))

	server.InfluxQL(t, "", "DROP DATABASE calls")
	beat()
	if now := until(t, out, influx.NotFound); !strings.Contains(now.Text, `database "calls" is not there`) {
		t.Errorf("got %q, want that the database is not there", now.Text)
	}
	c.now = time.Now().Add(time.Hour)
	c.look(c.now)
	server.InfluxQL(t, "", "CREATE DATABASE calls")
	until(t, out, influx.None)
	c.look(c.now.Add(calm))
	var events []string
	for _, line := range c.told {
		events = append(events, strings.Join(strings.Split(line, "-")[:3], "-"))
	}
	if got := strings.Join(events, "; "); got != "opened influx-5e0f-unauthorised; closed influx-5e0f-unauthorised; opened influx-5e0f-not_found; closed influx-5e0f-not_found" {
		t.Errorf("got %s", got)
	}
	if got := influxtest.Text(server.InfluxQL(t, "calls", "SELECT frames FROM sensor")); got != "2" {
		t.Errorf("got frames %q, want the point that waited for the database", got)
	}
}
