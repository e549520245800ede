package influx

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"tollwatch/sensor/output/influx/influxtest"
	"tollwatch/sensor/output/points"
)

// flush writes what is queued and ends.
func flush(t *testing.T, o *Output) Counters {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := o.Run(ctx); err != nil {
		t.Fatal(err)
	}
	return balanced(t, o)
}

func TestRealInfluxDB(t *testing.T) {
	real := influxtest.Influxd(t)
	ask := func(query string) string { return influxtest.Text(real.InfluxQL(t, "tollwatch", query)) }
	ask("CREATE DATABASE tollwatch")
	there := func(c *Config) { c.Org, c.Bucket, c.BucketAlerts = "", "tollwatch/autogen", "" }
	o := newOutput(t, real.URL, there)
	const calls = 500
	for n := range calls {
		o.Call(cayman(n)) // of one series, in one millisecond
	}
	o.Alert(anAlert())
	o.Sensor(&points.Sensor{Time: night, Version: "1", Frames: 1 << 63})
	if c := flush(t, o); c.Done != calls+2 || c.Reject != 0 {
		t.Errorf("got %+v, want all done", c)
	}
	for query, want := range map[string]string{
		`SELECT count("duration"), sum(attempts) FROM call`:                          "500 1000",
		`SELECT last(number), range, "duration" FROM call WHERE trunk = 'trunk-1'`:   "+1345926**** +1345926 7",
		`SELECT count(cost_eur) FROM call WHERE site = 'Lyon 2, rue de la Ré'`:       "500",
		`SELECT text, score, spent_eur, drill FROM alert WHERE level = 'critical'`:   `never called "KY" before +25 four at once +20 87 0.93 false`,
		`SELECT frames, version FROM sensor`:                                         "9223372036854775807 1",
		`SELECT last(score) FROM call WHERE dest_country = 'KY' GROUP BY dest_class`: "62",
	} {
		if got := ask(query); got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
	again := newOutput(t, real.URL, there)
	for n := range calls {
		again.Call(cayman(n))
	}
	flush(t, again)
	if got := ask(`SELECT count("duration") FROM call`); got != "500" {
		t.Errorf("got %v calls after writing them again, want 500", got)
	}
	refusedByTheRealServer(t, real, there)
}

// refusedByTheRealServer writes what the server takes in part, and to a place
// that is not there.
func refusedByTheRealServer(t *testing.T, real *influxtest.Server, there func(*Config)) {
	o := newOutput(t, real.URL, there)
	o.metrics.counts.queued.Add(2)
	o.metrics.inbox.put(fmt.Appendf(nil, "call attempts=\"text where a number is\" %d\n", night.UnixNano()))
	o.metrics.inbox.put(fmt.Appendf(nil, "other x=1i %d\n", night.UnixNano()))
	if c := flush(t, o); c.Done != 1 || c.Reject != 1 {
		t.Errorf("got %+v of a type conflict, want one done and one rejected", c)
	}
	if got := influxtest.Text(real.InfluxQL(t, "tollwatch", "SELECT x FROM other")); got != "1" {
		t.Errorf("got %v: the good line of the batch should be there", got)
	}
	err := NewWriter(o.cfg, "absent").Write(t.Context(), "x y=1\n")
	if judge(err, 1) != Retry || !strings.Contains(err.Error(), "database not found") {
		t.Errorf("got %v, want that the database is not found, and that the point waits", err)
	}
}
