package sensortest

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"tollwatch/decoder"
	"tollwatch/detect"
	"tollwatch/sensor"
	"tollwatch/sensor/capture"
	"tollwatch/sensor/kpi"
	"tollwatch/sensor/output/influx"
	"tollwatch/sensor/output/influx/influxtest"
	"tollwatch/sensor/output/points"
)

// pointLines is a sensor.Points that keeps lines.
type pointLines struct {
	encode *points.Encoder
	lines  bytes.Buffer
	n      int
}

func (w *pointLines) Put(p points.Point) error {
	line, err := w.encode.Encode(p)
	w.lines.Write(line)
	w.n++
	return err
}

// exampleLines are the points of the example, as a sensor of the site writes them.
func exampleLines(t *testing.T, id points.Identity) *pointLines {
	t.Helper()
	engine, err := detect.New(detect.Config{Site: id.Site})
	if err != nil {
		t.Fatal(err)
	}
	source, err := capture.OpenFiles([]string{"../../docs/example/office-court-a.pcap.zst"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	w := &pointLines{encode: points.NewEncoder(id)}
	p := sensor.NewPipeline(decoder.New(decoder.DefaultConfig()), engine, sensor.NewPointSink(w))
	p.MeasureTraffic(w, time.UTC, &kpi.Usual{})
	if err := sensor.Replay(t.Context(), source, p); err != nil {
		t.Fatal(err)
	}
	return w
}

// TestTwoSensorsAtOneSite: both see the same calls, at the same nanoseconds. Each
// keeps its points, and the site's money is there once.
func TestTwoSensorsAtOneSite(t *testing.T) {
	server := influxtest.Influxd(t)
	ask := func(query string) string { return influxtest.Text(server.InfluxQL(t, "two", query)) }
	number := func(query string) float64 {
		t.Helper()
		v, err := strconv.ParseFloat(ask(query), 64)
		if err != nil {
			t.Fatalf("%s: got %q, want a number", query, ask(query))
		}
		return v
	}
	ask("CREATE DATABASE two")
	cfg := influx.DefaultConfig()
	cfg.URL, cfg.Bucket = server.URL, "two"
	total := 0
	write := func(id points.Identity) {
		t.Helper()
		w := exampleLines(t, id)
		total += w.n
		if err := influx.NewWriter(cfg, cfg.Bucket).Write(t.Context(), w.lines.String()); err != nil {
			t.Fatal(err)
		}
	}
	money := map[string]float64{"SELECT sum(cost_eur) FROM call": 0, "SELECT max(spent_today_eur) FROM traffic": 0, "SELECT sum(spent_eur) FROM alert": 0}
	write(points.Identity{Site: "lyon", Sensor: "aaaa", View: "trunk", Primary: true})
	for query := range money {
		if money[query] = number(query); money[query] <= 0 {
			t.Fatalf("%s: got %v of the example, want a theft", query, money[query])
		}
	}
	calls := number(`SELECT count("duration") FROM call`)
	write(points.Identity{Site: "lyon", Sensor: "bbbb", View: "trunk", Primary: false})
	for query, once := range money {
		if got := number(query); math.Abs(got-once) > 1e-9 {
			t.Errorf("%s: got %v with a second sensor, want %v as with one", query, got, once)
		}
	}
	if got := number(`SELECT count("duration") FROM call`); got != 2*calls {
		t.Errorf("got %v calls of two sensors, want %v of each", got, calls)
	}
	if got := ask(`SELECT count(spent_today_eur) FROM traffic WHERE sensor = 'bbbb'`); got != "" {
		t.Errorf("got %s points of money by the second sensor, want none", got)
	}
	there := 0.0
	for measurement, field := range map[string]string{"call": "duration", "stream": "packets", "registration": "failures", "traffic": "calls", "alert": "score"} {
		if ask("SELECT * FROM "+measurement+" LIMIT 1") != "" {
			there += number(`SELECT count("` + field + `") FROM ` + measurement)
		}
	}
	if int(there) != total {
		t.Errorf("got %v points on the server, want all %d that were written", there, total)
	}
	if text := ask("SELECT text FROM alert WHERE sensor = 'aaaa' LIMIT 1"); !strings.Contains(text, "****") {
		t.Errorf("got %q, want reasons with masked numbers", text)
	}
}
