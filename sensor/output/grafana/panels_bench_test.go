package grafana

import (
	"bytes"
	"fmt"
	"math"
	"testing"
	"time"

	"tollwatch/sensor/output/influx/influxtest"
	"tollwatch/sensor/output/points"
	"tollwatch/sensor/output/pointstest"
)

// BenchmarkPanels asks all that a dashboard asks when it is opened or refreshed, of a
// provider with 200 sites and a day of their heartbeats and traffic: Sites of all, the
// others of one site. Beside the time it says which panel was the slowest.
func BenchmarkPanels(b *testing.B) {
	s := influxd(b)
	provider(b, s, 200)
	for _, board := range boards() {
		d := board.in(InfluxQL)
		b.Run(board.file(), func(b *testing.B) {
			v := view{pointstest.Noon.Add(-24 * time.Hour), pointstest.Noon, 2 * time.Minute, map[string][]string{"site": {"site-7"}}, false}
			if board.uid == sitesUID {
				v.chosen = nil
			}
			slowest := time.Duration(0)
			for b.Loop() {
				for _, p := range d.Panels {
					for _, target := range p.Targets {
						started := time.Now()
						v.ask(b, s, target)
						slowest = max(slowest, time.Since(started))
					}
				}
			}
			b.ReportMetric(slowest.Seconds(), "slowest-s")
		})
	}
}

// provider writes a day of many sites.
func provider(b *testing.B, s *influxtest.Server, sites int) {
	var batch bytes.Buffer
	add := func(line []byte, err error) {
		if err != nil {
			b.Fatal(err)
		}
		batch.Write(line)
		batch.WriteByte('\n')
	}
	for site := range sites {
		e := points.NewEncoder(points.Identity{Site: fmt.Sprint("site-", site), Customer: fmt.Sprint("c-", site%20), Sensor: fmt.Sprintf("s%03d", site), View: "lan", Primary: true})
		for i := range 8640 {
			at := pointstest.Noon.Add(time.Duration(i-8640) * 10 * time.Second)
			add(e.Encode(&points.Sensor{Time: at, Version: "1", Uptime: time.Duration(i) * 10 * time.Second, Frames: uint64(i) * 1000, TLSShare: 0.1, Primary: true, Warmup: 1}))
			add(e.Encode(&points.Traffic{Time: at, Calls: i % 7, CallsPeak: i % 9, Attempts: 1, Ended: 1, Answered: 1, UsualCalls: 3, SpentTodayEUR: float64(i), UsualDayEUR: math.NaN()}))
			if batch.Len() > 4<<20 {
				pointstest.Send(b, s, batch.Bytes())
				batch.Reset()
			}
		}
	}
	pointstest.Send(b, s, batch.Bytes())
}
