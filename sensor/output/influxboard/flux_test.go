package influxboard

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tollwatch/sensor/livetest"
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
	return imports + fmt.Sprintf("option now = () => %[1]s\noption v = {bucket: %[2]q, alerts: %[7]q, site: %[3]q, incident: %[4]q, timeRangeStart: %[5]s, timeRangeStop: %[6]s, windowPeriod: 1m}\n", at(to),
		pointstest.Database+"/autogen", site, incident, at(from), at(to), pointstest.Alerts+"/autogen") + flux
}

func TestMain(m *testing.M) { livetest.Main(m) }

func influxd(t *testing.T) *influxtest.Server {
	s := influxtest.Influxd(t, influxtest.Flux())
	s.InfluxQL(t, "", "CREATE DATABASE "+pointstest.Database+"; CREATE DATABASE "+pointstest.Alerts)
	return s
}

// TestHand: every cell and every variable has rows, of the columns that it shows.
func TestHand(t *testing.T) {
	s := influxd(t)
	pointstest.SendApart(t, s, pointstest.Hand(t))
	from, to := pointstest.Noon.Add(-time.Hour), pointstest.Noon.Add(time.Second)
	for _, site := range []string{"*", pointstest.Awkward} {
		cells(t, func(b board, c cell) {
			answer := s.Flux(t, asked(c.flux, site, pointstest.Incident, from, to))
			if missing := c.missing(answer); len(missing) > 0 {
				t.Errorf("%s, %s: no %v\n%s\n%.400v", b.name, c.name, missing, c.flux, answer)
				return
			}
			if want := figures[c.name]; want != "" && c.kind == "Single_Stat" && site == "*" && value(answer[0], "_value", 0) != want {
				t.Errorf("%s says %s, want %s", c.name, value(answer[0], "_value", 0), want)
			}
		})
		for _, v := range variables {
			if answer := s.Flux(t, asked(v.flux, site, pointstest.Incident, from, to)); len(answer) == 0 || value(answer[0], "_value", 0) == "" {
				t.Errorf("variable %s has nothing to choose: %v", v.name, answer)
			}
		}
	}
}

// cells are all that ask.
func cells(t *testing.T, run func(board, cell)) {
	for _, b := range boards() {
		for _, c := range b.cells {
			if c.flux != "" {
				run(b, c)
			}
		}
	}
}

// notInExample is what the example and one heartbeat beside it do not have.
var notInExample = map[string]string{
	"Sensors tls_share":                      "no TLS passed",
	"Sensors clock_offset":                   "the server has not answered before the first heartbeat",
	"Frames lost a second, by sensor _value": "one heartbeat has no rate",
}

// TestExample: the same of what the real program wrote; the incident with its money
// and its reasons.
func TestExample(t *testing.T) {
	s := influxd(t)
	id := pointstest.Play(t, s, func() bool { return len(s.InfluxQL(t, pointstest.Database, "SELECT uptime FROM sensor")) > 0 })
	met := map[string]bool{}
	cells(t, func(b board, c cell) {
		from, to := pointstest.ExampleBegins, pointstest.ExampleEnds
		if strings.Contains(c.flux, `"sensor" and`) { // heartbeats are of now
			from, to = time.Now().Add(-time.Hour), time.Now().Add(time.Minute)
		}
		answer := s.Flux(t, asked(c.flux, "lyon", id, from, to))
		for _, column := range c.missing(answer) {
			met[c.name+" "+column] = true
			if notInExample[c.name+" "+column] == "" {
				t.Errorf("%s, %s: no %s\n%s\n%.400v", b.name, c.name, column, c.flux, answer)
			}
		}
		if c.name != "Incidents" {
			return
		}
		money, err := strconv.ParseFloat(value(answer[0], "spent_eur", 0), 64)
		if value(answer[0], "incident", 0) != id || !strings.Contains(value(answer[0], "text", 0), "call at once from extension 214") || err != nil || money <= 0 {
			t.Errorf("got %v, want the theft, its money and its reasons", answer[0].Rows[0])
		}
	})
	for name, why := range notInExample {
		if !met[name] {
			t.Errorf("%s is there, and is listed as absent: %s", name, why)
		}
	}
}

// figures are what numbers say of that hour: two sensors of a site count once, and one
// is silent.
var figures = map[string]string{"Critical incidents open": "2", "Silent sensors": "1", "Spent today": "658", "Calls now": "10", "Lost": "4", "An hour costs": "240"}

// missing are the columns that a cell shows and an answer has not.
func (c cell) missing(answer []influxtest.Series) (out []string) {
	columns := c.columns
	if columns == nil {
		columns = []string{"_value"}
	}
	if c.kind == "Single_Stat" && len(answer) > 0 && (len(answer) != 1 || len(answer[0].Rows) != 1) {
		return []string{"single number"}
	}
	for _, column := range columns {
		if !slices.ContainsFunc(answer, func(s influxtest.Series) bool { return value(s, column, 0) != "" }) {
			out = append(out, column)
		}
	}
	return out
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
