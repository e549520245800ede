package grafana

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tollwatch/sensor/output/influx/influxtest"
	"tollwatch/sensor/output/pointstest"
)

// handViews are all sites, and one with a name that is hard to ask for.
var handViews = map[string]view{
	"all": {pointstest.Noon.Add(-time.Hour), pointstest.Noon.Add(time.Second), 10 * time.Second, map[string][]string{"incident": {pointstest.Incident}}},
	"one": {pointstest.Noon.Add(-time.Hour), pointstest.Noon.Add(time.Second), time.Minute, map[string][]string{"incident": {pointstest.Incident},
		"customer": {"Martin"}, "site": {pointstest.Awkward}, "sensor": {"aaaa", "bbbb"}, "trunk": {"trunk-1"}}},
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

// panels asks what every panel and every variable asks. Those that have no rows here
// are named in empty, with the reason.
func (v view) panels(t *testing.T, s *influxtest.Server, l Language, empty map[string]string) {
	for _, b := range boards() {
		d := b.in(l)
		for _, p := range d.Panels {
			t.Run(b.file()+"/"+p.Title, func(t *testing.T) {
				for _, target := range p.Targets {
					answer, asked := v.ask(t, s, target)
					err := p.shape(target, answer)
					why := empty[b.file()+"/"+p.Title+"/"+target.RefID]
					if err != nil && why == "" {
						t.Errorf("%s: %v\n%.300v", asked, err, answer)
					}
					if err == nil && why != "" {
						t.Errorf("%s has rows, and is listed as one that has none: %s", target.RefID, why)
					}
				}
			})
		}
		if l == InfluxQL {
			v.variables(t, s, d)
		}
	}
}

// ask is what Grafana does for one query.
func (v view) ask(t testing.TB, s *influxtest.Server, target Target) ([]influxtest.Series, string) {
	t.Helper()
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

// shape is what an answer must be for a panel to show it: at least one row, each
// column that a table keeps, and a value in each column.
func (p Panel) shape(target Target, answer []influxtest.Series) error {
	if len(answer) == 0 || len(answer[0].Rows) == 0 {
		return fmt.Errorf("no rows")
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
	need := slices.Clone(answer[0].Columns)
	for word := range strings.FieldsSeq(strings.NewReplacer("{{", "$tag_", "}}", "").Replace(target.Alias + " " + target.LegendFormat)) {
		if tag, ok := strings.CutPrefix(word, "$tag_"); ok {
			need = append(need, tag)
		}
	}
	if len(p.Targets) == 1 {
		for _, name := range p.columnsOf() {
			need = append(need, strings.Replace(name, "Value", "value", 1))
		}
	}
	for _, name := range need {
		if !filled[name] {
			return fmt.Errorf("nothing in column %s", name)
		}
	}
	return nil
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
