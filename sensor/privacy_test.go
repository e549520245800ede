package sensor

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tollwatch/sensor/config"
	"tollwatch/sensor/output/mask"
	"tollwatch/sensor/store"
)

func openStore(t *testing.T, dir string) *store.Store {
	t.Helper()
	s, err := store.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// TestKeyOfHashes is made once, kept, and another one at each site; a file has the
// last word.
func TestKeyOfHashes(t *testing.T) {
	cfg := config.Default()
	dir := t.TempDir()
	kept := openStore(t, filepath.Join(dir, "a"))
	key := func(s *store.Store) []byte {
		t.Helper()
		id, err := identify(cfg, "5f0c", s)
		if err != nil {
			t.Fatal(err)
		}
		return id.Key
	}
	if id, err := identify(cfg, "5f0c", kept); err != nil || id.Mask != mask.HideLast4 || id.Key != nil {
		t.Errorf("by default: got mask %s, key %x, %v; want hide_last4 without a key", id.Mask, id.Key, err)
	}
	cfg.Privacy.Mask = "hashed"
	own := key(kept)
	if len(own) < mask.KeyBytes || !bytes.Equal(own, key(kept)) {
		t.Errorf("got key %x and %x, want one of %d bytes", own, key(kept), mask.KeyBytes)
	}
	if other := key(openStore(t, filepath.Join(dir, "b"))); bytes.Equal(own, other) {
		t.Error("two sites: got one key, want two")
	}
	cfg.Privacy.KeyFile = filepath.Join(dir, "key")
	if err := os.WriteFile(cfg.Privacy.KeyFile, []byte("0123456789abcdef\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := string(key(kept)); got != "0123456789abcdef" {
		t.Errorf("with a file: got key %q", got)
	}
	if err := os.WriteFile(cfg.Privacy.KeyFile, []byte("short\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := identify(cfg, "5f0c", kept); err == nil || !strings.Contains(err.Error(), "want 16 at least") {
		t.Errorf("a short key: got %v", err)
	}
}
