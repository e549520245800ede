//go:build linux

package bpf

import (
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// The rights that loading takes (capabilities(7)).
const (
	capPerfmon = 38
	capBPF     = 39
)

// need skips a test where rights are missing, or fails it where none may be. It
// reads them: a program that the verifier refuses gives the same error as a right
// that lacks.
func need(t testing.TB) {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "CapEff:")
	set, err := strconv.ParseUint(strings.Fields(rest + " ?")[0], 16, 64)
	if err != nil {
		t.Fatalf("read CapEff: %v", err)
	}
	if set>>capBPF&1 == 1 && set>>capPerfmon&1 == 1 {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("kernel programs need CAP_BPF and CAP_PERFMON")
	}
	t.Skip("kernel programs need CAP_BPF and CAP_PERFMON")
}

// loaded are the programs with a clock of their own; the verifier takes the better
// part of a second over them.
var loaded = sync.OnceValues(func() (*Programs, error) { return Load(Config{FakeClock: true}) })

// load is the programs with nothing in their tables.
func load(t testing.TB) *Programs {
	t.Helper()
	need(t)
	p, err := loaded()
	if err == nil {
		err = p.Reset()
	}
	if err != nil {
		t.Fatalf("%+v", err)
	}
	return p
}
