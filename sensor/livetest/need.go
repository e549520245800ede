package livetest

import (
	"os"
	"os/exec"
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
