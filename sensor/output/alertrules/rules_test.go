package alertrules

import (
	"bytes"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tollwatch/sensor/output/influx/influxtest"
	"tollwatch/sensor/output/points"
	"tollwatch/sensor/output/pointstest"
)

var eleven = time.Date(2026, 11, 27, 11, 0, 0, 0, time.UTC)

func clock(hour, minute int) time.Time {
	return eleven.Add(time.Duration(hour-11)*time.Hour + time.Duration(minute)*time.Minute)
}

// within tells whether a time lies between two of the clock.
func within(t time.Time, from, to time.Time) bool { return !t.Before(from) && t.Before(to) }

// written is a line and its time.
type written struct {
	at   time.Time
	line string
}

// day is what ten sensors of ten sites wrote from eleven to one: s3 is silent from
// 11:20 to 11:40, seven of them from 12:00 to 12:10; at 12:30 two sites are robbed and
// four have trouble with their trunk; from 12:45 on s8 is in a bad way.
func day(t testing.TB) (all []written) {
	add := func(at time.Time) func([]byte, error) {
		return func(line []byte, err error) {
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, written{at, string(line) + "\n"})
		}
	}
	for i := range 10 {
		e := points.NewEncoder(points.Identity{Customer: "c", Site: fmt.Sprintf("site-%d", i), Sensor: fmt.Sprintf("s%d", i), View: "lan", Primary: true})
		for at := eleven; at.Before(clock(13, 0)); at = at.Add(10 * time.Second) {
			if i == 3 && within(at, clock(11, 20), clock(11, 40)) || i < 7 && within(at, clock(12, 0), clock(12, 10)) {
				continue
			}
			n := uint64(at.Sub(eleven) / (10 * time.Second))
			s := points.Sensor{Time: at, Version: "1", Uptime: at.Sub(eleven), Frames: 1000 * n, ClockOffset: 0.1, TLSShare: math.NaN()}
			if i == 8 && !at.Before(clock(12, 45)) {
				bad := n - 630
				s.SpoolAge, s.ClockOffset, s.InterfacesDown, s.Lost, s.PointsRefused, s.PointsLost = 15*time.Minute, -30, 1, 5*bad, bad, bad
			}
			add(at)(e.Encode(&s))
		}
		scheme := []string{"toll_fraud", "toll_fraud", "trunk", "trunk", "trunk", "trunk", "", "", "", ""}[i]
		for minute := 30; scheme != "" && minute <= 34; minute++ {
			at := clock(12, minute)
			add(at)(e.Encode(&points.Alert{Incident: fmt.Sprint("i", i), Event: "updated", Time: at, Level: "critical", Scheme: scheme, Rule: "rate", Open: minute < 34, SpentEUR: 5}))
		}
	}
	return all
}

// moments are what fires, as rule and sensor or site, and how many notifications that
// is.
var moments = []struct {
	name          string
	at            time.Time
	fires         []string
	notifications int
}{
	{"all is well", clock(11, 15), nil, 0},
	{"one is silent", clock(11, 25), []string{"Sensor silent s3"}, 1},
	{"it is back", clock(11, 45), nil, 0},
	{"a provider is down", clock(12, 5), []string{"Many sensors silent"}, 1},
	{"all are back", clock(12, 15), nil, 0},
	{"two thefts, and an operator in trouble", clock(12, 32), []string{"Incident open site-0", "Incident open site-1", "Trunk or sensor in trouble site-2",
		"Trunk or sensor in trouble site-3", "Trunk or sensor in trouble site-4", "Trunk or sensor in trouble site-5"}, 3},
	{"over", clock(12, 38), nil, 0},
	{"one is in a bad way", clock(12, 59), []string{"Clock wrong s8", "Frames lost s8", "Interface down s8", "Points refused or lost s8", "Points wait s8"}, 5},
	{"nothing for days", clock(13, 0).Add(72 * time.Hour), []string{"Many sensors silent"}, 1},
}

// TestInfluxQL evaluates every rule on a real InfluxDB through that day.
func TestInfluxQL(t *testing.T) {
	s := influxtest.Influxd(t)
	s.InfluxQL(t, "", "CREATE DATABASE "+pointstest.Database)
	through(t, s, func(r rule, at time.Time) []influxtest.Series { return r.influx(t, s, at, pointstest.Database) })
}

// TestMetricsQL does so on a real VictoriaMetrics.
func TestMetricsQL(t *testing.T) {
	s := influxtest.Victoria(t)
	through(t, s, func(r rule, at time.Time) []influxtest.Series { return s.PromQL(t, r.metrics, at) })
}

// through has the sensors write on to each moment: a server's now() knows no future.
func through(t *testing.T, s *influxtest.Server, firing func(rule, time.Time) []influxtest.Series) {
	all, sent := day(t), eleven
	for _, m := range moments {
		var batch bytes.Buffer
		for _, w := range all {
			if within(w.at, sent, m.at) {
				batch.WriteString(w.line)
			}
		}
		pointstest.Send(t, s, batch.Bytes())
		sent = m.at
		var got []string
		notifications := map[string]bool{}
		for _, r := range rules() {
			for _, series := range firing(r, m.at) {
				about := series.Tags["sensor"]
				if about == "" {
					about = series.Tags["site"]
				}
				got = append(got, strings.TrimSpace(r.title+" "+about))
				key := r.title
				for _, label := range labels[r.group] {
					key += "/" + series.Tags[label]
				}
				notifications[key] = true
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(m.fires, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", m.name, diff)
		}
		if len(notifications) != m.notifications {
			t.Errorf("%s: got notifications %v, want %d", m.name, slices.Sorted(maps.Keys(notifications)), m.notifications)
		}
	}
}

// influx is what Grafana does with the queries of a rule: the last value of each
// series, and the expression for each series of the first.
func (r rule) influx(t *testing.T, s *influxtest.Server, at time.Time, alerts string) (fires []influxtest.Series) {
	t.Helper()
	var answers [][]influxtest.Series
	for _, q := range r.asks {
		database := pointstest.Database
		if sourceOf(q, "influxdb") == dataSource["influxdb"].alerts {
			database = alerts
		}
		answers = append(answers, s.InfluxQL(t, database, strings.ReplaceAll(q, "now()", fmt.Sprintf("%dms", at.UnixMilli()))))
	}
	if len(answers[0]) == 0 && r.silence == "Alerting" {
		return []influxtest.Series{{}}
	}
	for _, series := range answers[0] {
		values := map[string]float64{"A": last(t, series)}
		for i, answer := range answers[1:] {
			for _, other := range answer {
				if len(other.Tags) == 0 || maps.Equal(other.Tags, series.Tags) {
					values[string(rune('B'+i))] = last(t, other)
				}
			}
		}
		if evaluate(t, r.when, values) != 0 {
			fires = append(fires, series)
		}
	}
	return fires
}

func last(t *testing.T, s influxtest.Series) float64 {
	t.Helper()
	var x float64
	row := s.Rows[len(s.Rows)-1]
	if _, err := fmt.Sscan(fmt.Sprint(row[1]), &x); err != nil || len(row) != 2 {
		t.Fatalf("%v is no time and number: %v", row, err)
	}
	return x
}
