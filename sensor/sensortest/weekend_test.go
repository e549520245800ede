package sensortest

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tollwatch/decoder"
	"tollwatch/sensor"
	"tollwatch/sensor/capture"
	"tollwatch/sensor/kpi"
	"tollwatch/sensor/livetest"
	"tollwatch/sensor/output/influx"
	"tollwatch/sensor/output/influx/influxtest"
	"tollwatch/sensor/output/points"
)

// TestAWeekendWithoutALine: from Friday morning to Monday, with a theft on Saturday
// night, the server cannot be reached, and the sensor is started anew on Sunday. When
// the line is back no row is missing.
func TestAWeekendWithoutALine(t *testing.T) {
	server := influxtest.Influxd(t)
	server.InfluxQL(t, "", "CREATE DATABASE tollwatch")
	server.Kill()

	file := filepath.Join(t.TempDir(), "weekend.pcap")
	lab := exec.Command(livetest.Siplab(t), "generate", "--scenario", "office-court-a", "--seed", "11", "--set", "media=none", "--set", "length=72h",
		"--set", "attack.length=2h", "-o", file, "--truth", filepath.Join(t.TempDir(), "truth.json"))
	if out, err := lab.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	cfg := patient(server.URL, t.TempDir())
	first, stop := runOutput(t, cfg)
	found, traffic := watch(t, first, file)
	stop()
	if c := first.Counters(); c.Done != 0 || c.Lost != 0 || c.Evicted != 0 || c.Waiting != c.Queued {
		t.Fatalf("without a line: got %+v, want all waiting", c)
	}
	second, stop := runOutput(t, cfg)
	defer stop()
	server.Start()
	await(t, "all points to arrive", func() bool { return second.Counters().Waiting == 0 })

	t.Logf("%d legs, %d registrations, %d alerts, %d points of traffic", len(found.Calls), len(found.Registrations), len(found.Alerts), traffic)
	spent := 0.0
	for _, c := range found.Calls {
		if c.CostEUR != nil {
			spent += *c.CostEUR
		}
	}
	last := found.Alerts[len(found.Alerts)-1]
	for query, want := range map[string]string{
		`SELECT count(attempts) FROM call`:                                     fmt.Sprint(len(found.Calls)),
		`SELECT count(failures) FROM registration`:                             fmt.Sprint(len(found.Registrations)),
		`SELECT count(score) FROM alert`:                                       fmt.Sprint(len(found.Alerts)),
		`SELECT count(attempts) FROM traffic`:                                  fmt.Sprint(traffic),
		`SELECT last(event) FROM alert WHERE incident='` + last.Incident + `'`: last.Event,
	} {
		if got := influxtest.Text(server.InfluxQL(t, "tollwatch", query)); got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
	var stored float64
	fmt.Sscan(influxtest.Text(server.InfluxQL(t, "tollwatch", `SELECT sum(cost_eur) FROM call`)), &stored)
	if spent < 1 || stored < spent-0.01 || stored > spent+0.01 {
		t.Errorf("got %.4f EUR in the database, want the %.4f of the calls", stored, spent)
	}
	if text := influxtest.Text(server.InfluxQL(t, "tollwatch", `SELECT text FROM alert WHERE level = 'critical' ORDER BY time LIMIT 1`)); !strings.Contains(text, "at once") {
		t.Errorf("got %q, want the reasons", text)
	}
}

// patient is the configuration of one process after the other, on one folder.
func patient(url, dir string) influx.Config {
	cfg := influx.DefaultConfig()
	cfg.URL, cfg.Bucket, cfg.Dir = url, "tollwatch", dir
	cfg.Memory = 1 << 28 // three days pass within seconds, faster than a disk keeps up
	cfg.MinPause, cfg.MaxPause, cfg.Linger = 10*time.Millisecond, 100*time.Millisecond, 10*time.Millisecond
	return cfg
}

// watch has a capture's points queued.
func watch(t *testing.T, o *influx.Output, file string) (found *Found, traffic int) {
	t.Helper()
	found = &Found{}
	out := countTraffic{o, &traffic}
	p := sensor.NewPipeline(decoder.New(decoder.DefaultConfig()), newEngine(t), sensor.Sinks{found, sensor.NewPointSink(out)})
	p.MeasureTraffic(out, time.UTC, &kpi.Usual{})
	source, err := capture.OpenFiles([]string{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	if err := sensor.Replay(t.Context(), source, p); err != nil {
		t.Fatal(err)
	}
	return found, traffic
}

// countTraffic counts the points that no object stands behind.
type countTraffic struct {
	out     *influx.Output
	traffic *int
}

// Put implements sensor.Points.
func (c countTraffic) Put(p points.Point) error {
	if _, ok := p.(*points.Traffic); ok {
		*c.traffic++
	}
	return c.out.Put(p)
}
