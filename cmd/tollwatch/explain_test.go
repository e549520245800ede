package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

// TestExplain: a replay into a store, and then every incident of it explained.
func TestExplain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	if code, _, stderr := run(t, nil, "replay", "--store", dir, example); code != 0 {
		t.Fatal(stderr)
	}
	_, incidents, _ := run(t, nil, "incidents", "--json", "--store", dir)
	for line := range strings.Lines(incidents) {
		var incident struct {
			Incident string
			Score    float64
		}
		if err := json.Unmarshal([]byte(line), &incident); err != nil {
			t.Fatal(err)
		}
		code, out, stderr := run(t, nil, "explain", "--json", "--store", dir, incident.Incident)
		lines := strings.Split(strings.TrimSpace(out), "\n")
		var last struct {
			Score float64
			Terms []struct{ Points float64 }
		}
		if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); code != 0 || err != nil {
			t.Fatalf("got status %d, %v, %s", code, err, stderr)
		}
		sum := 0.0
		for _, term := range last.Terms {
			sum += term.Points
		}
		if sum != incident.Score || last.Score != incident.Score {
			t.Errorf("got score %v of terms that add up to %v, want %v", last.Score, sum, incident.Score)
		}
	}
	if code, _, stderr := run(t, nil, "explain", "--store", dir, "none"); code != 2 || stderr != "no such incident: none\n" {
		t.Errorf("got status %d, %q, want 2 and that there is none", code, stderr)
	}
}
