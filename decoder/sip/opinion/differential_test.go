package opinion

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tollwatch/decoder/sip"
	"tollwatch/decoder/sip/gosip"
)

// differences lists what differs for no known reason.
func differences(m *sip.Message, facts *gosip.Facts) []string {
	var out []string
	for _, f := range Compare(m, facts) {
		if f.Reason == "" {
			out = append(out, fmt.Sprintf("%s %s: scanner %q, gosip %q", f.Header, f.Fact, f.Scanner, f.Gosip))
		}
	}
	if m.Request != facts.Request || m.Status != facts.Status {
		out = append(out, "kind or status")
	}
	return out
}

// FuzzDifferential: what both parsers accept, both read alike, but for the
// known reasons.
func FuzzDifferential(f *testing.F) {
	files, err := filepath.Glob("../testdata/*.sip")
	if err != nil || len(files) == 0 {
		f.Fatalf("no messages: %v", err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	r := gosip.New()
	var m sip.Message
	f.Fuzz(func(t *testing.T, b []byte) {
		facts, err := r.Parse(b)
		if err != nil || !sip.Parse(b, &m) {
			return
		}
		if d := differences(&m, &facts); d != nil {
			t.Errorf("%q (%s):\n%s", b, m.Anomalies, strings.Join(d, "\n"))
		}
	})
}

// TestDifferentialOnRight: on right messages no reason is needed but those of
// gosip's faults.
func TestDifferentialOnRight(t *testing.T) {
	files, _ := filepath.Glob("../testdata/*.sip")
	r, read := gosip.New(), 0
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var m sip.Message
		facts, err := r.Parse(b)
		if err != nil || !sip.Parse(b, &m) {
			t.Errorf("%s: refused, gosip says %v", file, err)
			continue
		}
		read++
		if d := differences(&m, &facts); d != nil {
			t.Errorf("%s:\n%s", file, strings.Join(d, "\n"))
		}
	}
	if read < 8 {
		t.Errorf("compared %d messages, want 8", read)
	}
}

// TestDifferentialOnCorpus: the same on the messages that lie beside the
// repository, torture tests among them.
func TestDifferentialOnCorpus(t *testing.T) {
	root := ""
	for dir := "../../.."; root == "" && len(dir) < 40; dir += "/.." {
		if st, err := os.Stat(dir + "/shared/corpus/sip"); err == nil && st.IsDir() {
			root = dir + "/shared/corpus/sip"
		}
	}
	if root == "" && os.Getenv("CI") == "true" {
		t.Fatal("no folder shared/corpus beside or above the repository: in CI it must be there")
	}
	if root == "" {
		t.Skip("no folder shared/corpus beside or above the repository")
	}
	files, _ := filepath.Glob(root + "/*/*.dat")
	r, read := gosip.New(), 0
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var m sip.Message
		facts, err := r.Parse(b)
		if err != nil || !sip.Parse(b, &m) {
			continue
		}
		read++
		if d := differences(&m, &facts); d != nil {
			t.Errorf("%s (%s):\n%s", file, m.Anomalies, strings.Join(d, "\n"))
		}
	}
	if read < 80 {
		t.Errorf("both read %d messages, want 80 at least", read)
	}
}
