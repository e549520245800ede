package pointstest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"tollwatch/sensor/livetest"
	"tollwatch/sensor/output/influx/influxtest"
)

// example is the capture that everybody has, seen from a package of outputs.
const example = "../../../docs/example/office-court-a.pcap.zst"

// When the example is: an office's day, and what came in its night.
var (
	ExampleBegins = time.Date(2026, 3, 6, 7, 0, 0, 0, time.UTC)
	ExampleEnds   = time.Date(2026, 3, 7, 1, 2, 0, 0, time.UTC)
)

// Play has the real program play the example into a server, and run until its heartbeat
// is there; it listens to agents alone, for on the loopback other tests steal calls. It
// returns the id of the theft. It needs a package whose TestMain is livetest.Main.
func Play(t testing.TB, s *influxtest.Server, there func() bool) (id string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "tollwatch.toml")
	text := fmt.Sprintf("[site]\nname = \"lyon\"\ncustomer = \"martin\"\n[capture]\ninterfaces = []\n[hep]\nlisten = %q\n[influx]\nurl = %q\nbucket = %q\nbucket_alerts = %q\n[store]\ndir = %q\n[http]\nlisten = \"\"\n",
		influxtest.FreePort(t), s.URL, Database, Alerts, t.TempDir())
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	program := livetest.Tollwatch(t)
	out, err := exec.Command(program, "replay", "--json", "--send", "--config", file, example).Output()
	if err != nil {
		t.Fatalf("replay: %v", err)
	}
	run := exec.Command(program, "run", "--config", file)
	var said bytes.Buffer
	run.Stderr = &said
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	livetest.Await(t, "a heartbeat", there)
	run.Process.Signal(syscall.SIGTERM)
	if err := run.Wait(); err != nil {
		t.Fatalf("run: %v: %s", err, said.String())
	}
	return incidentOf(t, out)
}

// incidentOf is the id of the first alert in a replay's objects.
func incidentOf(t testing.TB, objects []byte) string {
	for line := range bytes.Lines(objects) {
		var o struct{ Type, Incident string }
		if err := json.Unmarshal(line, &o); err != nil {
			t.Fatal(err)
		}
		if o.Type == "alert" {
			return o.Incident
		}
	}
	t.Fatal("the example raised no alert")
	return ""
}
