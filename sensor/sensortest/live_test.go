package sensortest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"tollwatch/sensor/livetest"
	"tollwatch/sensor/output/influx/influxtest"
	"tollwatch/sensor/record"
)

// insideSite is set in the process that runs inside the site's namespace.
const insideSite = "TOLLWATCH_TEST_SITE"

// TestLiveBurst plays a burst with SIPp over a veth pair between two network
// namespaces of its own. In one stands the hacked extension; in the other the
// operator, the sensor, an InfluxDB and a webhook. The alert must be posted,
// and stand in InfluxDB, while the calls still ring.
func TestLiveBurst(t *testing.T) {
	if os.Getenv(insideSite) != "" {
		liveBurst(t)
		return
	}
	livetest.Namespaces(t)
	livetest.Programs(t, "sipp", "go")
	livetest.Built(t, "influxd", influxtest.InfluxdVersion)
	attacker, site := fmt.Sprintf("tw-a-%d", os.Getpid()), fmt.Sprintf("tw-s-%d", os.Getpid())
	for _, ns := range []string{attacker, site} {
		run(t, "ip", "netns", "add", ns)
		t.Cleanup(func() { exec.Command("ip", "netns", "delete", ns).Run() })
		run(t, "ip", "-n", ns, "link", "set", "lo", "up")
	}
	run(t, "ip", "-n", attacker, "link", "add", "phone", "type", "veth", "peer", "name", "site", "netns", site)
	for ns, link := range map[string][2]string{attacker: {"phone", "192.0.2.1/24"}, site: {"site", "192.0.2.2/24"}} {
		run(t, "ip", "-n", ns, "address", "add", link[1], "dev", link[0])
		run(t, "ip", "-n", ns, "link", "set", link[0], "up")
	}
	inside := exec.Command("ip", "netns", "exec", site, os.Args[0], "-test.run", "^TestLiveBurst$", "-test.v", "-test.timeout", "90s")
	inside.Env = append(os.Environ(), insideSite+"="+attacker)
	out, err := inside.CombinedOutput()
	t.Logf("inside the site:\n%s", out)
	if err != nil {
		t.Fatalf("inside the site: %v", err)
	}
}

// liveBurst is the test inside the site's namespace.
func liveBurst(t *testing.T) {
	dir := t.TempDir()
	alerts := make(chan *record.Alert, 64)
	webhook := serveWebhook(t, alerts)
	influx := influxtest.Influxd(t)
	influx.InfluxQL(t, "", "CREATE DATABASE tollwatch")
	sensor := livetest.Tollwatch(t)
	configuration := fmt.Sprintf(`[site]
name = "test"
[capture]
interfaces = ["site"]
[influx]
url = %q
bucket = "tollwatch"
[webhook]
url = %q
[store]
dir = %q
[http]
listen = "127.0.0.1:8480"
`, influx.URL, webhook, filepath.Join(dir, "store"))
	file := filepath.Join(dir, "tollwatch.toml")
	if err := os.WriteFile(file, []byte(configuration), 0o600); err != nil {
		t.Fatal(err)
	}
	stop := start(t, sensor, "run", "--config", file)
	await(t, "the sensor to be ready", func() bool { return get("http://127.0.0.1:8480/readyz") == "ok\n" })

	scenario := func(name string) string {
		path, err := filepath.Abs(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		return path
	}
	start(t, "sipp", "-sf", scenario("ringing.xml"), "-i", "192.0.2.2", "-p", "5060", "-nostdin", "-timeout", "60")
	start(t, "ip", "netns", "exec", os.Getenv(insideSite), "sipp", "192.0.2.2:5060", "-sf", scenario("burst.xml"), "-i", "192.0.2.1",
		"-p", "5060", "-s", "0013455550123", "-r", "1", "-m", "6", "-nostdin", "-timeout", "60")

	began := time.Now()
	select {
	case a := <-alerts:
		t.Logf("alert after %.1f s: %s, %s, score %.0f, %d calls, %d answered, %.2f €", time.Since(began).Seconds(), a.Level, a.Scheme,
			a.Score, a.Calls, a.Answered, a.SpentEUR)
		if a.Answered != 0 || a.Calls > 3 || a.Extension != "204" || a.SpentEUR >= 1 {
			t.Errorf("alert: got extension %q at call %d with %d answered and %.2f €, want 204 by call 3 while all still ring, under 1 €",
				a.Extension, a.Calls, a.Answered, a.SpentEUR)
		}
	case <-time.After(14 * time.Second):
		t.Fatal("no alert while the calls ring")
	}
	rows := func(query string) bool { return influxtest.Text(influx.InfluxQL(t, "tollwatch", query)) != "" }
	await(t, "the alert's point in InfluxDB", func() bool { return rows("SELECT score FROM alert") })
	if ringing := time.Since(began); ringing > 15*time.Second {
		t.Errorf("the point came after %.1f s: the first call had been answered", ringing.Seconds())
	}
	stop()
	for _, q := range []string{"SELECT max(calls_peak) FROM traffic WHERE calls_peak > 2", "SELECT extension FROM call WHERE direction = 'outbound'",
		"SELECT memory, warmup, backend FROM sensor WHERE memory > 1000000 AND backend != ''"} {
		await(t, q, func() bool { return rows(q) })
	}
	out, err := exec.Command(sensor, "incidents", "--config", file).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "toll fraud") {
		t.Errorf("tollwatch incidents: got %v, %s; want the incident", err, out)
	}
}

func serveWebhook(t *testing.T, alerts chan<- *record.Alert) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var a record.Alert
		if err := json.NewDecoder(r.Body).Decode(&a); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		alerts <- &a
	})}
	go server.Serve(listener)
	t.Cleanup(func() { server.Close() })
	return "http://" + listener.Addr().String() + "/alerts"
}

// start starts a program and ends it, by its own process, when stop is called
// or the test is over.
func start(t *testing.T, program string, args ...string) (stop func()) {
	t.Helper()
	var out bytes.Buffer
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Start(); err != nil {
		t.Fatalf("start %s: %v", program, err)
	}
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		cmd.Wait()
		if t.Failed() {
			t.Logf("%s said:\n%s", filepath.Base(program), tail(out.String(), 4000))
		}
	}
	t.Cleanup(stop)
	return stop
}

func run(t *testing.T, program string, args ...string) {
	t.Helper()
	if out, err := exec.Command(program, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", program, strings.Join(args, " "), err, out)
	}
}

func get(url string) string {
	r, err := http.Get(url)
	if err != nil {
		return ""
	}
	defer r.Body.Close()
	b, _ := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	return string(b)
}

func tail(s string, n int) string { return s[max(0, len(s)-n):] }
