package detect

import (
	"net/netip"
	"slices"

	"tollwatch/detect/window"
)

// Caps of the tables of roles.
const (
	maxPBX    = 16
	maxPhones = 5000
)

// roles knows who the addresses at a site are. What is configured stays;
// the rest is learned from joined legs, from registrations that were
// accepted, and, where only one leg of each call is seen, from traffic.
type roles struct {
	pbx      []pbx
	trunks   []trunk
	former   []trunk // learned before a maintenance: what is found again keeps its name
	accounts accounts
	phones   *window.LRU[netip.Addr, struct{}]
	users    *window.LRU[string, struct{}] // extensions: registered, or called at a telephone
	pairs    pairs
	refused  uint64 // roles that found no room
}

// pbx is an address of this site's telephone system, an SBC of its own included.
type pbx struct {
	addr    netip.Addr
	fixed   bool       // configured
	visitor netip.Addr // the only one that registers there, and all that speaks for it; else invalid
}

func newRoles(cfg *Config) roles {
	r := roles{phones: window.NewLRU[netip.Addr, struct{}](maxPhones),
		users: window.NewLRU[string, struct{}](maxExtensions), pairs: newPairs(), accounts: newAccounts()}
	for _, a := range cfg.PBX {
		r.addPBX(a)
		if p := r.pbxAt(a); p != nil {
			p.fixed = true
		}
	}
	for _, t := range cfg.Trunks {
		r.trunks = append(r.trunks, trunk{Trunk: t})
	}
	return r
}

func (r *roles) pbxAt(a netip.Addr) *pbx {
	a = a.Unmap()
	for i := range r.pbx {
		if r.pbx[i].addr == a {
			return &r.pbx[i]
		}
	}
	return nil
}

func (r *roles) isPBX(a netip.Addr) bool { return r.pbxAt(a) != nil }

// addPBX learns that the address is a PBX's, and nobody's telephone. Where it
// alone registers is no PBX of this site then, but an operator's box.
func (r *roles) addPBX(a netip.Addr) {
	a = a.Unmap()
	if !a.IsValid() || r.isTrunk(a) {
		return
	}
	if p := r.pbxAt(a); p != nil {
		p.visitor = netip.Addr{}
	} else if len(r.pbx) >= maxPBX {
		r.refused++
		return
	} else {
		r.pbx = append(r.pbx, pbx{addr: a})
	}
	r.phones.Delete(a)
	r.pbx = slices.DeleteFunc(r.pbx, func(p pbx) bool { return !p.fixed && p.visitor == a })
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
// the same, but it is known as one, or its operator's address is public while its
// own is not.
func (r *roles) observeRegistration(user string, src, dst netip.Addr) {
	src, dst = src.Unmap(), dst.Unmap()
	outward := r.isPBX(src) || local(src) && !local(dst)
	switch {
	case r.isTrunk(src):
	case r.isTrunk(dst), outward && !r.isPBX(dst):
		if len(user) <= maxName {
			r.accounts.table.Put(login{dst, user})
		}
	case !r.isPBX(src):
		r.register(user, src, dst)
	}
}

// register takes a telephone's registration at dst.
func (r *roles) register(user string, src, dst netip.Addr) {
	r.addUser(user)
	r.phones.Put(src)
	if p := r.pbxAt(dst); p != nil {
		if p.visitor.IsValid() && p.visitor != src {
			p.visitor = netip.Addr{}
		}
		return
	}
	r.addPBX(dst)
	if p := r.pbxAt(dst); p != nil {
		p.visitor = src
	}
}

// local says that the address cannot be an operator's on the Internet.
func local(a netip.Addr) bool {
	a = a.Unmap()
	return a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast()
}
