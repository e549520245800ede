package influx

import (
	"strings"
	"testing"
	"time"

	"github.com/influxdata/influxdb-client-go/v2/api/write"

	"tollwatch/sensor/output/mask"
	"tollwatch/sensor/output/points"
)

// BenchmarkClientPoint is what the library's own point costs for the tags and
// fields of a call, beside BenchmarkOurPoint.
func BenchmarkClientPoint(b *testing.B) {
	c := cayman(1)
	b.ReportAllocs()
	for b.Loop() {
		p := write.NewPoint("call", map[string]string{"customer": lyon.Customer, "sensor": lyon.Sensor, "site": lyon.Site, "view": lyon.View,
			"trunk": c.Trunk, "direction": c.Direction, "dest_class": c.Class, "dest_country": c.Country, "state": c.State},
			map[string]any{"call_id": c.ID, "call_group": c.Group, "extension": c.Extension, "number": c.Number, "range": c.Number[:8], "status": c.Status,
				"attempts": c.Attempts, "duration": c.Duration.Seconds(), "pdd": c.Ringing.Seconds(), "one_way": 0, "cost_eur": c.CostEUR, "score": c.Score, "mos": c.MOS}, c.End)
		write.PointToLineProtocol(p, time.Nanosecond)
	}
}

func BenchmarkOurPoint(b *testing.B) {
	id := lyon
	id.Mask = mask.Full
	e, c := points.NewEncoder(id), cayman(1)
	b.ReportAllocs()
	for b.Loop() {
		c.End = c.End.Add(time.Millisecond) // as calls end
		if line, err := e.Encode(c); err != nil || len(line) == 0 {
			b.Fatal(err)
		}
	}
}

// TestBothPointsSayTheSame, or the two benchmarks compare nothing.
func TestBothPointsSayTheSame(t *testing.T) {
	line, err := points.NewEncoder(lyon).Encode(cayman(1))
	if err != nil {
		t.Fatal(err)
	}
	series, values, _ := strings.Cut(strings.NewReplacer(`\,`, "", `\ `, "").Replace(string(line)), " ")
	tags, fields := strings.Count(series, ","), strings.Count(values, ",")+1
	if tags != 9 || fields != 13 {
		t.Errorf("got %d tags and %d fields, want 9 and 13 as in BenchmarkClientPoint", tags, fields)
	}
}
