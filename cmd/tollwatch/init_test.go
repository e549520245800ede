package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tollwatch/packaging"
	"tollwatch/sensor/config"
)

// TestInitWritesAConfiguration: the flags answer where nobody can be asked; a file
// that is there keeps what it says otherwise; a wrong answer changes nothing.
func TestInitWritesAConfiguration(t *testing.T) {
	file := filepath.Join(t.TempDir(), "tollwatch.toml")
	empty := t.TempDir()
	written := func() config.Config {
		t.Helper()
		cfg, err := config.Load(file)
		if err != nil {
			t.Fatal(err)
		}
		return cfg
	}
	if code, out, stderr := run(t, nil, "init", "--config", file, "--name", "lyon", "--open", "mon-fri 08:30-18:00, sat 09:00-12:00"); code != 0 || !strings.Contains(out, "is written") {
		t.Fatalf("got %d, %q, %q", code, out, stderr)
	}
	if got := written(); got.Site.Name != "lyon" || len(got.Hours.Open) != 2 || got.Site.Profile != "office" {
		t.Errorf("got %+v", got)
	}
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"--profile", "hotel", "--bill", "150,50"}, 0, "is written"},
		{nil, 0, "is as it was"},
		{[]string{"--profile", "bank"}, 2, "--profile: " + file},
		{[]string{"--bill", "much"}, 2, `--bill: "much" is no amount`},
		{[]string{"--confirm", "MA international"}, 2, "not among the destinations"},
	} {
		code, stdout, stderr := run(t, nil, append([]string{"init", "--config", file}, c.args...)...)
		if code != c.code || !strings.Contains(stdout+stderr, c.want) {
			t.Errorf("init %v: got %d, %q, %q; want %d, %q", c.args, code, stdout, stderr, c.code, c.want)
		}
	}
	if got := written().Site; got.Name != "lyon" || got.Profile != "hotel" || got.UsualMonthlyBill != 150.5 {
		t.Errorf("got %+v", got)
	}
	if code, _, stderr := run(t, nil, "init", "--config", filepath.Join(empty, "no", "folder.toml"), "--name", "x"); code != 1 || !strings.Contains(stderr, "ask as root") {
		t.Errorf("got %d, %q for a folder that is not there", code, stderr)
	}
}

// TestInitAsks: Enter keeps what there is, and a wrong answer is asked for again.
func TestInitAsks(t *testing.T) {
	var out strings.Builder
	i := interview{name: "x", file: packaging.Configuration, out: &out,
		in: bufio.NewReader(strings.NewReader("lyon\n\nbank\nhotel\n\n\n9\nmuch\n20\nnone\neth1, eth2\n"))}
	if err := i.conduct(initCommand()); err != nil {
		t.Fatal(err)
	}
	got, err := config.Parse("x", i.file)
	if err != nil {
		t.Fatal(err)
	}
	if got.Site.Name != "lyon" || got.Site.Profile != "hotel" || got.Site.OutsidePrefix != "9" || got.Site.UsualMonthlyBill != 20 || len(got.Capture.Interfaces) != 2 {
		t.Errorf("got %+v", got)
	}
	if asked := out.String(); !strings.Contains(asked, `"bank" is none of office`) || !strings.Contains(asked, `"much" is no amount`) {
		t.Errorf("got %q, want both wrong answers named", asked)
	}
	if err := i.conduct(initCommand()); err == nil || !strings.Contains(err.Error(), "EOF") {
		t.Errorf("got %v when nobody answers any more", err)
	}
}

// TestInitConfirms: what the first days taught is listed; the sensor hears what is
// confirmed at its next start, and it is listed no more.
func TestInitConfirms(t *testing.T) {
	dir := t.TempDir()
	var records strings.Builder
	records.WriteString("start,number,duration,extension\n")
	for day := range 12 {
		at := time.Date(2026, 11, 2+day, 10, 0, 0, 0, time.UTC)
		for n := range 3 {
			fmt.Fprintf(&records, "%s,00493012345%d,60,204\n", at.Add(time.Duration(n)*time.Hour).Format("2006-01-02 15:04:05"), n)
		}
	}
	file := filepath.Join(dir, "tollwatch.toml")
	text := fmt.Sprintf("[capture]\ninterfaces = []\n[hep]\nlisten = \"127.0.0.1:0\"\n[http]\nlisten = \"\"\n[store]\ndir = %q\n", filepath.Join(dir, "store"))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := run(t, nil, "state", "import", "--config", file, "--columns", "start=start,number=number,duration=duration,extension=extension",
		write(t, "calls.csv", records.String())); code != 0 {
		t.Fatalf("state import: %s", stderr)
	}
	if _, out, stderr := run(t, nil, "init", "--config", file); !strings.Contains(out, "DE international") || !strings.Contains(out, "3 or more numbers") {
		t.Fatalf("got %q, %q, want Germany listed", out, stderr)
	}
	if code, _, stderr := run(t, nil, "init", "--config", file, "--confirm", "KY high_risk"); code != 2 {
		t.Errorf("got %d, %q for a destination that was never called", code, stderr)
	}
	if code, out, stderr := run(t, nil, "init", "--config", file, "--confirm", "DE international", "--by", "jane"); code != 0 || !strings.Contains(out, "by jane: DE international") {
		t.Fatalf("got %d, %q, %q", code, out, stderr)
	}
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	log := &watchedLog{until: "order=confirm", stop: stop}
	cmd := root()
	cmd.SetArgs([]string{"run", "--config", file})
	cmd.SetErr(log)
	if err := cmd.ExecuteContext(ctx); err != nil {
		t.Fatal(err)
	}
	if _, out, _ := run(t, nil, "init", "--config", file); strings.Contains(out, "DE international") {
		t.Errorf("got %q in the log %q, want nothing left to confirm", out, log.text.String())
	}
}
