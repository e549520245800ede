package config

import (
	"os"
	"path/filepath"
	"testing"
)

// TestExamine: a file with a problem is read to its end, and what is sound in it
// can be looked at further, at its place.
func TestExamine(t *testing.T) {
	file := filepath.Join(t.TempDir(), "t.toml")
	if err := os.WriteFile(file, []byte("[site]\ncountry = \"France\"\n[store]\ndir = \"/a\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	e, err := Examine(file)
	if err != nil {
		t.Fatal(err)
	}
	if e.Sound("site.country") || !e.Sound("store.dir") || len(e.Problems) != 1 || e.Config.Store.Dir != "/a" {
		t.Errorf("got %+v, want the country unsound and the folder /a", e)
	}
	if got, want := e.Problem("store.dir", "full").String(), file+":4:7: store.dir: full"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := e.Problem("tariff.file", "gone").String(), file+": tariff.file: gone"; got != want {
		t.Errorf("of a key that is not there: got %s, want %s", got, want)
	}
	if _, err := Examine(file + "x"); err == nil {
		t.Error("got no error of a file that is not there")
	}
	if err := os.WriteFile(file, []byte("[site\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if e, err := Examine(file); err != nil || len(e.Problems) != 1 || e.Sound("store.dir") {
		t.Errorf("of what is no TOML: got %+v, %v; want one problem, and no key that can be used", e, err)
	}
}
