package sensortest

import (
	"cmp"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"tollwatch/sensor/livetest"
)

// TestLabMemory: the call centre as packets takes under 100 MiB, however long:
// two days here, a month in `make nightly`.
func TestLabMemory(t *testing.T) {
	if os.Getenv(alone) == "" {
		byItself(t)
		return
	}
	length := cmp.Or(os.Getenv("LAB_LENGTH"), "58h") // two working days
	cmd := exec.Command(livetest.Siplab(t), "generate", "--scenario", "call_centre", "--seed", "2", "--set", "length="+length, "-o", "/dev/null", "--truth", "/dev/null")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	const most = 100 << 10 // KiB
	used := cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss
	t.Logf("%s took %d MiB", length, used>>10)
	if used > most {
		t.Errorf("%s of the call centre took %d MiB, want at most %d", length, used>>10, most>>10)
	}
}

// alone is set in a process that runs one test.
const alone = "TOLLWATCH_TEST_ALONE"

// byItself runs the test in a process of its own: the most that a program has used
// counts from the memory of whoever started it (a child begins in its parent's), and
// the tests before have used much.
func byItself(t *testing.T) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^"+t.Name()+"$", "-test.v", "-test.timeout", "0")
	cmd.Env = append(os.Environ(), alone+"=yes")
	out, err := cmd.CombinedOutput()
	t.Logf("by itself:\n%s", out)
	if err != nil {
		t.Fatal(err)
	}
}
