package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tollwatch/sensor/order"
)

// storedExample is the store of a replay of the example, and its page.
func storedExample(t *testing.T) (dir, incident string) {
	t.Helper()
	dir = t.TempDir()
	if code, _, stderr := run(t, nil, "replay", "--store", dir, example); code != 0 {
		t.Fatalf("replay --store: status %d, %s", code, stderr)
	}
	_, out, _ := run(t, nil, "incidents", "--json", "--store", dir)
	for line := range strings.Lines(out) {
		var a struct{ Incident, Level string }
		if err := json.Unmarshal([]byte(line), &a); err == nil && a.Level == "critical" {
			return dir, a.Incident
		}
	}
	t.Fatalf("got no critical incident in %s", out)
	return "", ""
}

func TestOrdersOfPeople(t *testing.T) {
	dir, incident := storedExample(t)
	for _, c := range []struct {
		args []string
		code int
		want string // of standard output, else of standard error
	}{
		{[]string{"incidents", "ack", incident, "--by", "jane"}, 0, "KY high_risk"},
		{[]string{"incidents", "ack", incident, "--json"}, 0, `"order":"acknowledge"`},
		{[]string{"incidents", "normal", incident}, 0, "in 90 days"},
		{[]string{"incidents", "normal", "--remove", incident}, 0, "taken back"},
		{[]string{"incidents", "normal", "--list"}, 0, "nothing that was said holds"},
		{[]string{"incidents", "ack", "20260101-000000-beef"}, 2, "no such incident"},
		{[]string{"incidents", "ack"}, 2, "accepts 1 arg"},
		{[]string{"maintenance", "start", "--until", "23:59", "--reason", "new PBX"}, 0, "maintenance until"},
		{[]string{"maintenance", "start", "--until", "soon", "--reason", "new PBX"}, 2, "is no time"},
		{[]string{"maintenance", "start", "--until", "2020-01-01T00:00:00Z", "--reason", "new PBX"}, 2, "is over"},
		{[]string{"maintenance", "start", "--until", "2999-01-01T00:00:00Z", "--reason", "new PBX"}, 2, "72 hours"},
		{[]string{"maintenance", "start", "--until", "23:59"}, 2, "--reason is missing"},
		{[]string{"maintenance", "stop", "--json"}, 0, `"kind":"maintenance"`},
	} {
		code, stdout, stderr := run(t, nil, append(c.args, "--store", dir)...)
		if code != c.code || !strings.Contains(stdout+stderr, c.want) || code != 0 && strings.Count(stderr, "\n") != 1 {
			t.Errorf("tollwatch %v: got %d, %q, %q; want %d, %q", c.args, code, stdout, stderr, c.code, c.want)
		}
	}
	waiting, err := order.Waiting(dir)
	if err != nil || len(waiting) != 6 || !cmp.Equal(waiting[0].Order, order.Order{Kind: order.Acknowledge, Incident: incident, By: "jane"}) {
		t.Errorf("got %+v, %v; want six orders, jane's first", waiting, err)
	}
}

// TestRunHears: a sensor hears what was ordered while it was down, of incidents
// that it knows from before; an alert says so, with all that was known.
func TestRunHears(t *testing.T) {
	dir, incident := storedExample(t)
	if code, _, stderr := run(t, nil, "state", "import", "--store", dir, example); code != 0 {
		t.Fatalf("state import: %s", stderr)
	}
	file := filepath.Join(t.TempDir(), "tollwatch.toml")
	text := fmt.Sprintf("[capture]\ninterfaces = []\n[hep]\nlisten = \"127.0.0.1:0\"\n[http]\nlisten = \"\"\n[store]\ndir = %q\n", dir)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"incidents", "ack", incident, "--by", "jane"}, {"maintenance", "start", "--until", "23:59", "--reason", "new PBX"}} {
		if code, _, stderr := run(t, nil, append(args, "--config", file)...); code != 0 {
			t.Fatalf("tollwatch %v: %s", args, stderr)
		}
	}
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	log := &watchedLog{until: "new PBX", stop: stop}
	cmd := root()
	cmd.SetArgs([]string{"run", "--config", file})
	cmd.SetErr(log)
	if err := cmd.ExecuteContext(ctx); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"incident acknowledged", "acknowledged_by=jane", "order=maintenance"} {
		if got := log.text.String(); !strings.Contains(got, want) {
			t.Errorf("got %s, want %q in it", got, want)
		}
	}
	_, out, _ := run(t, nil, "incidents", "--json", "--store", dir)
	if !strings.Contains(out, `"event":"acknowledged"`) || !strings.Contains(out, `"acknowledged_by":"jane"`) || strings.Contains(out, `"reasons":[]`) {
		t.Errorf("got %s, want the incident acknowledged by jane, with its reasons", out)
	}
	if _, out, _ := run(t, nil, "incidents", "normal", "--list", "--store", dir); !strings.Contains(out, incident) {
		t.Errorf("got %q, want the acknowledgement listed", out)
	}
	if waiting, err := order.Waiting(dir); err != nil || len(waiting) > 0 {
		t.Errorf("got %d orders left, %v; want none", len(waiting), err)
	}
}

// TestRunNotesWhoKnewOfOldIncidents: an incident that the sensor has forgotten is
// covered by nothing any more; that somebody acknowledged it is kept.
func TestRunNotesWhoKnewOfOldIncidents(t *testing.T) {
	dir, incident := storedExample(t)
	file := filepath.Join(t.TempDir(), "tollwatch.toml")
	text := fmt.Sprintf("[capture]\ninterfaces = []\n[hep]\nlisten = \"127.0.0.1:0\"\n[http]\nlisten = \"\"\n[store]\ndir = %q\n", dir)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := run(t, nil, "incidents", "ack", incident, "--by", "jane", "--config", file); code != 0 {
		t.Fatal(stderr)
	}
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	log := &watchedLog{until: "order heard", stop: stop}
	cmd := root()
	cmd.SetArgs([]string{"run", "--config", file})
	cmd.SetErr(log)
	if err := cmd.ExecuteContext(ctx); err != nil {
		t.Fatal(err)
	}
	_, out, _ := run(t, nil, "incidents", "--json", "--store", dir)
	if !strings.Contains(out, `"acknowledged_by":"jane"`) || strings.Contains(out, `"reasons":[]`) {
		t.Errorf("got %s, want it acknowledged by jane, with its reasons; the log: %s", out, log.text.String())
	}
	if _, out, _ := run(t, nil, "incidents", "normal", "--list", "--store", dir); strings.Contains(out, incident) {
		t.Errorf("got %q, want nothing to hold", out)
	}
}

// watchedLog ends the sensor when its log says something.
type watchedLog struct {
	text  strings.Builder
	until string
	stop  func()
}

// Write implements io.Writer; slog gives it whole lines, one at a time.
func (l *watchedLog) Write(b []byte) (int, error) {
	n, err := l.text.Write(b)
	if strings.Contains(string(b), l.until) {
		l.stop()
	}
	return n, err
}
