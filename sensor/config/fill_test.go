package config

import (
	"os"
	"strings"
	"testing"
)

// TestFillTheShippedFile: answers stand where the defaults stood, and every other
// line is as it was.
func TestFillTheShippedFile(t *testing.T) {
	raw, err := os.ReadFile(shipped)
	if err != nil {
		t.Fatal(err)
	}
	out, err := Fill("x", raw, Answer{"site.name", "lyon \"2\""}, Answer{"site.outside_prefix", "#9"}, Answer{"site.usual_monthly_bill", 150.5},
		Answer{"capture.interfaces", []string{"eth1", "eth2"}}, Answer{"hours.open", []string{"mon-fri 08:30-18:00"}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := Parse("x", out)
	if err != nil {
		t.Fatal(err)
	}
	want := Default()
	want.Site.Name, want.Site.OutsidePrefix, want.Site.UsualMonthlyBill = `lyon "2"`, "#9", 150.5
	want.Capture.Interfaces, want.Hours.Open = []string{"eth1", "eth2"}, []string{"mon-fri 08:30-18:00"}
	compare(t, got, want)
	before, after := strings.Split(string(raw), "\n"), strings.Split(string(out), "\n")
	changed := 0
	for i := range before {
		if len(after) != len(before) {
			t.Fatalf("got %d lines, want %d", len(after), len(before))
		}
		if before[i] != after[i] {
			changed++
			_, was, _ := strings.Cut(before[i], " # ")
			if !strings.HasSuffix(after[i], was) {
				t.Errorf("got %q, want the comment of %q", after[i], before[i])
			}
		}
	}
	if changed != 5 {
		t.Errorf("got %d lines changed, want 5", changed)
	}
	again, err := Fill("x", out, Answer{"site.outside_prefix", "#9"})
	if err != nil || string(again) != string(out) {
		t.Errorf("the same answer again: got %v and another file", err)
	}
}

// TestFillAnyFile: keys and sections that are not there are added; what would
// break the file is refused.
func TestFillAnyFile(t *testing.T) {
	for _, c := range []struct{ file, want, problem string }{
		{"", "\n[site]\nname = \"a\"\n", ""},
		{"[capture]\n\n[ site ] # whose\nprimary = true\n", "[capture]\n\n[ site ] # whose\nname = \"a\"\nprimary = true\n", ""},
		{"[site]\nname='it#s' # ours", "[site]\nname = \"a\"                  # ours\n", ""},
		{"[[trunk]]\nname = \"t\"\n[site]\n", "[[trunk]]\nname = \"t\"\n[site]\nname = \"a\"\n", ""},
		{"site.name = \"b\"\n", "", "x:"},
		{"[site]\nname = \"\"\"\nb\"\"\"\n", "", "x:"},
	} {
		out, err := Fill("x", []byte(c.file), Answer{"site.name", "a"})
		if c.problem != "" {
			if err == nil || !strings.HasPrefix(err.Error(), c.problem) {
				t.Errorf("%q: got %q, %v; want a problem", c.file, out, err)
			}
			continue
		}
		if err != nil || string(out) != c.want {
			t.Errorf("%q: got %q, %v; want %q", c.file, out, err, c.want)
		}
	}
	if _, err := Fill("x", nil, Answer{"site.nmae", "a"}); err == nil {
		t.Error("got an unknown key taken")
	}
	if _, err := Fill("x", nil, Answer{"site.profile", "bank"}); err == nil || !strings.Contains(err.Error(), `"bank" is none of`) {
		t.Errorf("got %v for a profile that there is not", err)
	}
}
