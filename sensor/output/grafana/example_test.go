package grafana

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"tollwatch/sensor/livetest"
	"tollwatch/sensor/output/influx/influxtest"
	"tollwatch/sensor/output/pointstest"
)

func TestMain(m *testing.M) { livetest.Main(m) }

// theft is the example's: an office's day, and what came in its night.
var theft = view{pointstest.ExampleBegins, pointstest.ExampleEnds, time.Minute, map[string][]string{"site": {"lyon"}, "customer": {"martin"}}, true}

// notInExample are the fields that the example and one heartbeat beside it do not
// have, with the reason; the points by hand have them all.
var notInExample = map[string]string{
	"traffic.calls_usual":      "a day teaches nothing of a week",
	"traffic.usual_day_eur":    "a day teaches nothing of a usual one",
	"alert.usual_eur_per_hour": "a day teaches nothing of a usual hour",
	"alert.acknowledged_by":    "nobody was there",
	"call.one_way":             "both sides of every call are heard",
	"sensor.backend":           "it listens to agents alone",
	"sensor.tls_share":         "no TLS passed",
	"sensor.clock_offset":      "the server has not answered before the first heartbeat",
	"sensor.cpu":               "it is of the time since the heartbeat before",
	"sensor.frames":            noRate, "sensor.lost": noRate, "sensor.lost_by_card": noRate, "sensor.dropped": noRate, "sensor.malformed": noRate,
	"sensor.points_lost": noRate, "sensor.points_refused": noRate, "sensor.points_over_budget": noRate,
}

const noRate = "one heartbeat has no rate"

// TestExample: an installer plays the example and starts a sensor, and every panel
// has rows of what the two wrote; the incident, its money and its reasons among them.
func TestExample(t *testing.T) {
	t.Run("influxdb", func(t *testing.T) {
		s := influxd(t)
		id := pointstest.Play(t, s, func() bool { return len(s.InfluxQL(t, pointstest.Database, "SELECT uptime FROM sensor")) > 0 })
		theft.chosen["incident"] = []string{id}
		theft.panels(t, s, InfluxQL, notInExample)
		for _, panel := range []string{"sites.json/Incidents of all sites", "site.json/Incidents", "incident.json/Changes"} {
			tells(t, s, panel, id)
		}
	})
	t.Run("victoriametrics", func(t *testing.T) {
		s := influxtest.Victoria(t)
		pointstest.Play(t, s, func() bool { return len(s.PromQL(t, "sensor_uptime", time.Now())) > 0 })
		theft.panels(t, s, MetricsQL, notInExample)
	})
}

// tells holds the rows of a table against the theft: its id where the rows are of
// several, money, and the reasons.
func tells(t *testing.T, s *influxtest.Server, panel, id string) {
	t.Helper()
	answer, _ := theft.ask(t, s, panelOf(t, InfluxQL, panel).Targets[0])
	row := map[string]string{}
	for i, column := range answer[0].Columns {
		row[column] = fmt.Sprint(answer[0].Rows[0][i]) // the latest
	}
	if got := row["incident"]; got != id && !strings.HasPrefix(panel, "incident") {
		t.Errorf("%s: got incident %s, want %s", panel, got, id)
	}
	if money, err := strconv.ParseFloat(row["spent_eur"], 64); err != nil || money <= 0 {
		t.Errorf("%s: got money %q, want some", panel, row["spent_eur"])
	}
	for _, want := range []string{"call at once from extension 214", "KY"} {
		if !strings.Contains(row["text"], want) {
			t.Errorf("%s: the reasons %q do not say %q", panel, row["text"], want)
		}
	}
	if row["extension"] != "214" || row["level"] != "critical" || !strings.HasSuffix(row["number"], "****") {
		t.Errorf("%s: got extension %s, level %s, number %s", panel, row["extension"], row["level"], row["number"])
	}
}
