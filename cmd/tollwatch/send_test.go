package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tollwatch/sensor/output/influx/influxtest"
)

// TestSendWithoutAConfiguration: nothing else tells where to.
func TestSendWithoutAConfiguration(t *testing.T) {
	if _, err := os.Stat(defaultConfig); err == nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(defaultConfig + " is there")
		}
		t.Skip(defaultConfig + " is there: this machine has a sensor of its own")
	}
	code, _, stderr := run(t, nil, "replay", "--send", example)
	if code != 2 || !strings.Contains(stderr, defaultConfig+" is not there: name a configuration with --config") {
		t.Errorf("got status %d, %q; want 2, and that the file is not there", code, stderr)
	}
}

// TestReplaySends: whoever plays the example finds the incident, its money and its
// reasons in the database, at the packets' own times, and once where it is played
// twice.
func TestReplaySends(t *testing.T) {
	server := influxtest.Influxd(t)
	ask := func(query string) string { return influxtest.Text(server.InfluxQL(t, "calls", query)) }
	ask("CREATE DATABASE calls")
	configure := func(bucket string) string {
		t.Helper()
		file := filepath.Join(t.TempDir(), "tollwatch.toml")
		text := fmt.Sprintf("[site]\nname = \"lyon\"\n[influx]\nurl = %q\nbucket = %q\n", server.URL, bucket)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	code, out, stderr := run(t, nil, "replay", "--send", "--config", configure("calls"), example)
	if code != 0 || !strings.Contains(stderr, " points sent to InfluxDB") {
		t.Fatalf("got status %d, %q; want 0 and how many were sent", code, stderr)
	}
	if !strings.Contains(out, "KY") {
		t.Errorf("got %q, want the summary as without --send", out)
	}
	for query, want := range map[string]string{ // the summary of the example says the same
		`SELECT count("duration") FROM call WHERE site = 'lyon' AND sensor = 'replay' AND dest_country = 'KY' AND time > '2026-03-07T01:00:00Z' AND time < '2026-03-07T01:02:00Z'`: "26",
		`SELECT last(open), event FROM alert WHERE scheme = 'toll_fraud' AND level = 'critical'`:                                                                                   "1 updated",
		`SELECT max(spent_eur) FROM alert`:  "6.7667",
		`SELECT max(calls) FROM traffic`:    "6",
		`SELECT count(packets) FROM stream`: "104",
	} {
		if got := ask(query); got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
	if text := ask(`SELECT text FROM alert WHERE level = 'critical' LIMIT 1`); !strings.Contains(text, "3rd call at once from extension 214") {
		t.Errorf("got %q, want the reasons", text)
	}
	counts := func() string {
		return ask(`SELECT count("duration") FROM call`) + " " + ask("SELECT count(score) FROM alert") + " " + ask("SELECT count(calls) FROM traffic")
	}
	once := counts()
	if code, _, stderr := run(t, nil, "replay", "--send", "--json", "--config", configure("calls"), example); code != 0 {
		t.Fatalf("played again: got status %d, %q", code, stderr)
	}
	if twice := counts(); twice != once {
		t.Errorf("got %s points of calls, alerts and traffic after playing it twice, want %s as after once", twice, once)
	}
	code, _, stderr = run(t, nil, "replay", "--send", "--config", configure("absent"), example)
	if code != 1 || !strings.Contains(stderr, "did not arrive") || !strings.Contains(stderr, "CREATE DATABASE") {
		t.Errorf("to a database that is not there: got status %d, %q; want 1 and what to do", code, stderr)
	}
}
