package devices

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"tollwatch/sensor/capture"
)

// links are the kinds of frames that the sensor reads (sensor/capture), and what
// an interface is called that the kernel has no word for.
var links = map[uint16]string{
	unix.ARPHRD_ETHER: "ethernet", unix.ARPHRD_LOOPBACK: "loopback", unix.ARPHRD_NONE: "ip", unix.ARPHRD_RAWIP: "ip",
	unix.ARPHRD_TUNNEL: "ipip", unix.ARPHRD_TUNNEL6: "ip6tnl",
}

// List is every interface of this machine, or of its network namespace, by name.
func List() ([]Device, error) {
	machine, err := capture.Probe()
	if err != nil {
		return nil, err
	}
	answers, err := ask()
	if err != nil {
		return nil, err
	}
	taken, _ := capture.Resolve([]string{capture.Any}) // that there is none is no fault here
	var out []Device
	for _, a := range answers {
		d := device(a.head, a.attributes)
		d.Addresses = addresses(d.Index)
		d.Any = slices.Contains(taken, d.Name)
		d.judge(&machine)
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b Device) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

// answer is what the kernel says of one interface: an ifinfomsg (rtnetlink(7))
// and its attributes.
type answer struct {
	head       []byte
	attributes []syscall.NetlinkRouteAttr
}

func ask() (out []answer, err error) {
	all, err := syscall.NetlinkRIB(unix.RTM_GETLINK, unix.AF_UNSPEC)
	if err != nil {
		return nil, fmt.Errorf("ask for the interfaces: %w", err)
	}
	messages, err := syscall.ParseNetlinkMessage(all)
	if err != nil {
		return nil, fmt.Errorf("ask for the interfaces: %w", err)
	}
	for i := range messages {
		m := &messages[i]
		if m.Header.Type != unix.RTM_NEWLINK || len(m.Data) < unix.SizeofIfInfomsg {
			continue
		}
		attributes, err := syscall.ParseNetlinkRouteAttr(m)
		if err != nil {
			return nil, fmt.Errorf("ask for the interfaces: %w", err)
		}
		out = append(out, answer{m.Data, attributes})
	}
	return out, nil
}

var native = binary.NativeEndian

// device reads an ifinfomsg (rtnetlink(7)) and its attributes.
func device(b []byte, attributes []syscall.NetlinkRouteAttr) Device {
	d := Device{Index: int(native.Uint32(b[4:])), link: native.Uint16(b[2:])}
	switch flags := native.Uint32(b[8:]); {
	case flags&unix.IFF_UP == 0:
		d.State = Down
	case flags&unix.IFF_RUNNING == 0:
		d.State = NoCarrier
	default:
		d.State = Up
	}
	for _, a := range attributes {
		switch a.Attr.Type {
		case unix.IFLA_IFNAME:
			d.Name = text(a.Value)
		case unix.IFLA_MTU:
			d.MTU = int(number(a.Value))
		case unix.IFLA_PROMISCUITY: // how many listen to all
			d.Promiscuous = number(a.Value) > 0
		case unix.IFLA_LINKINFO:
			d.Kind = kind(a.Value)
		}
	}
	if d.Kind == "" {
		d.Kind = links[d.link]
	}
	if d.Kind == "" {
		d.Kind = fmt.Sprintf("type %d", d.link)
	}
	return d
}

// kind reads IFLA_INFO_KIND among the attributes within IFLA_LINKINFO: length,
// type, value, each on a boundary of four bytes.
func kind(b []byte) string {
	for len(b) >= unix.SizeofRtAttr {
		n := int(native.Uint16(b))
		if n < unix.SizeofRtAttr || n > len(b) {
			return ""
		}
		if native.Uint16(b[2:]) == unix.IFLA_INFO_KIND {
			return text(b[unix.SizeofRtAttr:n])
		}
		b = b[min((n+3)&^3, len(b)):]
	}
	return ""
}

func number(b []byte) uint32 {
	if len(b) < 4 {
		return 0
	}
	return native.Uint32(b)
}

func text(b []byte) string { return strings.TrimRight(string(b), "\x00") }

// addresses are those of an interface; one that goes away meanwhile has none.
func addresses(index int) []netip.Prefix {
	out := []netip.Prefix{}
	i, err := net.InterfaceByIndex(index)
	if err != nil {
		return out
	}
	all, _ := i.Addrs()
	for _, a := range all {
		if p, err := netip.ParsePrefix(a.String()); err == nil {
			out = append(out, p)
		}
	}
	return out
}
