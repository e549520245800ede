package grafana

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"tollwatch/sensor/livetest"
)

// node is Node and the folder of what packaging/test/grafana.sh fetched, or the end
// of t.
func node(t *testing.T) (program, modules string) {
	t.Helper()
	lock, err := os.ReadFile("../../../packaging/test/grafana/package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	cache, err := os.UserCacheDir() // XDG_CACHE_HOME, or ~/.cache
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(cache, "tollwatch", fmt.Sprintf("grafana-%.6x", sha256.Sum256(lock)))
	program, err = exec.LookPath("node")
	if err == nil {
		_, err = os.Stat(filepath.Join(dir, "complete"))
	}
	livetest.Need(t, err == nil, "nothing of Grafana: run packaging/test/grafana.sh once")
	return program, filepath.Join(dir, "node_modules")
}
