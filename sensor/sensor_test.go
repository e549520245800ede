package sensor

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"tollwatch/sensor/capture"
	"tollwatch/sensor/config"
	"tollwatch/sensor/output/points"
)

// opened is a sensor that listens to capture agents alone, as its configuration
// builds it; its capture does not run.
func opened(t *testing.T, cfg config.Config, log io.Writer) *Sensor {
	t.Helper()
	cfg.Capture.Interfaces, cfg.HEP.Listen, cfg.HTTP.Listen = nil, "127.0.0.1:0", ""
	s, err := New(cfg, "test", slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.open(); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestPointsWaitOnDisk: what a sensor could not bring to its server, the next one on
// the same folder finds.
func TestPointsWaitOnDisk(t *testing.T) {
	cfg := config.Default()
	cfg.Store.Dir, cfg.Influx.URL, cfg.Influx.Bucket = t.TempDir(), "http://127.0.0.1:1", "tollwatch"
	for found := range uint64(2) {
		s := opened(t, cfg, io.Discard)
		s.influx.Put(&points.Sensor{Time: time.Now()})
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		stopped := make(chan error)
		go func() { stopped <- s.influx.Run(ctx) }()
		for s.influx.Counters().Batches <= found && ctx.Err() == nil {
			time.Sleep(time.Millisecond)
		}
		cancel()
		<-stopped
		if c := s.influx.Counters(); c.Found != found || c.Waiting != found+1 || c.Lost != 0 {
			t.Errorf("got %+v, want %d points found and one more waiting", c, found)
		}
		s.close()
	}
	cfg.Influx.URL = ""
	var log bytes.Buffer
	s := opened(t, cfg, &log)
	s.announce()
	s.close()
	if strings.Contains(log.String(), "points go to") || !strings.Contains(log.String(), "a spool is left") {
		t.Errorf("got %q of a sensor without a server, want a word of the points that wait", &log)
	}
}

// TestTheStartSaysWherePointsGo, and that nothing was refused by not speaking of it.
func TestTheStartSaysWherePointsGo(t *testing.T) {
	cfg := config.Default()
	cfg.Store.Dir, cfg.Influx.URL, cfg.Influx.Bucket = t.TempDir(), "http://127.0.0.1:1", "calls"
	for alerts, want := range map[string]string{"": "bucket_alerts=calls\n", "alerts": "bucket_alerts=alerts\n"} {
		var log bytes.Buffer
		cfg.Influx.BucketAlerts = alerts
		s := opened(t, cfg, &log)
		s.source.taps = whole{}
		s.announce()
		s.source.taps = nil
		s.close()
		if !strings.Contains(log.String(), `msg="points go to InfluxDB" url=http://127.0.0.1:1 bucket=calls `+want) ||
			!strings.Contains(log.String(), "capture started") || strings.Contains(log.String(), "refused") {
			t.Errorf("got %s, want the server and %s", &log, want)
		}
	}
}

// whole is a tap that got the best back-end.
type whole struct{ capture.Tap }

func (whole) Backend() (capture.Backend, capture.Refusals) { return capture.EBPF, nil }
