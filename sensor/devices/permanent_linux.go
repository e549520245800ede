package devices

import (
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// iflaPermAddress is IFLA_PERM_ADDRESS of linux/if_link.h (Linux 5.6): the
// address that a card was made with, whatever it was given since.
const iflaPermAddress = 54

// sysNet has a folder an interface.
const sysNet = "/sys/class/net"

// Permanent are the addresses that the network cards of this machine were made
// with, in order. Interfaces without hardware behind them have none, nor has a
// card whose address is made up at each start.
func Permanent() ([]net.HardwareAddr, error) {
	answers, err := ask()
	if err != nil {
		return nil, err
	}
	var out []net.HardwareAddr
	for _, a := range answers {
		if address := a.permanent(sysNet); len(address) > 0 {
			out = append(out, address)
		}
	}
	slices.SortFunc(out, func(a, b net.HardwareAddr) int { return slices.Compare(a, b) })
	return out, nil
}

func (a *answer) permanent(sys string) net.HardwareAddr {
	var name string
	var address, permanent net.HardwareAddr
	for _, one := range a.attributes {
		switch one.Attr.Type {
		case unix.IFLA_IFNAME:
			name = text(one.Value)
		case unix.IFLA_ADDRESS:
			address = one.Value
		case iflaPermAddress:
			permanent = one.Value
		}
	}
	folder := filepath.Join(sys, name)
	if _, err := os.Stat(filepath.Join(folder, "device")); err != nil {
		return nil
	}
	if permanent == nil { // an older kernel
		assigned, _ := os.ReadFile(filepath.Join(folder, "addr_assign_type"))
		if strings.TrimSpace(string(assigned)) != "0" {
			return nil
		}
		permanent = address
	}
	if !slices.ContainsFunc(permanent, func(b byte) bool { return b != 0 }) {
		return nil
	}
	return permanent
}
