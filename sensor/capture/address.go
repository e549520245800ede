package capture

import "net"

// HasAddress says that an interface has an address beside those that IPv6 gives
// itself. One that has none only listens, as a mirror port should.
func HasAddress(i *net.Interface) bool {
	all, err := i.Addrs()
	if err != nil {
		return true
	}
	for _, a := range all {
		if n, ok := a.(*net.IPNet); !ok || !n.IP.IsLinkLocalUnicast() {
			return true
		}
	}
	return false
}
