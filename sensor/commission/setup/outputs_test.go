package setup

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tollwatch/sensor/output/influx"
	"tollwatch/sensor/output/influx/influxtest"
)

// influxLines are those of a sheet of a configuration with this [influx].
func influxLines(t *testing.T, influx string, want ...string) {
	t.Helper()
	s := check(t, t.TempDir(), "[site]\nname = \"Lyon\"\n[capture]\ninterfaces = [\"lo\"]\n[store]\ndir = \"DIR/a\"\n[influx]\n"+influx)
	expect(t, s, "influx", want...)
}

func secret(t *testing.T, text string) string { return write(t, t.TempDir(), "token", text, 0o600) }

// TestInfluxDBIsAsked: a real one with its login on; the sheet says what was
// written and for how long, and of alerts that go too soon.
func TestInfluxDBIsAsked(t *testing.T) {
	server := influxtest.Influxd(t, influxtest.Login("admin", "secret"))
	for _, q := range []string{"CREATE DATABASE calls", "CREATE DATABASE alerts WITH DURATION 30d", "CREATE USER box WITH PASSWORD 'boxed'", "GRANT WRITE ON calls TO box"} {
		server.InfluxQL(t, "", q)
	}
	place := fmt.Sprintf("url = %q\nbucket = \"calls\"\n", server.URL)
	influxLines(t, place+"bucket_alerts = \"alerts\"\ntoken_file = \""+secret(t, "admin:secret")+"\"\n",
		"pass influx calls a point was written in ",
		"pass influx alerts a point was written in ",
		"warn influx alerts it keeps alerts for 30 days only: a bill is disputed later; keep them for 24 months, or name a bucket that does as bucket_alerts")
	influxLines(t, place+"bucket_alerts = \"alerts\"\ntoken_file = \""+secret(t, "box:boxed")+"\"\n",
		"pass influx calls a point was written in ",
		`fail influx alerts the token may not write to bucket "alerts" (403 "box" user is not authorized to write to database "alerts"); give it write access there`)
	influxLines(t, place+"bucket_alerts = \"alerts\"\ntoken_file = \""+secret(t, "box:wrong")+"\"\n",
		"fail influx calls "+server.URL+" does not know the token (401 authorization failed); check ")
	if got := influxtest.Text(server.InfluxQL(t, "calls", `SELECT count(written) FROM "check"`)); got != "2" {
		t.Errorf("got %s points, want one a check", got)
	}
}

// TestWhatATokenMayNotRead is one clause of a line that passes: a token that may write
// alone is what the document recommends.
func TestWhatATokenMayNotRead(t *testing.T) {
	f := influx.Finding{Bucket: "calls", Took: time.Millisecond, Server: influx.Server{Kind: influx.Influx1, Version: "1.8.10"}, Retention: influx.Retention{Why: strings.Repeat("no ", 99)}}
	s := written(&f)
	if want := "a point was written in 1ms; InfluxDB 1.8.10; how long it keeps points is not told"; len(s) != 1 || s[0].Found != want || s[0].Result.String() != "pass" {
		t.Errorf("got %+v, want %q", s, want)
	}
}

// TestVictoriaMetricsProvesLittle: the sheet says so.
func TestVictoriaMetricsProvesLittle(t *testing.T) {
	server := influxtest.Victoria(t)
	s := check(t, t.TempDir(), fmt.Sprintf("[capture]\ninterfaces = [\"lo\"]\n[store]\ndir = \"DIR/a\"\n[influx]\nurl = %q\nbucket = \"any\"\n", server.URL))
	for _, c := range s {
		if c.Name == "influx" && (c.Result.String() != "warn" || !strings.Contains(c.Found, "takes any bucket and any token, so that neither is proved, and it keeps no texts")) {
			t.Errorf("got %+v", c)
		}
	}
}

// TestOneCauseIsOneLine: a server that is away is away for both buckets; a portal
// is told as what it is; nothing is asked offline.
func TestOneCauseIsOneLine(t *testing.T) {
	influxLines(t, "url = \"http://127.0.0.1:1\"\nbucket = \"calls\"\nbucket_alerts = \"alerts\"\n",
		"fail influx calls http://127.0.0.1:1 cannot be reached: dial tcp 127.0.0.1:1: connect: connection refused; nothing listens there")
	cut := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	defer cut.Close()
	influxLines(t, fmt.Sprintf("url = %q\nbucket = \"calls\"\nbucket_alerts = \"alerts\"\n", cut.URL),
		"fail influx calls "+cut.URL+" cannot be reached: EOF; the other end hangs up: ")
	asked := 0
	portal := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { asked++; io.WriteString(w, "<html>log in") }))
	defer portal.Close()
	place := fmt.Sprintf("url = %q\nbucket = \"calls\"\n", portal.URL)
	influxLines(t, place, "fail influx calls "+portal.URL+" answered 200 OK with text/html; charset=utf-8 where InfluxDB answers 204; check url")
	before := asked
	s := checkWith(t, t.TempDir(), "[capture]\ninterfaces = [\"lo\"]\n[store]\ndir = \"DIR/a\"\n[influx]\n"+place, Options{Offline: true})
	expect(t, s, "influx", "pass influx "+portal.URL+" (not asked now)")
	if asked != before {
		t.Errorf("asked %d times offline", asked-before)
	}
}
