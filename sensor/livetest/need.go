package livetest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"tollwatch/sensor/rights"
)

// Need skips with the reason; in CI a missing need is a failure.
func Need(t testing.TB, ok bool, reason string) {
	t.Helper()
	if ok {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatal(reason)
	}
	t.Skip(reason)
}

// Programs are looked for in the path.
func Programs(t testing.TB, names ...string) {
	t.Helper()
	for _, name := range names {
		_, err := exec.LookPath(name)
		Need(t, err == nil, name+" is not installed; `make test` installs it")
	}
}

// Built is the path of a program of others, in the version that
// packaging/test/program.sh builds.
func Built(t testing.TB, name, version string) string {
	t.Helper()
	cache, err := os.UserCacheDir() // XDG_CACHE_HOME, or ~/.cache
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(cache, "tollwatch", name+"-"+version, name)
	_, err = os.Stat(path)
	Need(t, err == nil, "no "+name+" "+version+": run packaging/test/program.sh "+name+" once")
	return path
}

// SmallDisk is an empty disk of so many bytes, which ends with the test.
func SmallDisk(t testing.TB, bytes int) (dir string) {
	t.Helper()
	dir = t.TempDir()
	err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", bytes))
	Need(t, err == nil, fmt.Sprintf("mounting a small disk takes root: %v", err))
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Errorf("unmount %s: %v", dir, err)
		}
	})
	return dir
}

// Rights are held, as the kernel says: what it refused would not tell a missing
// right from a fault.
func Rights(t testing.TB, all ...rights.Capability) {
	t.Helper()
	held, err := rights.Held()
	Need(t, err == nil, "the rights of this process are not known: this is not Linux")
	for _, c := range all {
		Need(t, held.Has(c), "needs "+c.String())
	}
}

// Namespaces says that networks can be made.
func Namespaces(t testing.TB) {
	t.Helper()
	Rights(t, rights.SysAdmin, rights.NetAdmin, rights.NetRaw)
	Programs(t, "ip")
}
