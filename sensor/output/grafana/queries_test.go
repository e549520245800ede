package grafana

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tollwatch/sensor/output/influx/influxtest"
	"tollwatch/sensor/output/pointstest"
)

// handViews are all sites, and one with a name that is hard to ask for.
var handViews = map[string]view{
	"all": {pointstest.Noon.Add(-time.Hour), pointstest.Noon.Add(time.Second), 10 * time.Second, map[string][]string{"incident": {pointstest.Incident}}, false},
	"one": {pointstest.Noon.Add(-time.Hour), pointstest.Noon.Add(time.Second), time.Minute, map[string][]string{"incident": {pointstest.Incident},
		"customer": {"Martin"}, "site": {pointstest.Awkward}, "sensor": {"aaaa", "bbbb"}, "trunk": {"trunk-1"}}, false},
}

// TestHandInfluxQL: every panel has rows, of the columns that it shows.
func TestHandInfluxQL(t *testing.T) {
	s := influxd(t)
	pointstest.SendApart(t, s, pointstest.Hand(t))
	for name, v := range handViews {
		t.Run(name, func(t *testing.T) { v.panels(t, s, InfluxQL, nil) })
	}
}

// TestHandMetricsQL: the same of VictoriaMetrics.
func TestHandMetricsQL(t *testing.T) {
	s := influxtest.Victoria(t)
	pointstest.Send(t, s, pointstest.Hand(t))
	for name, v := range handViews {
		t.Run(name, func(t *testing.T) { v.panels(t, s, MetricsQL, nil) })
	}
}

func influxd(t testing.TB) *influxtest.Server {
	s := influxtest.Influxd(t)
	s.InfluxQL(t, "", "CREATE DATABASE "+pointstest.Database+"; CREATE DATABASE "+pointstest.Alerts)
	return s
}

// panels asks what every panel and every variable asks. Fields that are not there are
// named in absent, with the reason.
func (v view) panels(t *testing.T, s *influxtest.Server, l Language, absent map[string]string) {
	met := map[string]bool{}
	for _, b := range boards() {
		d := b.in(l)
		for _, p := range d.Panels {
			t.Run(b.file()+"/"+p.Title, func(t *testing.T) {
				for _, target := range p.Targets {
					answer, asked := v.ask(t, s, target)
					for _, missing := range p.missing(l, target, answer) {
						met[missing] = true
						if absent[missing] == "" {
							t.Errorf("%s: no %s\n%.300v", asked, missing, answer)
						}
					}
				}
			})
		}
		if l == InfluxQL {
			v.variables(t, s, d)
		}
	}
	for field := range absent {
		if !met[field] && l == InfluxQL {
			t.Errorf("%s is there, and is listed as absent: %s", field, absent[field])
		}
	}
}

// ask is what Grafana does for one query.
func (v view) ask(t testing.TB, s *influxtest.Server, target Target) ([]influxtest.Series, string) {
	t.Helper()
	if v.live && heartbeat.MatchString(target.Query+target.Expr) {
		v.from, v.to, v.step = time.Now().Add(-time.Hour), time.Now().Add(20*time.Second), 10*time.Second
	}
	if target.Expr == "" {
		q := v.influx(target.Query)
		return s.InfluxQL(t, databaseOf(target.Datasource), q), q
	}
	q := v.prometheus(target.Expr)
	if target.Instant {
		return s.PromQL(t, q, v.to), q
	}
	return s.PromQLRange(t, q, v.from, v.to, v.step), q
}

var heartbeat = regexp.MustCompile(`FROM "sensor"|sensor_\w+\{`)

// databaseOf is the one that a data source asks.
func databaseOf(source *DataSourceRef) string {
	if source.UID == "${alerts}" {
		return pointstest.Alerts
	}
	return pointstest.Database
}

// variables asks for the values that one may choose; what was chosen is among them.
func (v view) variables(t *testing.T, s *influxtest.Server, d Dashboard) {
	for _, variable := range d.Templating.List {
		if variable.Type != "query" {
			continue
		}
		var values []string
		for _, series := range s.InfluxQL(t, databaseOf(variable.Datasource), v.influx(variable.Query)) {
			for _, row := range series.Rows {
				values = append(values, fmt.Sprint(row[1]))
			}
		}
		for _, chosen := range v.chosen[variable.Name] {
			if !slices.Contains(values, chosen) {
				t.Errorf("%s: %s offers %q, without %q", d.Title, variable.Query, values, chosen)
			}
		}
		if len(values) == 0 {
			t.Errorf("%s: %s offers nothing", d.Title, variable.Query)
		}
	}
}

// missing is what an answer must have for a panel to show it, and has not: a value in
// each column, the columns that a table keeps, the tags that series are named by. They
// are named as the schema does; where there are no rows it is the query's last field.
func (p Panel) missing(l Language, target Target, answer []influxtest.Series) (names []string) {
	fields, _ := fieldsOf(l, target.Query+target.Expr)
	measurement := measurementOf(target)
	if len(answer) == 0 || len(answer[0].Rows) == 0 {
		return []string{measurement + "." + fields[len(fields)-1].Key}
	}
	filled := map[string]bool{"Time": true}
	for _, s := range answer {
		for tag, value := range s.Tags {
			filled[tag] = filled[tag] || value != ""
		}
		for _, row := range s.Rows {
			for i, value := range row {
				filled[s.Columns[i]] = filled[s.Columns[i]] || value != nil
			}
		}
	}
	for _, name := range append(answer[0].Columns, p.wanted(target)...) {
		if !filled[name] {
			names = append(names, measurement+"."+name)
		}
	}
	return names
}

// wanted are the names that a panel takes from an answer.
func (p Panel) wanted(target Target) (names []string) {
	for word := range strings.FieldsSeq(strings.NewReplacer("{{", "$tag_", "}}", "").Replace(target.Alias + " " + target.LegendFormat)) {
		if tag, ok := strings.CutPrefix(word, "$tag_"); ok {
			names = append(names, tag)
		}
	}
	if len(p.Targets) > 1 {
		return names
	}
	for _, name := range p.columnsOf() {
		names = append(names, strings.Replace(name, "Value", "value", 1))
	}
	return names
}

func measurementOf(target Target) string {
	if m := fromWhat.FindStringSubmatch(target.Query); m != nil {
		return m[1]
	}
	return selected.FindStringSubmatch(target.Expr)[1]
}

// columnsOf are the columns that a table keeps of its answers.
func (p Panel) columnsOf() []string {
	for _, tr := range p.Transformations {
		if keep, ok := tr.Options.(filterByName); ok {
			return keep.Include.Names
		}
	}
	return nil
}
