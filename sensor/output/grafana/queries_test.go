package grafana

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"tollwatch/sensor/output/influx/influxtest"
)

// TestHandInfluxQL: every panel has rows, of the columns that it shows.
func TestHandInfluxQL(t *testing.T) {
	s := influxtest.Influxd(t)
	s.InfluxQL(t, "", "CREATE DATABASE "+database)
	send(t, s, hand(t))
	v := view{noon.Add(-time.Hour), noon.Add(time.Second), 10 * time.Second, map[string][]string{"incident": {"20261127-113000-abcd"}}}
	for _, chosen := range []map[string][]string{nil, {"customer": {"Martin"}, "site": {awkward}, "sensor": {"aaaa", "bbbb"}, "trunk": {"trunk-1"}}} {
		v.chosen = maps.Clone(chosen)
		if v.chosen == nil {
			v.chosen = map[string][]string{}
		}
		v.chosen["incident"] = []string{"20261127-113000-abcd"}
		for _, b := range boards() {
			for _, p := range b.in(InfluxQL).Panels {
				t.Run(fmt.Sprintf("%s/%s/%d", b.uid, p.Title, len(chosen)), func(t *testing.T) {
					for _, target := range p.Targets {
						answer, err := s.AskInfluxQL(database, v.influx(target.Query))
						if err != nil {
							t.Fatal(err)
						}
						if testing.Verbose() {
							t.Logf("%.300v", answer)
						}
						if err := p.shape(target, answer); err != nil {
							t.Errorf("%s: %v\n%v", v.influx(target.Query), err, answer)
						}
					}
				})
			}
		}
	}
}

// shape is what an answer must be for a panel to show it: at least one row, and a
// value in each column that is shown.
func (p Panel) shape(target Target, answer []influxtest.Series) error {
	if len(answer) == 0 {
		return fmt.Errorf("no rows")
	}
	filled := map[string]bool{}
	for _, s := range answer {
		for tag := range s.Tags {
			filled[tag] = true
		}
		for _, row := range s.Rows {
			for i, value := range row {
				filled[s.Columns[i]] = filled[s.Columns[i]] || value != nil
			}
		}
	}
	for _, column := range answer[0].Columns {
		if !filled[column] {
			return fmt.Errorf("nothing in column %s", column)
		}
	}
	if strings.Contains(target.Alias, "$tag_") {
		for word := range strings.FieldsSeq(target.Alias) {
			if tag, ok := strings.CutPrefix(word, "$tag_"); ok && !filled[tag] {
				return fmt.Errorf("no tag %s", tag)
			}
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
