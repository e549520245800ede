package sensortest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	facts "tollwatch/sensor/lab/truth"
	"tollwatch/sensor/livetest"
)

// playground is a veth pair, tap0 and tap1, in a namespace of the test's.
func playground(t *testing.T, name string) (ns, siplab string) {
	t.Helper()
	livetest.Namespaces(t)
	ns = fmt.Sprintf("tw-%s-%d", name, os.Getpid())
	run(t, "ip", "netns", "add", ns)
	t.Cleanup(func() { exec.Command("ip", "netns", "delete", ns).Run() })
	run(t, "ip", "-n", ns, "link", "set", "lo", "up")
	run(t, "ip", "-n", ns, "link", "add", "tap0", "type", "veth", "peer", "name", "tap1")
	for _, link := range []string{"tap0", "tap1"} {
		run(t, "ip", "-n", ns, "link", "set", link, "up")
	}
	return ns, livetest.Siplab(t)
}

// TestPlayRefuses: nothing is sent in the machine's own network, nor out of an
// interface that may lead out of the namespace.
func TestPlayRefuses(t *testing.T) {
	ns, siplab := playground(t, "r")
	play := []string{siplab, "play", "--scenario", "court-a", "--interface"}
	inside := append([]string{"ip", "netns", "exec", ns}, play...)
	for _, c := range []struct {
		command []string
		want    string
	}{
		{append(play, "lo"), "no namespace that was made for it"},
		{append(inside, "lo"), "no interface of kind veth or dummy"},
		{append(inside, "tap7"), "no such interface"},
		{append(inside, "tap0", "--speed", "0"), "want more than 0"},
	} {
		out, err := exec.Command(c.command[0], c.command[1:]...).CombinedOutput()
		if err == nil || !strings.Contains(string(out), c.want) || strings.Count(string(out), "\n") != 1 {
			t.Errorf("%s: got %v, %s; want one line with %q", strings.Join(c.command, " "), err, out, c.want)
		}
	}
}

// TestPlayStops: an interrupt ends it, and the truth is a whole document.
func TestPlayStops(t *testing.T) {
	ns, siplab := playground(t, "s")
	truthFile := filepath.Join(t.TempDir(), "truth.json")
	cmd := exec.Command("ip", "netns", "exec", ns, siplab, "play", "--scenario", "court-a", "--interface", "tap0", "--speed", "8", "--truth", truthFile)
	var out bytes.Buffer
	cmd.Stderr = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	await(t, "frames", func() bool {
		n, _ := exec.Command("ip", "netns", "exec", ns, "cat", "/sys/class/net/tap1/statistics/rx_packets").Output()
		sent, _ := strconv.Atoi(strings.TrimSpace(string(n)))
		return sent > 100
	})
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil || cmd.ProcessState.ExitCode() != 1 || !strings.Contains(out.String(), "stopped") {
		t.Errorf("got %v, %s; want status 1 and that it was stopped", err, &out)
	}
	b, err := os.ReadFile(truthFile)
	if err != nil {
		t.Fatal(err)
	}
	if !json.Valid(b) {
		t.Errorf("the truth is no JSON: …%s", b[max(len(b)-200, 0):])
	}
}

// TestPlay: a sensor on one end of a veth pair, in a namespace of the test's,
// sees the calls that siplab plays out of the other.
func TestPlay(t *testing.T) {
	ns, siplab := playground(t, "p")
	dir := t.TempDir()
	sensor := livetest.Tollwatch(t)
	file, truthFile := filepath.Join(dir, "tollwatch.toml"), filepath.Join(dir, "truth.json")
	configuration := fmt.Sprintf("[capture]\ninterfaces = [\"tap1\"]\n[store]\ndir = %q\n[http]\nlisten = \"127.0.0.1:8480\"\n", filepath.Join(dir, "store"))
	if err := os.WriteFile(file, []byte(configuration), 0o600); err != nil {
		t.Fatal(err)
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
