package rights

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// Capability is a number of linux/capability.h.
type Capability uint8

// The capabilities that a capture may need.
const (
	NetAdmin Capability = 12 // programs at an interface (tcx)
	NetRaw   Capability = 13 // packet sockets, promiscuous mode
	SysAdmin Capability = 21 // network namespaces: tests alone
	Perfmon  Capability = 38 // pointer arithmetic in kernel programs
	BPF      Capability = 39 // kernel programs and maps
)

var names = map[Capability]string{NetAdmin: "CAP_NET_ADMIN", NetRaw: "CAP_NET_RAW", SysAdmin: "CAP_SYS_ADMIN", Perfmon: "CAP_PERFMON", BPF: "CAP_BPF"}

func (c Capability) String() string {
	if s, ok := names[c]; ok {
		return s
	}
	return fmt.Sprintf("capability %d", uint8(c))
}

// Set is a set of capabilities.
type Set uint64

// Has says that all are in the set.
func (s Set) Has(all ...Capability) bool {
	for _, c := range all {
		if s&(1<<c) == 0 {
			return false
		}
	}
	return true
}

// Of is the set of all.
func Of(all ...Capability) (s Set) {
	for _, c := range all {
		s |= 1 << c
	}
	return s
}

// String lists the names as a unit file wants them; of none it is "none".
func (s Set) String() string {
	var out []string
	for c := range Capability(64) {
		if s.Has(c) {
			out = append(out, c.String())
		}
	}
	return cmp.Or(strings.Join(out, " "), "none")
}

// Held are the effective capabilities of this process.
func Held() (Set, error) {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, fmt.Errorf("read the rights held: %w", err)
	}
	return parse(b)
}

// parse finds the line CapEff, a mask in hexadecimal digits (proc(5)).
func parse(status []byte) (Set, error) {
	for lines := bufio.NewScanner(bytes.NewReader(status)); lines.Scan(); {
		digits, ok := strings.CutPrefix(lines.Text(), "CapEff:")
		if !ok {
			continue
		}
		mask, err := strconv.ParseUint(strings.TrimSpace(digits), 16, 64)
		if err != nil {
			return 0, fmt.Errorf("read the rights held: %w", err)
		}
		return Set(mask), nil
	}
	return 0, errors.New("read the rights held: /proc/self/status has no line CapEff")
}
