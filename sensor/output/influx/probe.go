package influx

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	client "github.com/influxdata/influxdb-client-go/v2/api/http"

	"tollwatch/sensor/output/points"
)

// probeTime is what all of a probe takes at most.
const probeTime = 10 * time.Second

// Finding is what a real write to one bucket showed.
type Finding struct {
	Bucket    string
	Alerts    bool // it takes the alerts
	Diagnosis      // its Kind is None when the point was written
	Took      time.Duration
	Server    Server
	Retention Retention
}

// Probe writes one point of the measurement check to each bucket, and looks at
// how long the bucket keeps it. It takes ten seconds at most.
func Probe(ctx context.Context, cfg Config, id points.Identity, version string) []Finding {
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	alerts := cmp.Or(cfg.BucketAlerts, cfg.Bucket)
	found := []Finding{{Bucket: cfg.Bucket, Alerts: alerts == cfg.Bucket}}
	if alerts != cfg.Bucket {
		found = append(found, Finding{Bucket: alerts, Alerts: true})
	}
	cfg.Timeout = probeTime
	var all sync.WaitGroup
	for i := range found {
		all.Go(func() { found[i].look(ctx, NewWriter(cfg, found[i].Bucket), id, version) })
	}
	all.Wait()
	return found
}

func (f *Finding) look(ctx context.Context, w *Writer, id points.Identity, version string) {
	begin := time.Now()
	line, err := points.CheckLine(id, &points.Check{Time: begin, Version: version})
	if err == nil {
		err = w.Write(ctx, string(line))
	}
	f.Took = time.Since(begin)
	f.Diagnosis = Examine(err, w.Place())
	if offset, known := w.ClockOffset(); known && offset.Abs() > skewed {
		// Points of a wrong time are refused for being old, which is not what is wrong.
		if f.Kind == None || f.Kind == RefusedPoints {
			f.Diagnosis = ofClocks(offset)
		}
		return
	}
	if f.Kind != None && !answered(err) {
		return // nobody is there to be asked more
	}
	f.Server = w.server(ctx)
	if f.Kind == None && f.Server.Kind != Victoria {
		f.Retention = w.retention(ctx, f.Server)
	}
}

// SameCause says that both buckets have one trouble, which is neither's own. Where
// nobody answers it is one, whatever each of the two requests met.
func (f *Finding) SameCause(other *Finding) bool {
	return f.Kind != None && (f.Diagnosis == other.Diagnosis || f.Kind == Unreachable && other.Kind == Unreachable)
}

func answered(err error) bool {
	var answer *client.Error
	return errors.As(err, &answer) && answer.StatusCode > 0
}

// ofClocks tells of two clocks that differ: ours, and the server's by so much.
func ofClocks(offset time.Duration) Diagnosis {
	than := "ahead of"
	if offset > 0 {
		than = "behind"
	}
	return Diagnosis{Clock, fmt.Sprintf("this machine's clock is %s %s the server's: points lie at the wrong time", offset.Abs(), than), "check NTP (timedatectl)"}
}
