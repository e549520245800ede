package livetest

import (
	"os"
	"strings"
	"testing"

	"tollwatch/sensor/capture"
)

// modes are the ways to capture that scenarios are played to.
var modes = []string{"afpacket", "ebpf", "tcx", "pcap"}

// Modes are those of them that this machine, and what the programs were built
// with, allow. In CI a missing right is a failure.
func Modes(t testing.TB) (have []string) {
	t.Helper()
	host, err := capture.Probe()
	if err != nil {
		t.Fatal(err)
	}
	for _, mode := range modes {
		backend, refused := host.Choice(mode)
		switch why := refused.String(); {
		case backend != "":
			have = append(have, mode)
		case os.Getenv("CI") == "true" && strings.Contains(why, "needs CAP_"):
			t.Fatalf("cannot be played to %s", why)
		default:
			t.Logf("not played to %s", why)
		}
	}
	return have
}
