package devices

import (
	"fmt"
	"net/netip"

	"tollwatch/sensor/capture"
)

// State is whether an interface hears anything.
type State string

// The states.
const (
	Up        State = "up"
	NoCarrier State = "no_carrier" // switched on, but nobody is at the other end
	Down      State = "down"       // switched off
)

// Device is a network interface.
type Device struct {
	Name        string         `json:"name"`
	Index       int            `json:"index"`
	Kind        string         `json:"kind"` // ethernet and loopback, or the kernel's word: veth, bridge, vlan, wireguard …
	State       State          `json:"state"`
	MTU         int            `json:"mtu"`
	Promiscuous bool           `json:"promiscuous"` // somebody listens to all of it already
	Addresses   []netip.Prefix `json:"addresses"`   // none: likely a mirror port
	Any         bool           `json:"any"`         // interfaces = ["any"] takes it
	Ways        []Way          `json:"capture"`     // the best first

	link uint16 // ARPHRD_ of linux/if_arp.h
}

// Way is how a device could be captured on.
type Way struct {
	Backend  capture.Backend `json:"backend"`
	Possible bool            `json:"possible"`
	Why      string          `json:"why,omitempty"` // why it is not possible
	Machine  bool            `json:"-"`             // that is so for every device here
}

// judge finds the ways that the machine leaves.
func (d *Device) judge(machine *capture.Host) {
	own := d.refuses()
	for _, b := range capture.Backends {
		w := Way{Backend: b, Possible: own == "", Why: own}
		if why := hindered(machine, b); why != "" {
			w = Way{Backend: b, Why: why, Machine: true}
		}
		d.Ways = append(d.Ways, w)
	}
}

// hindered says why the machine refuses a back-end on every device; empty: it may
// work.
func hindered(machine *capture.Host, b capture.Backend) string {
	if _, refused := machine.Choice(string(b)); len(refused) > 0 {
		return refused[0].Reason
	}
	return ""
}

// refuses says why nothing can be captured on the device; empty: it can.
func (d *Device) refuses() string {
	if d.State == Down {
		return "the interface is down: ip link set " + d.Name + " up"
	}
	if _, known := links[d.link]; !known {
		return fmt.Sprintf("its frames (link type %d) are not known; capture on the interface below or above it", d.link)
	}
	return ""
}
