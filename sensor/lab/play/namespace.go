package play

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// named is where ip(8) keeps the namespaces that were made.
const named = "/run/netns"

// foreign refuses the machine's own network, which is that of its first
// process: only a namespace that was made by name will do.
func foreign() error {
	own, err := os.Stat("/proc/self/ns/net")
	if err != nil {
		return err
	}
	refusal := errors.New("this is no namespace that was made for it: ip netns add NAME, then ip netns exec NAME siplab play …")
	if first, err := os.Stat("/proc/1/ns/net"); err == nil && os.SameFile(own, first) {
		return refusal
	}
	made, err := os.ReadDir(named)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	for _, ns := range made {
		if other, err := os.Stat(filepath.Join(named, ns.Name())); err == nil && os.SameFile(own, other) {
			return nil
		}
	}
	return refusal
}

// kinds of interfaces that lead no further than who made them lets them.
var kinds = []string{"veth", "dummy"}

// harmless refuses interfaces of other kinds: a card or a tunnel that somebody
// moved into the namespace leads out of the machine.
func harmless(index int) error {
	kind, err := kindOf(index)
	if err == nil && !slices.Contains(kinds, kind) {
		err = fmt.Errorf("this is no interface of kind %s", strings.Join(kinds, " or "))
	}
	return err
}

var native = binary.NativeEndian

// kindOf asks the kernel what an interface is (rtnetlink(7)); empty for a card
// and the loopback.
func kindOf(index int) (string, error) {
	b, err := syscall.NetlinkRIB(syscall.RTM_GETLINK, syscall.AF_UNSPEC)
	if err != nil {
		return "", fmt.Errorf("ask for interfaces: %w", err)
	}
	messages, err := syscall.ParseNetlinkMessage(b)
	if err != nil {
		return "", fmt.Errorf("ask for interfaces: %w", err)
	}
	for i := range messages {
		m := &messages[i]
		if m.Header.Type != syscall.RTM_NEWLINK || len(m.Data) < syscall.SizeofIfInfomsg || int(native.Uint32(m.Data[4:])) != index {
			continue
		}
		attributes, err := syscall.ParseNetlinkRouteAttr(m)
		if err != nil {
			return "", fmt.Errorf("ask for interfaces: %w", err)
		}
		for _, a := range attributes {
			if a.Attr.Type == linkInfo {
				return infoKind(a.Value), nil
			}
		}
	}
	return "", nil
}

// Attributes of a link that package syscall does not name (linux/if_link.h).
const (
	linkInfo = 18 // IFLA_LINKINFO
	kindInfo = 1  // IFLA_INFO_KIND
)

// infoKind reads the attributes within IFLA_LINKINFO: length, type, value, each
// on a boundary of four bytes.
func infoKind(b []byte) string {
	for len(b) >= syscall.SizeofRtAttr {
		n := int(native.Uint16(b))
		if n < syscall.SizeofRtAttr || n > len(b) {
			return ""
		}
		if native.Uint16(b[2:]) == kindInfo {
			return strings.TrimRight(string(b[syscall.SizeofRtAttr:n]), "\x00")
		}
		b = b[min((n+3)&^3, len(b)):]
	}
	return ""
}
