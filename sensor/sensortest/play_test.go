package sensortest

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	facts "tollwatch/sensor/lab/truth"
)

// TestPlay: a sensor on one end of a veth pair, in a namespace of the test's,
// sees the calls that siplab plays out of the other.
func TestPlay(t *testing.T) {
	need(t, os.Geteuid() == 0, "network namespaces need root")
	for _, program := range []string{"ip", "go"} {
		_, err := exec.LookPath(program)
		need(t, err == nil, program+" is not installed; `make test` installs it")
	}
	ns := fmt.Sprintf("tw-p-%d", os.Getpid())
	run(t, "ip", "netns", "add", ns)
	t.Cleanup(func() { exec.Command("ip", "netns", "delete", ns).Run() })
	run(t, "ip", "-n", ns, "link", "set", "lo", "up")
	run(t, "ip", "-n", ns, "link", "add", "tap0", "type", "veth", "peer", "name", "tap1")
	for _, link := range []string{"tap0", "tap1"} {
		run(t, "ip", "-n", ns, "link", "set", link, "up")
	}
	dir := t.TempDir()
	sensor, siplab := buildSensor(t, dir), filepath.Join(dir, "siplab")
	run(t, "go", "build", "-o", siplab, "tollwatch/cmd/siplab")
	file, truthFile := filepath.Join(dir, "tollwatch.toml"), filepath.Join(dir, "truth.json")
	configuration := fmt.Sprintf("[capture]\ninterfaces = [\"tap1\"]\n[store]\ndir = %q\n[http]\nlisten = \"127.0.0.1:8480\"\n", filepath.Join(dir, "store"))
	if err := os.WriteFile(file, []byte(configuration), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(siplab, "play", "--scenario", "court-a", "--interface", "lo").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "namespace") {
		t.Fatalf("play in the machine's own network: got %v, %s; want a refusal", err, out)
	}
	stop := start(t, "ip", "netns", "exec", ns, sensor, "run", "--config", file)
	ready := func() bool {
		out, _ := exec.Command("ip", "netns", "exec", ns, "bash", "-c",
			`exec 3<>/dev/tcp/127.0.0.1/8480 && printf 'GET /readyz HTTP/1.0\r\n\r\n' >&3 && cat <&3`).Output()
		return strings.Contains(string(out), "200 OK")
	}
	await(t, "the sensor to be ready", ready)
	run(t, "ip", "netns", "exec", ns, siplab, "play", "--scenario", "court-a", "--seed", "3", "--set", "length=40s", "--set", "attack.length=40s",
		"--set", "media=attack", "--interface", "tap0", "--speed", "8", "--truth", truthFile)
	stop()

	b, err := os.ReadFile(truthFile)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct{ Calls []facts.Call }
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	legs := map[string]int{}
	for _, c := range doc.Calls {
		for _, l := range c.Legs {
			legs[l.CallID] = l.Status
		}
	}
	rows, err := exec.Command(sensor, "calls", "--config", file, "--json", "--limit", "0").Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for line := range strings.Lines(string(rows)) {
		var c struct {
			CallID string `json:"call_id"`
			Status int
		}
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			t.Fatal(err)
		}
		if status, known := legs[c.CallID]; !known || status != c.Status {
			t.Errorf("the sensor keeps %s with %d, the truth has %d", c.CallID, c.Status, status)
		}
		seen++
	}
	if seen != len(legs) || seen < 20 {
		t.Errorf("the sensor saw %d legs, %d were played", seen, len(legs))
	}
}
