package sensor

import (
	"bytes"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tollwatch/sensor/store"
)

// startWith is the identity that a sensor has which starts on a folder, on a
// machine with such cards; it also returns what was logged.
func startWith(t *testing.T, dir string, cards ...string) (id, logged string) {
	t.Helper()
	s, err := store.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []net.HardwareAddr
	for _, c := range cards {
		all = append(all, net.HardwareAddr(c))
	}
	var b bytes.Buffer
	id, err = identity(s, all, slog.New(slog.NewTextHandler(&b, nil)))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return id, b.String()
}

// TestIdentityOfClones: a box that was cloned after its first start is a sensor
// of its own; a box whose cards are replaced one by one, or whose cards are not
// seen for a while, stays who it is.
func TestIdentityOfClones(t *testing.T) {
	box := t.TempDir()
	first, _ := startWith(t, box, "card-a", "card-b")
	for n, cards := range [][]string{{"card-a", "card-b"}, {"card-b", "card-c"}, {}, {"card-c"}, {"card-c", "card-d"}} {
		if id, logged := startWith(t, box, cards...); id != first || logged != "" {
			t.Errorf("start %d with %v: got %s and %q, want %s and silence", n, cards, id, logged, first)
		}
	}
	clone := t.TempDir()
	if err := os.CopyFS(clone, os.DirFS(box)); err != nil {
		t.Fatal(err)
	}
	second, logged := startWith(t, clone, "card-x")
	if second == first || !strings.Contains(logged, "sensor="+second) || !strings.Contains(logged, "before="+first) {
		t.Errorf("got %s and %q, want an identity that is not %s, and both told", second, logged, first)
	}
	if again, logged := startWith(t, clone, "card-x"); again != second || logged != "" {
		t.Errorf("got %s and %q, want %s again", again, logged, second)
	}
	if id, _ := startWith(t, box, "card-d"); id != first {
		t.Errorf("the box that was cloned: got %s, want %s", id, first)
	}
}

// TestIdentityBeforeCardsWereKept: a store of an earlier version keeps its name.
func TestIdentityBeforeCardsWereKept(t *testing.T) {
	dir := t.TempDir()
	s, err := store.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	own := []byte("sixteen bytes ok")
	if err := s.SaveState(identityState, own); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if id, _ := startWith(t, dir, "card-a"); id != shortID(own) {
		t.Errorf("got %s, want %s", id, shortID(own))
	}
	if id, _ := startWith(t, dir, "card-b"); id == shortID(own) {
		t.Errorf("got %s on another machine, want another", id)
	}
}

// TestCardsAreNotReadable: the store has no address of the hardware.
func TestCardsAreNotReadable(t *testing.T) {
	dir := t.TempDir()
	startWith(t, dir, "card-a")
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("got %v, %v", files, err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, []byte("card-a")) {
			t.Errorf("%s has the address of a card", f)
		}
	}
}
