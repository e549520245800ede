package sensortest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tollwatch/decoder"
	"tollwatch/sensor"
	"tollwatch/sensor/capture"
	"tollwatch/sensor/lab/packets"
	"tollwatch/sensor/lab/scenario"
	"tollwatch/sensor/output/influx"
	"tollwatch/sensor/record"
	"tollwatch/sensor/sqlite"
)

// busySite is a capture of a site of which much becomes a point: an attack of some
// thousand calls.
func busySite(t *testing.T) string {
	t.Helper()
	p, err := scenario.Load("court-a")
	if err != nil {
		t.Fatal(err)
	}
	for _, kv := range [][2]string{{"media", "none"}, {"length", "1h"}, {"attack.calls_per_minute", "120"}, {"attack.length", "40m"}} {
		if err := p.Set(kv[0], kv[1]); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(t.TempDir(), "busy.pcap")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := packets.Generate(t.Context(), p, 1, f, io.Discard); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return file
}

// ledger is a sink that counts what becomes a point, and keeps the summary.
type ledger struct {
	next    sensor.Sink // nil: none
	points  uint64
	alerts  uint64
	summary string
}

func (c *ledger) Put(o record.Object) error {
	switch o := o.(type) {
	case *record.Summary:
		books := *o
		books.WallSeconds = 0
		text, err := json.MarshalIndent(books, "", "  ")
		if err != nil {
			return err
		}
		c.summary = string(text)
	case *record.Alert:
		c.alerts++
		c.points++
	default:
		c.points++
	}
	if c.next == nil {
		return nil
	}
	return c.next.Put(o)
}

// run replays a capture as fast as it goes.
func (c *ledger) run(t *testing.T, file string) {
	t.Helper()
	source, err := capture.OpenFiles([]string{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	if err := sensor.Replay(t.Context(), source, sensor.NewPipeline(decoder.New(decoder.DefaultConfig()), newEngine(t), c)); err != nil {
		t.Fatal(err)
	}
}

// TestNobodyWaitsForTheServer: a capture goes through the whole sensor as fast as it
// can, beside a server that hangs, one that is slow, one that refuses all, and a
// disk that hangs as well. The books are those of a sensor without any output: all
// frames are read and judged though no request was ever answered, and of the points
// each is waiting, done or counted.
func TestNobodyWaitsForTheServer(t *testing.T) {
	file := busySite(t)
	alone := &ledger{}
	alone.run(t, file)
	if alone.points < 4000 || alone.alerts == 0 {
		t.Fatalf("got %d points and %d alerts of the capture, want some thousands", alone.points, alone.alerts)
	}
	for name, c := range map[string]struct {
		after  time.Duration // the answer comes; 0: never
		status int
		locked bool
		want   func(influx.Counters) bool
	}{
		"hangs":                       {0, 0, false, func(c influx.Counters) bool { return c.Waiting == alone.points }},
		"slow":                        {300 * time.Millisecond, http.StatusNoContent, false, func(c influx.Counters) bool { return c.Lost == 0 }},
		"refuses":                     {time.Millisecond, http.StatusUnauthorized, false, func(c influx.Counters) bool { return c.Waiting == alone.points }},
		"hangs, and so does the disk": {0, 0, true, func(c influx.Counters) bool { return c.Waiting+c.Lost == alone.points && c.Waiting > 0 }},
	} {
		t.Run(name, func(t *testing.T) {
			var answered atomic.Int64
			release := make(chan struct{})
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				var after <-chan time.Time
				if c.after > 0 {
					after = time.After(c.after)
				}
				select {
				case <-after:
					answered.Add(1)
					w.WriteHeader(c.status)
				case <-release:
				}
			}))
			defer server.Close()
			defer close(release)
			cfg := influx.DefaultConfig()
			cfg.URL, cfg.Bucket, cfg.Dir = server.URL, "calls", t.TempDir()
			if c.locked {
				occupy(t, filepath.Join(cfg.Dir, influx.SpoolFile))
			}
			out, stop := runOutput(t, cfg)
			beside := &ledger{next: sensor.NewPointSink(out)}
			beside.run(t, file)
			if c.after == 0 && answered.Load() > 0 {
				t.Errorf("got %d answers of a server that hangs", answered.Load())
			}
			if diff := cmp.Diff(alone.summary, beside.summary); diff != "" || beside.points != alone.points {
				t.Errorf("got %d points, want %d; the books differ from those of a sensor without an output:\n%s", beside.points, alone.points, diff)
			}
			await(t, "all points to be queued and in their place", func() bool {
				n := out.Counters()
				return n.Queued == alone.points && n.Queued == n.Done+n.Reject+n.Evicted+n.Lost+n.Waiting && c.want(n)
			})
			t.Logf("%+v", out.Counters())
			stop()
		})
	}
}

// occupy opens a file so that nobody else gets at it: whoever writes to it waits for
// five seconds, and then fails.
func occupy(t *testing.T, path string) {
	t.Helper()
	db, err := sqlite.Open(path, sqlite.Layout{Pragmas: []string{"/* first */ locking_mode(EXCLUSIVE)"}, Version: 1, Schema: "CREATE TABLE x (y);"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if _, err := db.Exec("INSERT INTO x VALUES (1)"); err != nil {
		t.Fatal(err)
	}
}
