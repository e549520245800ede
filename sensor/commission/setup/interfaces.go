package setup

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tollwatch/sensor/capture"
	"tollwatch/sensor/commission"
	"tollwatch/sensor/config"
)

// ethernet is the payload of an ordinary frame: a mirror port that takes less loses
// frames of others.
const ethernet = 1500

// interfaces has a line for each interface that would be listened to.
func interfaces(e *config.Examined) (s commission.Sheet) {
	if !e.Sound("capture.interfaces") {
		return nil
	}
	for _, name := range e.Config.Capture.Interfaces {
		names, err := capture.Resolve([]string{name})
		if err != nil {
			s = append(s, unusable(name, err))
		}
		for _, n := range names {
			s = append(s, usable(n)...)
		}
	}
	slices.SortStableFunc(s, func(a, b commission.Check) int { return strings.Compare(a.Subject, b.Subject) })
	return slices.Compact(s)
}

func unusable(name string, err error) commission.Check {
	c := commission.Check{Name: "interface", Subject: name, Result: commission.Fail, Found: err.Error()}
	var i *capture.InterfaceError
	if errors.As(err, &i) {
		c.Found, c.Advice = i.Reason, i.Hint
	}
	return c
}

func usable(name string) commission.Sheet {
	i, err := net.InterfaceByName(name)
	if err != nil {
		return commission.Sheet{unusable(name, err)}
	}
	mirror := !capture.HasAddress(i)
	c := commission.Check{Name: "interface", Subject: name, Result: commission.Pass, Found: fmt.Sprintf("up, carrier, MTU %d", i.MTU)}
	if mirror {
		c.Found += ", no address: taken for a mirror port"
	}
	switch {
	case i.Flags&net.FlagRunning == 0:
		c.Result, c.Found = commission.Fail, "up, but without carrier"
		c.Advice = "look at the cable and at the switch's port"
	case mirror && i.MTU < ethernet:
		c.Result, c.Advice = commission.Warn, "ip link set "+name+" mtu 1500, or longer frames are lost"
	case mirror && speaksIPv6(name):
		c.Result = commission.Warn
		c.Found += "; with IPv6, so the kernel itself speaks out of it"
		c.Advice = "sysctl -w net.ipv6.conf." + name + ".disable_ipv6=1 (docs/commissioning.md)"
	}
	return commission.Sheet{c}
}

// speaksIPv6 says that the kernel would look for neighbours and routers there.
func speaksIPv6(name string) bool {
	b, err := os.ReadFile(filepath.Join("/proc/sys/net/ipv6/conf", filepath.Base(name), "disable_ipv6"))
	return err == nil && strings.TrimSpace(string(b)) == "0"
}
