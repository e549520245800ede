package grafana

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// node is Node and the folder of what packaging/test/grafana.sh fetched, or the end
// of t.
func node(t *testing.T) (program, modules string) {
	t.Helper()
	lock, err := os.ReadFile("../../../packaging/test/grafana/package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	cache := os.Getenv("XDG_CACHE_HOME")
	if cache == "" {
		home, _ := os.UserHomeDir()
		cache = filepath.Join(home, ".cache")
	}
	dir := filepath.Join(cache, "tollwatch", fmt.Sprintf("grafana-%.6x", sha256.Sum256(lock)))
	program, err = exec.LookPath("node")
	if err == nil {
		_, err = os.Stat(filepath.Join(dir, "complete"))
	}
	if err != nil {
		why := "nothing of Grafana: run packaging/test/grafana.sh once: " + err.Error()
		if os.Getenv("CI") == "true" {
			t.Fatal(why)
		}
		t.Skip(why)
	}
	return program, filepath.Join(dir, "node_modules")
}
