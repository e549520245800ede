package influx

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tollwatch/sensor/output/influx/influxtest"
	"tollwatch/sensor/output/points"
)

// everything is a batch with points of each measurement, twice: a server takes a
// field's type from the first.
func everything(t *testing.T) (lines string, measurements []string) {
	t.Helper()
	e := points.NewEncoder(lyon)
	var all strings.Builder
	add := func(line []byte, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		all.Write(line)
	}
	for n := range 2 {
		at := night.Add(time.Duration(n) * time.Minute)
		call, alert := cayman(n), anAlert()
		call.End, alert.Time, alert.Since = at, at, night
		call.CostEUR *= float64(n) // once it is whole
		add(e.Encode(call))
		add(e.Encode(alert))
		add(e.Encode(&points.Stream{Group: "g", CallID: "c@pbx", SSRC: "0x1", Start: night, End: at, Codec: "PCMA", Src: "192.0.2.1:4000",
			Packets: uint64(n) * 1000, JitterMeanMS: 1, JitterMaxMS: 2.5, RFactor: 90, MOS: 4, MeasuredAt: "between"}))
		add(e.Encode(&points.Registration{Time: at, Event: "new", AoR: "sip:201@pbx", Contact: "sip:201@192.0.2.7", Src: "192.0.2.7:5060", UserAgent: `a "phone", 1=2`}))
		add(e.Encode(&points.Traffic{Time: at, Calls: n, ASR: 0.5, NER: 1, ACD: 60, PDD: 2, UsualCalls: float64(n), UsualDayEUR: 3}))
		add(e.Encode(&points.Sensor{Time: at, Version: "1", Backend: "ebpf", Frames: 1 << 63, TLSShare: 0.25, RulesVersion: "4", ClockOffset: -0.5}))
		add(points.CheckLine(lyon, &points.Check{Time: at, Version: "1"}))
	}
	for _, m := range points.Schema() {
		measurements = append(measurements, m.Name)
	}
	return all.String(), measurements
}

func writer(t *testing.T, url, org, bucket, secret string) *Writer {
	t.Helper()
	cfg := Config{URL: url, Org: org, Timeout: 10 * time.Second}
	if secret != "" {
		cfg.TokenFile = token(t, secret)
	}
	return NewWriter(cfg, bucket)
}

// twice writes a batch, and again, as after an answer that was lost on its way.
func twice(t *testing.T, w *Writer, lines string) {
	t.Helper()
	for range 2 {
		if err := w.Write(t.Context(), lines); err != nil {
			_, text := Diagnose(err, w.Place())
			t.Fatalf("%s: %s", w.Place().Bucket, text)
		}
	}
}

// TestInfluxDB1TakesEverything: to a database and to one of its policies, with the
// login off, and on with the token user:password.
func TestInfluxDB1TakesEverything(t *testing.T) {
	lines, measurements := everything(t)
	for name, options := range map[string][]influxtest.Option{"open": nil, "login": {influxtest.Login("admin", "secret")}} {
		t.Run(name, func(t *testing.T) {
			server := influxtest.Influxd(t, options...)
			server.InfluxQL(t, "", "CREATE DATABASE calls")
			server.InfluxQL(t, "", "CREATE RETENTION POLICY long ON calls DURATION INF REPLICATION 1")
			for bucket, policy := range map[string]string{"calls": "autogen", "calls/long": "long"} {
				twice(t, writer(t, server.URL, "", bucket, server.Token()), lines)
				for _, m := range measurements {
					rows := server.InfluxQL(t, "calls", fmt.Sprintf("SELECT * FROM %q.%q", policy, m))
					if len(rows) != 1 || len(rows[0].Rows) != 2 {
						t.Errorf("%s, %s: got %v, want two rows", bucket, m, rows)
					}
				}
			}
		})
	}
}

// TestVictoriaMetricsTakesEverything: each figure is a series; a text is one of
// zeros. It keeps what is written twice, unless it is told to keep one of a
// millisecond.
func TestVictoriaMetricsTakesEverything(t *testing.T) {
	lines, measurements := everything(t)
	for _, c := range []struct {
		options []influxtest.Option
		calls   string
	}{{nil, "4"}, {[]influxtest.Option{influxtest.Flag("-dedup.minScrapeInterval=1ms")}, "2"}} {
		server := influxtest.Victoria(t, c.options...)
		twice(t, writer(t, server.URL, "o", "b", "t"), lines)
		at := night.Add(time.Minute)
		for _, m := range measurements {
			if got := server.PromQL(t, fmt.Sprintf(`{__name__=~"%s_.+",site=%q}`, m, lyon.Site), at); len(got) == 0 {
				t.Errorf("got nothing of %s", m)
			}
		}
		for query, want := range map[string]string{
			`sum(count_over_time(call_attempts[1h]))`:              c.calls,
			`call_cost_eur{dest_country="KY"}`:                     "0.31",
			`sensor_frames`:                                        "9223372036854776000", // a float
			`alert_text`:                                           "0",
			`traffic_usual_day_eur + on(site) traffic_calls_usual`: "4",
		} {
			if got := influxtest.Text(server.PromQL(t, query, at)); got != want {
				t.Errorf("%s: got %q, want %q", query, got, want)
			}
		}
	}
}

