package capture

import (
	"fmt"
	"math/bits"
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"tollwatch/sensor/rights"
)

// Probe looks at this machine.
func Probe() (h Host, err error) {
	var name unix.Utsname
	if err := unix.Uname(&name); err != nil {
		return h, fmt.Errorf("ask for the kernel's version: %w", err)
	}
	h.Major, h.Minor = version(unix.ByteSliceToString(name.Release[:]))
	h.Bits = bits.UintSize
	_, err = os.Stat("/sys/kernel/btf/vmlinux")
	h.BTF = err == nil
	h.Lockdown = lockdown()
	h.Held, err = rights.Held()
	return h, err
}

// version reads "6.1.0-18-amd64".
func version(release string) (major, minor int) {
	fmt.Sscanf(release, "%d.%d", &major, &minor)
	return major, minor
}

// lockdown is the word in brackets of "none [integrity] confidentiality"
// (kernel_lockdown(7)); empty where there is none.
func lockdown() string {
	b, _ := os.ReadFile("/sys/kernel/security/lockdown")
	_, rest, _ := strings.Cut(string(b), "[")
	word, _, found := strings.Cut(rest, "]")
	if !found || word == "none" {
		return ""
	}
	return word
}
