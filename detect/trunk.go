package detect

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"tollwatch/detect/window"
)

// trunk is a line to an operator, configured or learned. It is an address
// together with the domain and the account that its messages name: two operators
// may stand behind one address, be it a box of theirs in the house.
type trunk struct {
	Trunk
	learned bool
}

func (t *trunk) at(a netip.Addr) bool {
	return slices.ContainsFunc(t.Addresses, func(b netip.Addr) bool { return b.Unmap() == a })
}

func (t *trunk) named(host string) bool {
	return host != "" && slices.ContainsFunc(t.Domains, func(d string) bool { return strings.EqualFold(d, host) })
}

func (t *trunk) account(user string) bool { return user != "" && slices.Contains(t.Users, user) }

// trunkAt is the trunk with the address, nil when there is none. Of several the
// account decides, then the domain.
func (r *roles) trunkAt(a netip.Addr, host, user string) *trunk {
	a = a.Unmap()
	var best *trunk
	most := 0
	for i := range r.trunks {
		t := &r.trunks[i]
		if !t.at(a) {
			continue
		}
		fits := 1
		if t.named(host) {
			fits += 1
		}
		if t.account(user) {
			fits += 2
		}
		if fits > most {
			best, most = t, fits
		}
	}
	return best
}

func (r *roles) isTrunk(a netip.Addr) bool { return r.trunkAt(a, "", "") != nil }

// trunkNamed is the trunk that a leg's URIs or account name, nil when none.
func (r *roles) trunkNamed(host, user string) *trunk {
	for i := range r.trunks {
		if t := &r.trunks[i]; t.named(host) || t.account(user) {
			return t
		}
	}
	return nil
}

// addTrunk learns that a trunk is at the address, and names it.
func (r *roles) addTrunk(a netip.Addr) *trunk {
	a = a.Unmap()
	if t := r.trunkAt(a, "", ""); t != nil || !a.IsValid() || r.isPBX(a) {
		return t
	}
	return r.newTrunk(Trunk{Addresses: []netip.Addr{a}})
}

func (r *roles) newTrunk(t Trunk) *trunk {
	if len(r.trunks) >= maxTrunks {
		r.refused++
		return nil
	}
	if t.Name == "" {
		t.Name = r.formerly(t.Addresses[0])
	}
	for n := 1; t.Name == ""; n++ {
		if name := fmt.Sprintf("trunk-%d", n); !hasTrunk(r.trunks, name) && !hasTrunk(r.former, name) {
			t.Name = name
		}
	}
	r.trunks = append(r.trunks, trunk{learned: true, Trunk: t})
	return &r.trunks[len(r.trunks)-1]
}

// restore takes back a learned trunk, unless the configuration now says who is
// at its address.
func (r *roles) restore(t Trunk) {
	a := t.Addresses[0]
	if r.isPBX(a) || slices.ContainsFunc(r.trunks, func(t trunk) bool { return !t.learned && t.at(a) }) {
		return
	}
	r.newTrunk(t)
}

// tellApart learns domain and account of an answered leg to a learned trunk.
// One that bears others than the trunk is another operator at its address; it
// says so by being new.
func (r *roles) tellApart(l *legState) bool {
	t := r.trunkAt(l.dst, l.request.Host, l.user)
	if t == nil || !t.learned {
		return false
	}
	host, user := domain(l.request.Host), r.accountAt(l)
	other := host != "" && len(t.Domains) > 0 && !t.kin(host) || user != "" && len(t.Users) > 0 && !t.account(user)
	if other {
		t = r.newTrunk(Trunk{Addresses: []netip.Addr{l.dst}})
		if t == nil {
			return false
		}
	}
	if host != "" && !t.named(host) && len(t.Domains) < maxTrunkNames {
		t.Domains = append(t.Domains, host)
	}
	if user != "" && !t.account(user) && len(t.Users) < maxTrunkNames {
		t.Users = append(t.Users, user)
	}
	return other
}

// maxTrunkNames bounds the domains of one operator, failover hosts among them,
// and its accounts.
const maxTrunkNames = 8

// kin says that the host belongs to the same operator as a domain that is
// known: their last two labels are the same (three, where the last are as short
// as in co.uk).
func (t *trunk) kin(host string) bool {
	return slices.ContainsFunc(t.Domains, func(d string) bool { return strings.EqualFold(registered(d), registered(host)) })
}

func registered(host string) string {
	labels := strings.Split(host, ".")
	n := 2
	if k := len(labels); k > 2 && len(labels[k-1]) == 2 && len(labels[k-2]) <= 3 {
		n = 3
	}
	return strings.Join(labels[max(len(labels)-n, 0):], ".")
}

// domain is the host of a URI where that is a name.
func domain(host string) string {
	if len(host) > maxName || strings.Trim(host, "[]0123456789.:") == "" {
		return ""
	}
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return ""
	}
	return host
}

// accounts are the logins of this site's PBXs with their operators.
type accounts struct{ table *window.LRU[login, struct{}] }

// login is an account at a registrar.
type login struct {
	at   netip.Addr
	user string
}

// maxLogins bounds the accounts of a site with its operators.
const maxLogins = 64

func newAccounts() accounts { return accounts{window.NewLRU[login, struct{}](maxLogins)} }

func (a *accounts) has(at netip.Addr, user string) bool {
	return user != "" && a.table.Get(login{at, user}) != nil
}

// accountAt is the account that a leg uses at its trunk: it logged in with it,
// or registered it there.
func (r *roles) accountAt(l *legState) string {
	for _, user := range [...]string{l.user, l.from.User} {
		if r.accounts.has(l.dst, user) {
			return user
		}
	}
	if l.login && r.isPBX(l.src) && !r.isUser(l.user) {
		return l.user[:min(len(l.user), maxName)]
	}
	return ""
}
