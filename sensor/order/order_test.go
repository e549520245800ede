package order

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestOrdersArriveInOrder(t *testing.T) {
	dir := t.TempDir()
	if waiting, err := Waiting(dir); err != nil || waiting != nil {
		t.Fatalf("got %v, %v before anybody ordered anything, want nothing", waiting, err)
	}
	want := []Order{{Kind: Acknowledge, Incident: "a", By: "jane"}, {Kind: Normal, Incident: "b"},
		{Kind: Maintenance, Reason: "new PBX", Until: time.Date(2026, 11, 2, 18, 0, 0, 0, time.UTC)}}
	for _, o := range want {
		if err := Leave(dir, o); err != nil {
			t.Fatal(err)
		}
	}
	got, err := Waiting(dir)
	if err != nil || len(got) != len(want) {
		t.Fatalf("got %d orders, %v; want %d", len(got), err, len(want))
	}
	for i := range got {
		if got[i].Err != nil || !cmp.Equal(got[i].Order, want[i]) {
			t.Errorf("got %+v, %v; want %+v", got[i].Order, got[i].Err, want[i])
		}
		if info, err := os.Stat(got[i].path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("got %v, %v; want a file of the owner alone", info.Mode(), err)
		}
		if err := got[i].Discard(); err != nil {
			t.Error(err)
		}
	}
	if left, _ := os.ReadDir(filepath.Join(dir, folder)); len(left) > 0 {
		t.Errorf("got %v left, want nothing", left)
	}
}

// TestOrdersOfOthersAreRefused: a link, a large file, one that others may write, and
// what is no order.
func TestOrdersOfOthersAreRefused(t *testing.T) {
	dir := t.TempDir()
	in := filepath.Join(dir, folder)
	if err := os.Mkdir(in, 0o700); err != nil {
		t.Fatal(err)
	}
	put := func(name, text string, mode fs.FileMode) {
		path := filepath.Join(in, name+suffix)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	put("1", `{"kind":"acknowledge"}`, 0o666)
	put("2", strings.Repeat(" ", maxSize+1), 0o600)
	put("3", "no order", 0o600)
	if err := os.Symlink("/etc/passwd", filepath.Join(in, "4"+suffix)); err != nil {
		t.Fatal(err)
	}
	got, err := Waiting(dir)
	if err != nil || len(got) != 4 {
		t.Fatalf("got %d, %v; want 4", len(got), err)
	}
	for _, l := range got {
		if l.Err == nil {
			t.Errorf("%s: got it taken, want it refused", l.path)
		}
	}
}

func TestOrdersAreBounded(t *testing.T) {
	dir := t.TempDir()
	for range maxWaiting {
		if err := Leave(dir, Order{Kind: Normal, Incident: "a"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := Leave(dir, Order{Kind: Normal, Incident: "a"}); err == nil {
		t.Error("got one more order taken than may wait")
	}
	if err := Leave(filepath.Join(dir, "absent"), Order{}); err == nil || !strings.Contains(err.Error(), "there is no store") {
		t.Errorf("got %v, want that there is no store", err)
	}
}
