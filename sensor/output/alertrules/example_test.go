package alertrules

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tollwatch/sensor/livetest"
	"tollwatch/sensor/output/influx/influxtest"
	"tollwatch/sensor/output/pointstest"
)

func TestMain(m *testing.M) { livetest.Main(m) }

// TestExample: of what the real program wrote, the theft fires while it is open; now
// that it is long over, and a sensor is there, nothing does.
func TestExample(t *testing.T) {
	t.Run("influxdb", func(t *testing.T) {
		s := influxtest.Influxd(t)
		s.InfluxQL(t, "", "CREATE DATABASE "+pointstest.Database+"; CREATE DATABASE "+pointstest.Alerts)
		pointstest.Play(t, s, func() bool { return len(s.InfluxQL(t, pointstest.Database, "SELECT uptime FROM sensor")) > 0 })
		example(t, func(r rule, at time.Time) []influxtest.Series { return r.influx(t, s, at, pointstest.Alerts) })
	})
	t.Run("victoriametrics", func(t *testing.T) {
		s := influxtest.Victoria(t)
		pointstest.Play(t, s, func() bool { return len(s.PromQL(t, "sensor_uptime", time.Now())) > 0 })
		example(t, func(r rule, at time.Time) []influxtest.Series { return s.PromQL(t, r.metrics, at) })
	})
}

func example(t *testing.T, firing func(rule, time.Time) []influxtest.Series) {
	t.Helper()
	at := func(when time.Time, all []rule) (titles []string) {
		for _, r := range all {
			for _, series := range firing(r, when) {
				titles = append(titles, r.title+" "+series.Tags["customer"]+" "+series.Tags["site"]+" "+series.Tags["scheme"])
			}
		}
		slices.Sort(titles)
		return titles
	}
	if diff := cmp.Diff([]string{"Incident open martin lyon toll_fraud"}, at(pointstest.ExampleEnds, incidents())); diff != "" {
		t.Errorf("at the theft: (-want +got)\n%s", diff)
	}
	if got := at(time.Now(), rules()); got != nil {
		t.Errorf("now: got %q, want nothing", got)
	}
}
