package influxboard

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"tollwatch/sensor/output/influx/influxtest"
	"tollwatch/sensor/output/pointstest"
)

// asked is a query as InfluxDB 2's pages send it: with what was chosen, in v.
func asked(flux, site, incident string, from, to time.Time) string {
	imports := ""
	if strings.HasPrefix(flux, "import") {
		line, rest, _ := strings.Cut(flux, "\n")
		imports, flux = line+"\n", rest
	}
	at := func(t time.Time) string { return t.UTC().Format(time.RFC3339) }
	// 1.8 calls a bucket by its database and its retention.
	return imports + fmt.Sprintf("option now = () => %[1]s\noption v = {bucket: %[2]q, alerts: %[2]q, site: %[3]q, incident: %[4]q, timeRangeStart: %[5]s, timeRangeStop: %[6]s, windowPeriod: 1m}\n", at(to),
		pointstest.Database+"/autogen", site, incident, at(from), at(to)) + flux
}

// TestHand: every cell and every variable has rows, of the columns that it shows.
func TestHand(t *testing.T) {
	s := influxtest.Influxd(t, influxtest.Flux())
	s.InfluxQL(t, "", "CREATE DATABASE "+pointstest.Database)
	pointstest.Send(t, s, pointstest.Hand(t))
	from, to := pointstest.Noon.Add(-time.Hour), pointstest.Noon.Add(time.Second)
	for _, site := range []string{"*", pointstest.Awkward} {
		for _, b := range boards() {
			for _, c := range b.cells {
				if c.flux == "" {
					continue
				}
				answer := s.Flux(t, asked(c.flux, site, pointstest.Incident, from, to))
				if err := c.shape(answer); err != nil {
					t.Errorf("%s, %s: %v\n%s\n%.400v", b.name, c.name, err, c.flux, answer)
					continue
				}
				if want := figures[c.name]; want != "" && c.kind == "Single_Stat" && site == "*" && value(answer[0], "_value", 0) != want {
					t.Errorf("%s says %s, want %s", c.name, value(answer[0], "_value", 0), want)
				}
			}
		}
		for _, v := range variables {
			if answer := s.Flux(t, asked(v.flux, site, pointstest.Incident, from, to)); len(answer) == 0 || value(answer[0], "_value", 0) == "" {
				t.Errorf("variable %s has nothing to choose: %v", v.name, answer)
			}
		}
	}
}

// figures are what numbers say of that hour: two sensors of a site count once, and one
// is silent.
var figures = map[string]string{"Critical incidents open": "2", "Silent sensors": "1", "Spent today": "658", "Calls now": "10", "Lost": "4", "An hour costs": "240"}

func (c cell) shape(answer []influxtest.Series) error {
	if len(answer) == 0 || len(answer[0].Rows) == 0 {
		return fmt.Errorf("no rows")
	}
	columns := c.columns
	if columns == nil {
		columns = []string{"_value"}
	}
	if c.kind == "Xy" {
		columns = append(columns, "_time")
	}
	for _, column := range columns {
		if !slices.ContainsFunc(answer, func(s influxtest.Series) bool { return value(s, column, 0) != "" }) {
			return fmt.Errorf("nothing in column %s of %v", column, answer[0].Columns)
		}
	}
	if c.kind == "Single_Stat" && (len(answer) != 1 || len(answer[0].Rows) != 1) {
		return fmt.Errorf("more than one number")
	}
	return nil
}

func value(s influxtest.Series, column string, row int) string {
	if at := slices.Index(s.Columns, column); at >= 0 {
		return fmt.Sprint(s.Rows[row][at])
	}
	return ""
}

// TestCommitted: what is committed is what is generated.
func TestCommitted(t *testing.T) {
	want, err := Template()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../../packaging/influxdb/tollwatch.yml")
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("packaging/influxdb/tollwatch.yml is not what the code says: make generate: %v", err)
	}
}

// TestPlaces: no cell lies on another.
func TestPlaces(t *testing.T) {
	for _, b := range boards() {
		taken := map[[2]int]string{}
		for _, c := range b.charts() {
			for x := c.XPos; x < c.XPos+c.Width; x++ {
				for y := c.YPos; y < c.YPos+c.Height; y++ {
					if other := taken[[2]int{x, y}]; other != "" || x >= pageWidth {
						t.Fatalf("%s lies on %q", c.Name, other)
					}
					taken[[2]int{x, y}] = c.Name
				}
			}
		}
	}
}
