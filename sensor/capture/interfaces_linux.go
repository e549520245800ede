package capture

import (
	"net"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// Resolve turns a list of names into the interfaces to open: Any becomes
// every Ethernet interface that is up, and a name counts once.
func Resolve(names []string) ([]string, error) {
	all, err := net.Interfaces()
	if err != nil {
		return nil, &InterfaceError{Name: strings.Join(names, ", "), Reason: "cannot list the interfaces", Err: err}
	}
	var out []string
	for _, name := range names {
		if name == Any {
			out = append(out, ethernets(all)...)
			continue
		}
		if err := usable(name, all); err != nil {
			return nil, err
		}
		out = append(out, name)
	}
	slices.Sort(out)
	out = slices.Compact(out)
	if len(out) == 0 {
		return nil, &InterfaceError{Name: Any, Reason: "no Ethernet interface is up", Hint: existing(all)}
	}
	return out, nil
}

// usable says why a named interface could not be captured.
func usable(name string, all []net.Interface) error {
	i := slices.IndexFunc(all, func(i net.Interface) bool { return i.Name == name })
	if i < 0 {
		return &InterfaceError{Name: name, Reason: "no such interface", Hint: existing(all)}
	}
	if all[i].Flags&net.FlagUp == 0 {
		return &InterfaceError{Name: name, Reason: "the interface is down", Hint: "ip link set " + name + " up"}
	}
	return nil
}

func existing(all []net.Interface) string {
	names := make([]string, len(all))
	for i := range all {
		names[i] = all[i].Name
	}
	return "there are " + strings.Join(names, ", ")
}

// ethernets are the names of the Ethernet interfaces that are up.
func ethernets(all []net.Interface) []string {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil
	}
	defer unix.Close(fd)
	var out []string
	for _, i := range all {
		if i.Flags&net.FlagUp == 0 {
			continue
		}
		if kind, err := hardware(fd, i.Name); err == nil && kind == unix.ARPHRD_ETHER {
			out = append(out, i.Name)
		}
	}
	return out
}

// hardware is the type of an interface (ARPHRD_ETHER and its like), by any socket.
func hardware(fd int, name string) (uint16, error) {
	request, err := unix.NewIfreq(name)
	if err != nil {
		return 0, err
	}
	// The answer's hardware address begins with its type.
	err = unix.IoctlIfreq(fd, unix.SIOCGIFHWADDR, request)
	return request.Uint16(), err
}
