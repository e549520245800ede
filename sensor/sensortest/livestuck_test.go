package sensortest

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"tollwatch/decoder"
	"tollwatch/sensor"
	"tollwatch/sensor/output/influx"
	"tollwatch/sensor/record"
)

// What the capture beside a stuck output is loaded with: 9,000 messages a second for
// four seconds, on a ring that holds one and a half of them.
const (
	stuckCalls   = 6000
	stuckPerTick = 15 // calls in ten milliseconds
	stuckRing    = 8 << 20
)

// TestCaptureBesideAStuckServer: calls are heard from the wire while the server
// never answers and the spool is locked for longer than the ring would last. No
// frame is lost, each call is there, and each object is a point that waits or is
// counted.
func TestCaptureBesideAStuckServer(t *testing.T) {
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer server.Close()
	defer close(release)
	cfg := influx.DefaultConfig()
	cfg.URL, cfg.Bucket, cfg.Dir = server.URL, "calls", t.TempDir()
	occupy(t, filepath.Join(cfg.Dir, influx.SpoolFile))
	out, stop := runOutput(t, cfg)
	onAWire(t, func(t *testing.T, send func([]byte)) {
		var h hosts
		l := listen(t, "afpacket", stuckRing)
		objects := &made{}
		l.pipe = sensor.NewPipeline(decoder.New(decoder.DefaultConfig()), newEngine(t), sensor.Sinks{&l.found, objects, sensor.NewPointSink(out)})
		var over atomic.Bool
		done := make(chan struct{})
		go func() {
			defer close(done)
			read(l, &over)
		}()
		began := time.Now()
		for n := range stuckCalls {
			h.begin(n, send)
			h.end(n, send)
			if ahead := time.Duration(n/stuckPerTick)*10*time.Millisecond - time.Since(began); n%stuckPerTick == 0 && ahead > 0 {
				pause := unix.NsecToTimespec(ahead.Nanoseconds())
				unix.Nanosleep(&pause, nil) // the rate is what is tested
			}
		}
		over.Store(true)
		<-done
		lost := l.tap.Stats().KernelDrops
		l.finish()
		c := out.Counters()
		t.Logf("%d calls in %v, %d frames lost; %+v", len(l.found.Calls), time.Since(began).Round(time.Millisecond), lost, c)
		if lost > 0 || len(l.found.Calls) != stuckCalls {
			t.Errorf("got %d frames lost and %d calls of %d", lost, len(l.found.Calls), stuckCalls)
		}
		if c.Done != 0 || c.Queued < objects.points || c.Queued != c.Waiting+c.Lost {
			t.Errorf("got %+v of %d objects, want each waiting or counted", c, objects.points)
		}
	})
	stop()
}

// made counts the objects that have no budget.
type made struct{ points uint64 }

func (m *made) Put(o record.Object) error {
	switch o := o.(type) {
	case *record.Call:
		if !o.Answer.IsZero() {
			m.points++
		}
	case *record.Alert:
		m.points++
	}
	return nil
}
