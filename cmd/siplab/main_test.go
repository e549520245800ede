package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// run runs a command as main does and returns its exit status.
func run(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	cmd := root()
	cmd.SetArgs(args)
	cmd.SetOut(&out)
	cmd.SetErr(&err)
	if e := cmd.ExecuteContext(t.Context()); e != nil {
		code = status(e)
		err.WriteString(e.Error() + "\n")
	}
	return code, out.String(), err.String()
}

func TestStatuses(t *testing.T) {
	dir := t.TempDir()
	bad := filepath.Join(dir, "bad.toml")
	if err := os.WriteFile(bad, []byte("loss = 7.0\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	pcap, truth := filepath.Join(dir, "a.pcap.gz"), filepath.Join(dir, "a.json")
	short := []string{"--set", "length=1m", "--set", "attack.length=1m", "--set", "media=none"}
	for _, c := range []struct {
		args   []string
		code   int
		stderr string
	}{
		{append([]string{"generate", "--scenario", "court-a", "-o", pcap, "--truth", truth}, short...), 0, "court-a, seed 1"},
		{[]string{"generate"}, 2, "--scenario is missing"},
		{[]string{"generate", "--scenario", "court-a", "-o", pcap}, 2, "--truth is missing"},
		{[]string{"generate", "--scenario", "nothing", "-o", pcap, "--truth", truth}, 2, "no such name"},
		{[]string{"generate", "--scenario", bad, "-o", pcap, "--truth", truth}, 2, "bad.toml:1:"},
		{[]string{"generate", "--scenario", "court-a", "--set", "bogus=1", "-o", pcap, "--truth", truth}, 2, "unknown key"},
		{[]string{"generate", "--scenario", "court-a", "--set", "loss", "-o", pcap, "--truth", truth}, 2, "want KEY=VALUE"},
		{[]string{"generate", "--scenario", "court-a", "-o", filepath.Join(dir, "absent", "x"), "--truth", truth}, 1, "no such file"},
		{[]string{"generate", "--bogus"}, 2, "see siplab generate -h"},
		{[]string{"bogus"}, 2, "unknown command"},
	} {
		code, _, stderr := run(t, c.args...)
		if code != c.code || !strings.Contains(stderr, c.stderr) || strings.Count(stderr, "\n") > 1 {
			t.Errorf("siplab %s: got status %d, %q; want %d and one line with %q", strings.Join(c.args, " "), code, stderr, c.code, c.stderr)
		}
	}
	if info, err := os.Stat(pcap); err != nil || info.Size() == 0 {
		t.Errorf("no capture was written: %v", err)
	}
}

func TestScenarios(t *testing.T) {
	if code, stdout, _ := run(t, "scenarios"); code != 0 || !strings.Contains(stdout, "office-court-a") {
		t.Errorf("got status %d and %q, want the names", code, stdout)
	}
}