// TestFakesOf2And3TakeEverything: with a token for one bucket alone.
func TestFakesOf2And3TakeEverything(t *testing.T) {
	lines, measurements := everything(t)
	for _, three := range []bool{false, true} {
		f := newFake(t, three)
		twice(t, writer(t, f.URL, "provider", "calls", "box"), lines)
		stored := f.stored("calls")
		if want := 2 * 2 * len(measurements); len(stored) != want {
			t.Errorf("three %v: got %d lines, want %d", three, len(stored), want)
		}
		for _, m := range measurements {
			if !slices.ContainsFunc(stored, func(line string) bool { return strings.HasPrefix(line, m+",") }) {
				t.Errorf("three %v: got nothing of %s", three, m)
			}
		}
		err := writer(t, f.URL, "provider", "alerts", "box").Write(t.Context(), lines)
		if kind, _ := Diagnose(err, Place{}); kind != Forbidden || judge(err, 9) != Retry {
			t.Errorf("three %v: got %v in another's bucket, want that it is forbidden, and waits", three, err)
		}
	}
}

// TestFakesRefuseAsTheirServers: 2 takes nothing of a batch with a line that it
// cannot read, and all but the line of a type that conflicts; 3 takes all but
// what is wrong.
func TestFakesRefuseAsTheirServers(t *testing.T) {
	good, unread, conflict := "x y=1i 1\n", "x y= 2\n", "x y=\"text\" 3\n"
	for _, c := range []struct {
		three   bool
		batch   string
		outcome Outcome
		refused int
		stored  int
	}{
		{false, good + unread + good, Split, 0, 0},
		{false, good + conflict + good, Reject, 1, 2},
		{true, good + unread + conflict + good, Reject, 2, 2},
	} {
		f := newFake(t, c.three)
		err := writer(t, f.URL, "provider", "calls", "box").Write(t.Context(), c.batch)
		n := strings.Count(c.batch, "\n")
		if got := judge(err, n); got != c.outcome || got == Reject && refused(err, n) != c.refused {
			t.Errorf("%+v: got %v, %d refused: %v", c, got, refused(err, n), err)
		}
		if got := len(f.stored("calls")); got != c.stored {
			t.Errorf("%+v: got %d stored", c, got)
		}
	}
}

// TestTwoSensorsAtOneSite see the same calls: neither overwrites the other, and
// the money is there once.
func TestTwoSensorsAtOneSite(t *testing.T) {
	server := influxtest.Influxd(t)
	server.InfluxQL(t, "", "CREATE DATABASE calls")
	w := writer(t, server.URL, "", "calls", "")
	for _, id := range []points.Identity{{Site: "lyon", Sensor: "at-pbx", Primary: true}, {Site: "lyon", Sensor: "at-line"}} {
		e := points.NewEncoder(id)
		for n := range 5 {
			line, err := e.Encode(cayman(n))
			if err != nil {
				t.Fatal(err)
			}
			if err := w.Write(t.Context(), string(line)); err != nil {
				t.Fatal(err)
			}
		}
		line, err := e.Encode(&points.Traffic{Time: night, Calls: 5, SpentTodayEUR: 1.55, SpentHourEUR: 1.55, UsualDayEUR: 2, UsualCalls: 1, ASR: 1, NER: 1, ACD: 7, PDD: 1.5})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Write(t.Context(), string(line)); err != nil {
			t.Fatal(err)
		}
	}
	for query, want := range map[string]string{
		`SELECT count("duration") FROM call GROUP BY sensor`: "5; 5",
		`SELECT sum(cost_eur) FROM call`:                     "1.55",
		`SELECT sum(spent_today_eur) FROM traffic`:           "1.55",
		`SELECT sum(calls) FROM traffic GROUP BY sensor`:     "5; 5",
	} {
		if got := influxtest.Text(server.InfluxQL(t, "calls", query)); got != want {
			t.Errorf("%s: got %s, want %s", query, got, want)
		}
	}
}

// TestVictoriaMetricsRefusesABatch for one line that it cannot read, so that the
// others are sent without it.
func TestVictoriaMetricsRefusesABatch(t *testing.T) {
	w := writer(t, influxtest.Victoria(t).URL, "", "b", "")
	err := w.Write(t.Context(), "x y=1i 1\nx y= 2\nx y=3i 3\n")
	kind, text := Diagnose(err, w.Place())
	if kind != RefusedPoints || judge(err, 3) != Split || judge(err, 1) != Reject || !strings.Contains(text, "field value cannot be empty") {
		t.Errorf("got %v and %q, want that it is split", kind, text)
	}
}
