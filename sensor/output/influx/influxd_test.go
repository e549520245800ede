package influx

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// influxd starts the real server, built by packaging/test/influxd.sh, on a free
// loopback port and returns its address; it ends with the test.
func influxd(t *testing.T) string {
	t.Helper()
	cache := os.Getenv("XDG_CACHE_HOME")
	if cache == "" {
		home, _ := os.UserHomeDir()
		cache = filepath.Join(home, ".cache")
	}
	program := filepath.Join(cache, "tollwatch", "influxd-1.8.3", "influxd")
	if _, err := os.Stat(program); err != nil {
		why := "no InfluxDB: run packaging/test/influxd.sh once: " + err.Error()
		if os.Getenv("CI") == "true" {
			t.Fatal(why)
		}
		t.Skip(why)
	}
	dir, http, rpc := t.TempDir(), freePort(t), freePort(t)
	server := exec.Command(program, "run")
	server.Env = append(os.Environ(), "INFLUXDB_META_DIR="+dir+"/meta", "INFLUXDB_DATA_DIR="+dir+"/data",
		"INFLUXDB_DATA_WAL_DIR="+dir+"/wal", "INFLUXDB_HTTP_BIND_ADDRESS="+http, "INFLUXDB_BIND_ADDRESS="+rpc,
		"INFLUXDB_REPORTING_DISABLED=true", "HOME="+dir)
	log, err := server.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	drained := make(chan struct{})
	t.Cleanup(func() {
		server.Process.Kill()
		<-drained
		server.Wait()
	})
	ready := make(chan bool, 1)
	go func() {
		defer close(drained)
		for lines := bufio.NewScanner(log); lines.Scan(); {
			if strings.Contains(lines.Text(), "Listening on HTTP") {
				ready <- true
			}
		}
		ready <- false
	}()
	if !<-ready {
		t.Fatal("influxd ended before it listened")
	}
	return "http://" + http
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// ask runs InfluxQL and returns the rows of the first series, each as text.
func ask(t *testing.T, server, query string) (rows []string) {
	t.Helper()
	r, err := http.PostForm(server+"/query", url.Values{"db": {"tollwatch"}, "q": {query}, "epoch": {"ns"}})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var answer struct {
		Error   string
		Results []struct {
			Error  string
			Series []struct{ Values [][]any }
		}
	}
	d := json.NewDecoder(r.Body)
	d.UseNumber()
	if err := d.Decode(&answer); err != nil {
		t.Fatal(err)
	}
	if answer.Error != "" {
		t.Fatalf("%s: %s", query, answer.Error)
	}
	for _, result := range answer.Results {
		if result.Error != "" {
			t.Fatalf("%s: %s", query, result.Error)
		}
		for _, series := range result.Series {
			for _, v := range series.Values {
				rows = append(rows, strings.TrimSpace(fmt.Sprintln(v[1:]...)))
			}
		}
	}
	return rows
}

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
	server := influxd(t)
	ask(t, server, "CREATE DATABASE tollwatch")
	real := func(c *Config) { c.Org, c.Bucket, c.BucketAlerts = "", "tollwatch/autogen", "" }
	o := newOutput(t, server, real)
	const calls = 500
	for n := range calls {
		o.Call(cayman(n)) // of one series, in one millisecond
	}
	o.Alert(anAlert())
	o.Sensor(Sensor{Time: night, Version: "1", Frames: 1 << 63})
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
		if got := strings.Join(ask(t, server, query), "; "); got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
	again := newOutput(t, server, real)
	for n := range calls {
		again.Call(cayman(n))
	}
	flush(t, again)
	if got := ask(t, server, `SELECT count("duration") FROM call`); got[0] != "500" {
		t.Errorf("got %v calls after writing them again, want 500", got)
	}
	refusedByTheRealServer(t, server, real)
}

// refusedByTheRealServer writes what the server takes in part, and to a place
// that is not there.
func refusedByTheRealServer(t *testing.T, server string, real func(*Config)) {
	o := newOutput(t, server, real)
	o.points.counts.queued.Add(2)
	o.points.put(fmt.Sprintf("call attempts=\"text where a number is\" %d\n", night.UnixNano()))
	o.points.put(fmt.Sprintf("other x=1i %d\n", night.UnixNano()))
	o.points.send(t.Context(), o.points.take(nil))
	if c := balanced(t, o); c.Done != 1 || c.Reject != 1 {
		t.Errorf("got %+v of a type conflict, want one done and one rejected", c)
	}
	if got := ask(t, server, "SELECT x FROM other"); len(got) != 1 {
		t.Errorf("got %v: the good line of the batch should be there", got)
	}
	err := o.write(t.Context(), "absent", []string{"x y=1"})
	if judge(err, 1, 1) != Retry || !strings.Contains(err.Error(), "database not found") {
		t.Errorf("got %v, want that the database is not found, and that the point waits", err)
	}
}
