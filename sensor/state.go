package sensor

import (
	"errors"
	"fmt"
	"time"

	"tollwatch/decoder"
	"tollwatch/detect"
	"tollwatch/sensor/capture"
	"tollwatch/sensor/output/influx"
)

// State is the sensor at a glance, for readers in other goroutines: a snapshot
// that nobody changes.
type State struct {
	At      time.Time // wall clock
	Books   decoder.Books
	Capture capture.Stats
	Detect  detect.Snapshot
	Counts  Counts

	Evictions map[string]uint64 // what each table forgot because it was full
}

// publish takes a snapshot. Only the capture loop calls it.
func (s *Sensor) publish() {
	s.state.Store(&State{
		At: time.Now(), Books: s.pipeline.decoder.Books(), Capture: s.source.Stats(),
		Detect: s.engine.Snapshot(), Counts: s.pipeline.Counts(), Evictions: s.pipeline.Evictions(),
	})
}

// beat publishes, and every ten seconds sends the heartbeat.
func (s *Sensor) beat() {
	s.publish()
	now := s.state.Load()
	if s.influx == nil || now.At.Sub(s.beaten) < heartbeat {
		return
	}
	s.beaten = now.At
	open := 0
	for _, n := range now.Detect.OpenIncidents {
		open += n
	}
	s.influx.Sensor(influx.Sensor{
		Time: now.At, Version: s.version, Uptime: now.At.Sub(s.started),
		Frames: now.Books.Frames, Bytes: now.Books.Bytes, Decoded: now.Books.Decoded, Lost: now.Capture.KernelDrops,
		Ignored: sum(now.Books.Ignored), Malformed: sum(now.Books.Malformed), Dropped: sum(now.Books.Dropped),
		Calls: now.Detect.LiveCalls, Incidents: open,
	})
}

func sum(m map[string]uint64) uint64 {
	var n uint64
	for _, v := range m {
		n += v
	}
	return n
}

// Ready implements api.Status: the capture loop turns.
func (s *Sensor) Ready() error {
	now := s.state.Load()
	if now == nil {
		return errors.New("capture has not begun")
	}
	if idle := time.Since(now.At); idle > stalledAfter {
		return fmt.Errorf("the capture loop has not turned for %s", idle.Round(time.Second))
	}
	return nil
}
