package sensor

import (
	"math"
	"time"

	"tollwatch/detect"
	"tollwatch/detect/rules"
	"tollwatch/sensor/output/points"
)

// heartbeat is how often a point of the sensor itself is made.
const heartbeat = 10 * time.Second

// sendHeartbeat makes one, when it is time.
func (s *Sensor) sendHeartbeat(now *State) {
	if s.influx == nil || now.At.Sub(s.beaten) < heartbeat {
		return
	}
	s.beaten = now.At
	s.influx.Put(s.heartbeat(now)) // never fails
}

func (s *Sensor) heartbeat(now *State) *points.Sensor {
	p := &points.Sensor{
		Time: now.At, Version: s.version, Backend: string(now.Backend), RulesVersion: rules.Version, Uptime: now.At.Sub(s.started),
		Primary: s.cfg.Site.Primary, Warmup: now.Detect.Warmup, InterfacesDown: len(now.Capture.Down),
		Frames: now.Books.Frames, Bytes: now.Books.Bytes, Decoded: now.Books.Decoded, Lost: now.Capture.KernelDrops, LostByCard: now.Card,
		Ignored: sum(now.Books.Ignored), Malformed: sum(now.Books.Malformed), Dropped: sum(now.Books.Dropped),
		Calls: now.Detect.LiveCalls, Incidents: now.open(), TLSShare: math.NaN(),
		CPU: s.process.cores(now.At), MemoryBytes: resident(),
		ClockOffset: math.NaN(),
	}
	copy(p.ByLevel[:], now.Detect.OpenIncidents[detect.Notice:])
	if now.Books.TLS != nil {
		p.TLSShare = now.Books.TLS.Share
	}
	if s.influx != nil {
		s.ofTheWay(p)
	}
	return p
}

// ofTheWay adds how the points before this one fare.
func (s *Sensor) ofTheWay(p *points.Sensor) {
	c := s.influx.Counters()
	p.SpoolBytes, p.SpoolPoints, p.SpoolAge = c.Bytes, c.Waiting, c.Age
	p.PointsLost, p.PointsRefused, p.PointsOverBudget = c.Lost+c.Evicted, c.Reject, s.points.OverBudget()
	if offset, known := s.influx.ClockOffset(); known {
		p.ClockOffset = offset.Seconds()
	}
}

// open is how many incidents there are.
func (s *State) open() (n int) {
	for _, level := range s.Detect.OpenIncidents {
		n += level
	}
	return n
}
