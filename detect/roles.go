package detect

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"tollwatch/detect/window"
)

// Caps of the tables of roles.
const (
	maxPBX       = 16
	maxPhones    = 5000
	maxTrunkAddr = 8
)

// trunk is a line to an operator, configured or learned.
type trunk struct {
	Trunk
	learned bool
}

// roles knows who the addresses at a site are. What is configured stays;
// the rest is learned from joined legs, from registrations that were
// accepted, and, where only one leg of each call is seen, from traffic.
type roles struct {
	pbx     []netip.Addr
	trunks  []trunk
	phones  *window.LRU[netip.Addr, struct{}]
	users   *window.LRU[string, struct{}] // extensions: registered, or called at a telephone
	pairs   pairs
	refused uint64 // roles that found no room
}

func newRoles(cfg *Config) roles {
	r := roles{phones: window.NewLRU[netip.Addr, struct{}](maxPhones),
		users: window.NewLRU[string, struct{}](maxExtensions), pairs: newPairs()}
	for _, a := range cfg.PBX {
		r.addPBX(a)
	}
	for _, t := range cfg.Trunks {
		r.trunks = append(r.trunks, trunk{Trunk: t})
	}
	return r
}

func (r *roles) isPBX(a netip.Addr) bool { return slices.Contains(r.pbx, a.Unmap()) }

// trunkAt names the trunk with the address, nil when there is none.
func (r *roles) trunkAt(a netip.Addr) *trunk {
	a = a.Unmap()
	for i := range r.trunks {
		if slices.ContainsFunc(r.trunks[i].Addresses, func(b netip.Addr) bool { return b.Unmap() == a }) {
			return &r.trunks[i]
		}
	}
	return nil
}

// trunkNamed is the trunk that a leg's URIs or account name, nil when none.
func (r *roles) trunkNamed(host, user string) *trunk {
	for i := range r.trunks {
		t := &r.trunks[i]
		if host != "" && slices.ContainsFunc(t.Domains, func(d string) bool { return strings.EqualFold(d, host) }) ||
			user != "" && slices.Contains(t.Users, user) {
			return t
		}
	}
	return nil
}

func (r *roles) addPBX(a netip.Addr) {
	a = a.Unmap()
	if !a.IsValid() || r.isPBX(a) || r.trunkAt(a) != nil {
		return
	}
	if len(r.pbx) >= maxPBX {
		r.refused++
		return
	}
	r.pbx = append(r.pbx, a)
	r.phones.Delete(a)
}

// addTrunk learns that a trunk is at the address, and names it.
func (r *roles) addTrunk(a netip.Addr) *trunk {
	a = a.Unmap()
	if t := r.trunkAt(a); t != nil || !a.IsValid() || r.isPBX(a) {
		return t
	}
	if len(r.trunks) >= maxTrunks {
		r.refused++
		return nil
	}
	learned := 0
	for i := range r.trunks {
		if r.trunks[i].learned {
			learned++
		}
	}
	r.trunks = append(r.trunks, trunk{learned: true,
		Trunk: Trunk{Name: fmt.Sprintf("trunk-%d", learned+1), Addresses: []netip.Addr{a}}})
	return &r.trunks[len(r.trunks)-1]
}

func (r *roles) isPhone(a netip.Addr) bool {
	return r.phones.Get(a.Unmap()) != nil
}

func (r *roles) addUser(user string) {
	if user != "" && len(user) <= maxName {
		r.users.Put(user)
	}
}

func (r *roles) isUser(user string) bool {
	return r.users.Get(user) != nil
}

// observeRegistration learns from a binding that a registrar accepted: a
// telephone at src, a PBX at dst. A PBX that registers with its operator looks
// the same, but its operator's address is public while its own is not.
func (r *roles) observeRegistration(user string, src, dst netip.Addr) {
	if r.isPBX(src) || r.trunkAt(dst) != nil || r.trunkAt(src) != nil {
		return
	}
	if local(src) && !local(dst) && !r.isPBX(dst) {
		return
	}
	r.addPBX(dst)
	r.addUser(user)
	if !r.isPBX(src) {
		r.phones.Put(src.Unmap())
	}
}

// local says that the address cannot be an operator's on the Internet.
func local(a netip.Addr) bool {
	a = a.Unmap()
	return a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast()
}
