//go:build linux

package bpf

import (
	"os"
	"testing"
)

// need skips a test where rights are missing, or fails it where none may be.
func need(t testing.TB, rights ...Right) {
	t.Helper()
	missing, err := Missing(rights...)
	if err != nil {
		t.Fatal(err)
	}
	switch {
	case len(missing) == 0:
	case os.Getenv("CI") == "true":
		t.Fatalf("kernel programs need %v", missing)
	default:
		t.Skipf("kernel programs need %v", missing)
	}
}

// load is a set of programs with a clock of its own, which ends with the test.
func load(t testing.TB) *Programs {
	t.Helper()
	need(t, BPF, PerfMon)
	p, err := Load(Config{FakeClock: true})
	if err != nil {
		t.Fatalf("%+v", err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}
