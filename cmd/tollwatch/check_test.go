package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCheck: statuses and the two forms of the sheet; what the checks say is
// tested where they are.
func TestCheck(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "t.toml")
	configuration := func(mode string) {
		text := "[capture]\ninterfaces = []\nmode = \"" + mode + "\"\n[hep]\nlisten = \"127.0.0.1:9060\"\n[store]\ndir = \"" + dir + "\"\n"
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	configuration("auto")
	code, out, stderr := run(t, nil, "check", "--config", file)
	if code != 0 || stderr != "" || !strings.HasPrefix(out, "pass  configuration  "+file) || !strings.Contains(out, " 0 failed\n") {
		t.Errorf("of a sound file: got status %d, %s%s", code, out, stderr)
	}
	configuration("fast")
	code, out, stderr = run(t, nil, "check", "--config", file, "--json")
	if code != 1 || !strings.Contains(stderr, "checks failed") || !strings.HasPrefix(out, `{"type":"check","check":"configuration","result":"fail","found":"`+file+":3:8: capture.mode") ||
		!strings.Contains(out, `{"type":"sheet","passed":`) {
		t.Errorf("of a file with a problem: got status %d, %s%s", code, out, stderr)
	}
	for _, args := range [][]string{{"check", "--config", file + "x"}, {"check", "--live", "0s"}, {"check", "--live", "soon"}, {"check", "x"}} {
		if code, out, stderr := run(t, nil, args...); code != 2 || out != "" || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%v: got status %d, %s%s; want 2 and one line", args, code, out, stderr)
		}
	}
}
