package grafana

import (
	"strings"
	"testing"

	"tollwatch/sensor/output/influx/influxtest"
	"tollwatch/sensor/output/pointstest"
)

// figures are what panels say of the points by hand, in either language: two sensors
// see the same eight calls, and lyon has two more; lyon is silent.
var figures = []struct{ panel, want string }{
	{"sites.json/Open incidents", "2 2 2 2"},
	{"sites.json/Silent sensors", "1"},
	{"sites.json/Spent today", "658 24"},
	{"sites.json/Calls now", "10"},
	{"site.json/Calls now", "10 6"},
	{"site.json/Registered", "30"},
	{"quality.json/Worst MOS", "3"},
	{"quality.json/Loss", "0.1"},
	{"sensor.json/Spool age", "60"},
	{"sensor.json/Clock", "2.5"},
	{"sensor.json/Interfaces down", "1"},
}

// TestFigures: nothing counts twice, and a silent sensor is one.
func TestFigures(t *testing.T) {
	servers := map[Language]*influxtest.Server{InfluxQL: influxd(t), MetricsQL: influxtest.Victoria(t)}
	for l, s := range servers {
		pointstest.Send(t, s, pointstest.Hand(t))
		for _, f := range figures {
			var got []string
			for _, target := range panelOf(t, l, f.panel).Targets {
				answer, _ := handViews["all"].ask(t, s, target)
				got = append(got, influxtest.Text(answer))
			}
			if strings.Join(got, " ") != f.want {
				t.Errorf("%s: %s says %q, want %q", l, f.panel, strings.Join(got, " "), f.want)
			}
		}
	}
}

// panelOf is the first panel of a title.
func panelOf(t *testing.T, l Language, name string) Panel {
	t.Helper()
	for _, b := range boards() {
		for _, p := range b.in(l).Panels {
			if b.file()+"/"+p.Title == name {
				return p
			}
		}
	}
	t.Fatalf("no panel %s in %s", name, l)
	return Panel{}
}
