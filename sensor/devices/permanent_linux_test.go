package devices

import (
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

func attribute(kind uint16, value []byte) syscall.NetlinkRouteAttr {
	return syscall.NetlinkRouteAttr{Attr: syscall.RtAttr{Type: kind}, Value: value}
}

// TestPermanent: a card's own address counts, whatever it was given since; what
// has no hardware, or makes its address up, has none.
func TestPermanent(t *testing.T) {
	own, given := net.HardwareAddr{2, 0, 0, 0, 0, 1}, net.HardwareAddr{6, 9, 9, 9, 9, 9}
	for name, c := range map[string]struct {
		assigned   string // addr_assign_type; empty: no hardware
		attributes []syscall.NetlinkRouteAttr
		want       net.HardwareAddr
	}{
		"given another":    {"3", []syscall.NetlinkRouteAttr{attribute(unix.IFLA_ADDRESS, given), attribute(iflaPermAddress, own)}, own},
		"old kernel":       {"0", []syscall.NetlinkRouteAttr{attribute(unix.IFLA_ADDRESS, own)}, own},
		"old, random":      {"1", []syscall.NetlinkRouteAttr{attribute(unix.IFLA_ADDRESS, given)}, nil},
		"no hardware":      {"", []syscall.NetlinkRouteAttr{attribute(unix.IFLA_ADDRESS, given), attribute(iflaPermAddress, own)}, nil},
		"address of zeros": {"0", []syscall.NetlinkRouteAttr{attribute(unix.IFLA_ADDRESS, make([]byte, 6))}, nil},
		"no address":       {"0", nil, nil},
	} {
		sys := t.TempDir()
		folder := filepath.Join(sys, "eth9")
		if c.assigned != "" {
			folder = filepath.Join(folder, "device")
		}
		if err := os.MkdirAll(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(sys, "eth9", "addr_assign_type"), []byte(c.assigned+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		a := answer{attributes: append(c.attributes, attribute(unix.IFLA_IFNAME, []byte("eth9\x00")))}
		if got := a.permanent(sys); got.String() != c.want.String() {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

// TestVirtualInterfacesAreNoCards: a namespace has none but what it was given.
func TestVirtualInterfacesAreNoCards(t *testing.T) {
	inNamespace(t, func(t *testing.T) {
		ip(t, "link add tap type veth peer name far")
		if all, err := Permanent(); err != nil || len(all) != 0 {
			t.Errorf("got %v, %v; want no card", all, err)
		}
	})
}
