package livetest

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"tollwatch/sensor/config"
)

// Sensor is a real tollwatch that runs in a machine.
type Sensor struct {
	*Process
	File   string // its configuration
	host   *Host
	client *http.Client
}

// Configure writes a configuration for the machine's port; more is TOML that
// follows on section [site].
func (h *Host) Configure(mode, more string) string {
	h.net.t.Helper()
	return Configure(h.net.t, []string{"eth0"}, mode, more)
}

// Configure writes a configuration.
func Configure(t testing.TB, interfaces []string, mode, more string) string {
	t.Helper()
	dir := t.TempDir()
	text := fmt.Sprintf("[capture]\ninterfaces = [%s]\nmode = %q\n[store]\ndir = %q\n[http]\nlisten = \"127.0.0.1:8480\"\n[site]\nname = \"live\"\n%s\n",
		`"`+strings.Join(interfaces, `","`)+`"`, mode, filepath.Join(dir, "store"), more)
	file := filepath.Join(dir, "tollwatch.toml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := config.Load(file); err != nil {
		t.Fatal(err)
	}
	return file
}

// Run starts a sensor with a configuration, and waits until it is ready.
func (h *Host) Run(file string) *Sensor {
	h.net.t.Helper()
	s := &Sensor{File: file, host: h, client: h.Client()}
	s.Process = h.Start(Tollwatch(h.net.t), "run", "--config", file)
	Await(s.t, "the sensor to be ready", func() bool {
		if !s.Running() {
			s.t.Fatalf("the sensor ended: %s", s.Said())
		}
		return s.Ready() == "ok\n"
	})
	return s
}

// Ready is what /readyz says.
func (s *Sensor) Ready() string { return s.get("/readyz") }

// Metric is a metric's value, labels and all; 0 where it is not there.
func (s *Sensor) Metric(name string) float64 {
	for line := range strings.Lines(s.get("/metrics")) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			f, _ := strconv.ParseFloat(strings.TrimSpace(value), 64)
			return f
		}
	}
	return 0
}

// Sum adds up a metric over all of its labels.
func (s *Sensor) Sum(name string) (sum float64) {
	for line := range strings.Lines(s.get("/metrics")) {
		labels, value, ok := strings.Cut(strings.TrimSpace(line), " ")
		if ok && (labels == name || strings.HasPrefix(labels, name+"{")) {
			f, _ := strconv.ParseFloat(value, 64)
			sum += f
		}
	}
	return sum
}

func (s *Sensor) get(path string) string {
	r, err := s.client.Get("http://127.0.0.1:8480" + path)
	if err != nil {
		return ""
	}
	defer r.Body.Close()
	b, _ := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	return string(b)
}

// Ask runs a command of the program with the sensor's configuration, beside it,
// and returns what it prints.
func (s *Sensor) Ask(command string, args ...string) string {
	s.t.Helper()
	return run(s.t, Tollwatch(s.t), append([]string{command, "--config", s.File}, args...)...)
}
