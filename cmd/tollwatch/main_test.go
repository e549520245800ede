package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

const example = "../../docs/example/office-court-a.pcap.zst"

// run runs a command as main does and returns its exit status.
func run(t *testing.T, stdin io.Reader, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	cmd := root()
	cmd.SetArgs(args)
	cmd.SetIn(stdin)
	cmd.SetOut(&out)
	cmd.SetErr(&err)
	if e := cmd.ExecuteContext(t.Context()); e != nil {
		code = status(e)
		err.WriteString(e.Error() + "\n")
	}
	return code, out.String(), err.String()
}

// plain is the example, decompressed.
func plain(t *testing.T) []byte {
	t.Helper()
	b, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	b, err = z.DecodeAll(b, nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestStatuses holds the exit statuses of the contract, and that each error is
// one line.
func TestStatuses(t *testing.T) {
	dir := t.TempDir()
	file := func(name string, b []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	whole := plain(t)
	for _, c := range []struct {
		args   []string
		code   int
		stderr string
		stdout bool
	}{
		{[]string{"replay", example}, 0, "", true},
		{[]string{"replay", file("empty", nil)}, 0, "the capture is empty", true},
		{[]string{"replay", file("no-frames", whole[:24])}, 0, "the capture is empty", true},
		{[]string{"replay", file("cut", whole[:300_001])}, 1, "cut in the middle of a record", true},
		{[]string{"replay", file("text", []byte("no capture at all"))}, 1, "this is no capture", false},
		{[]string{"replay", filepath.Join(dir, "absent")}, 1, "no such file", false},
		{[]string{"replay"}, 2, "requires at least 1 arg", false},
		{[]string{"replay", "--send", "--config", file("no-influx.toml", nil), example}, 2, "[influx] url is empty", false},
		{[]string{"replay", "--bogus", example}, 2, "unknown flag", false},
		{[]string{"replay", "--config", filepath.Join(dir, "absent"), example}, 2, "read configuration", false},
		{[]string{"replay", "--config", file("bad.toml", []byte("[site]\ncountry = \"XX\"\n")), example}, 2, "bad.toml:2:", false},
		{[]string{"replay", "--config", file("prices.toml", []byte("[tariff]\nfile = \""+file("bad.csv", []byte("prefix,price\n33,free\n44,x\n"))+"\"\n")), example}, 2,
			"bad.csv:2:4: price: \"free\" is no amount in EUR below 1000: write 0.35 (problem 1 of 2)", false},
		{[]string{"bogus"}, 2, "unknown command", false},
		{[]string{"calls", "extra"}, 2, "unknown command", false},
		{[]string{"calls", "--store", filepath.Join(dir, "absent")}, 1, "nothing is kept there yet", false},
		{[]string{"run", "--config", file("if.toml", []byte("[capture]\ninterfaces = [\"nosuch0\"]\n[store]\ndir = \""+dir+"/s\"\n"))}, 1, "no such interface", false},
		{[]string{"devices"}, 0, "", true},
		{[]string{"devices", "--json"}, 0, "", true},
		{[]string{"devices", "eth0"}, 2, "unknown command", false},
		{[]string{"version"}, 0, "", true},
	} {
		code, stdout, stderr := run(t, strings.NewReader(""), c.args...)
		if code != c.code || !strings.Contains(stderr, c.stderr) {
			t.Errorf("tollwatch %s: got status %d, %q; want %d, %q", strings.Join(c.args, " "), code, stderr, c.code, c.stderr)
		}
		if strings.Count(stderr, "\n") > 1 {
			t.Errorf("tollwatch %s: got %q, want one line", strings.Join(c.args, " "), stderr)
		}
		if (stdout != "") != c.stdout {
			t.Errorf("tollwatch %s: got standard output %.60q, want some: %v", strings.Join(c.args, " "), stdout, c.stdout)
		}
	}
}

func TestReplayFromStandardInputIsTheSame(t *testing.T) {
	_, fromFile, _ := run(t, nil, "replay", "--json", example)
	_, fromPipe, _ := run(t, bytes.NewReader(plain(t)), "replay", "--json", "-")
	// The last line has the time that it took.
	cut := func(s string) string { return s[:strings.LastIndex(s, `"wall_seconds"`)] }
	if cut(fromFile) != cut(fromPipe) {
		t.Error("the example from a file and from standard input differ")
	}
}

// TestContract reads what replay prints for the README's example: one object a
// line, type first, calls and alerts that add up, the summary last.
func TestContract(t *testing.T) {
	code, out, _ := run(t, nil, "replay", "--json", example)
	if code != 0 {
		t.Fatalf("got status %d", code)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	count := map[string]int{}
	firstPage := true
	for _, line := range lines {
		if !strings.HasPrefix(line, `{"type":"`) {
			t.Fatalf("got %.60s, want type first", line)
		}
		var o struct {
			Type, Event, Level string
			Score              float64
			Reasons            []struct{ Points float64 }
			Calls              any
			SpentEUR           float64 `json:"spent_eur"`
			Frames, Decoded    uint64
			Ignored, Malformed map[string]uint64
			Dropped            map[string]uint64
			Frequency          *struct{ Unit string }
			Destination        *struct{ Unit string }
			Duration           any // seconds of a call, a criterion of an alert
		}
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		count[o.Type]++
		switch o.Type {
		case "alert":
			sum := 0.0
			for _, r := range o.Reasons {
				sum += r.Points
			}
			if sum != o.Score {
				t.Errorf("alert: the reasons add up to %v, the score is %v", sum, o.Score)
			}
			if o.Frequency == nil || o.Duration == nil || o.Destination == nil {
				t.Errorf("alert without the three criteria: %s", line)
			}
			if pages := o.Level == "major" || o.Level == "critical"; pages && firstPage {
				firstPage = false
				if o.Calls.(float64) > 3 || o.SpentEUR >= 1 {
					t.Errorf("first page: got call %v and %v €, want the third call at the latest, under 1 €", o.Calls, o.SpentEUR)
				}
			}
		case "summary":
			fates := o.Decoded
			for _, m := range []map[string]uint64{o.Ignored, o.Malformed, o.Dropped} {
				for _, n := range m {
					fates += n
				}
			}
			if fates != o.Frames || o.Frames == 0 {
				t.Errorf("the ledger does not balance: %d frames, %d accounted for", o.Frames, fates)
			}
		}
	}
	if firstPage {
		t.Error("no alert that pages")
	}
	if count["summary"] != 1 || !strings.Contains(lines[len(lines)-1], `"summary"`) {
		t.Errorf("got %d summaries, want one, last", count["summary"])
	}
	for _, kind := range []string{"call", "stream", "registration", "alert"} {
		if count[kind] == 0 {
			t.Errorf("no %s among the objects", kind)
		}
	}
}

func TestStoredCallsAndIncidents(t *testing.T) {
	dir := t.TempDir()
	if code, _, stderr := run(t, nil, "replay", "--store", dir, example); code != 0 {
		t.Fatalf("replay --store: status %d, %s", code, stderr)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"incidents"}, "toll fraud"},
		{[]string{"alerts", "--json"}, `"type":"alert"`},
		{[]string{"calls", "--number", "+1345", "--limit", "5"}, "KY"},
		{[]string{"calls", "--json", "--limit", "1"}, `"type":"call"`},
	} {
		code, stdout, stderr := run(t, nil, append(c.args, "--store", dir)...)
		if code != 0 || !strings.Contains(stdout, c.want) {
			t.Errorf("tollwatch %v: got %d %q %q, want %q", c.args, code, stdout, stderr, c.want)
		}
	}
}
