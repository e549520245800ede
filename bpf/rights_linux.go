package bpf

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// Right is a capability of Linux (capabilities(7)), by its number.
type Right uint

// The rights that captures need: the filter the first three, tcx all four.
const (
	NetAdmin Right = 12
	NetRaw   Right = 13
	PerfMon  Right = 38
	BPF      Right = 39
)

var rightNames = map[Right]string{NetAdmin: "CAP_NET_ADMIN", NetRaw: "CAP_NET_RAW", PerfMon: "CAP_PERFMON", BPF: "CAP_BPF"}

// String is the name in the manual.
func (r Right) String() string { return rightNames[r] }

// Missing tells which rights this process does not have. It asks for them
// rather than try: a program that the verifier refuses gives the same error as a
// right that lacks.
func Missing(want ...Right) ([]Right, error) {
	has, err := effective()
	if err != nil {
		return nil, err
	}
	var out []Right
	for _, r := range want {
		if has>>r&1 == 0 {
			out = append(out, r)
		}
	}
	return out, nil
}

// effective is the set CapEff of the calling process (proc_pid_status(5)).
func effective() (uint64, error) {
	f, err := os.Open("/proc/self/status")
	if err != nil {
		return 0, fmt.Errorf("read the rights of this process: %w", err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if set, ok := strings.CutPrefix(lines.Text(), "CapEff:"); ok {
			return strconv.ParseUint(strings.TrimSpace(set), 16, 64)
		}
	}
	return 0, fmt.Errorf("read the rights of this process: %s has no CapEff", f.Name())
}
