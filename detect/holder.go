package detect

import (
	"net/netip"
	"slices"
	"strings"

	"tollwatch/decoder/call"
	"tollwatch/detect/rules"
	"tollwatch/detect/window"
)

// holders knows who is registered with the accounts of this site at its
// operators: the hosts of the Contacts that its PBXs asked for, and all others
// that the operator lists beside them.
type holders struct {
	table *window.LRU[login, holder]
}

type holder struct {
	own, others []string
}

// maxHosts bounds each of the two; the oldest goes.
const maxHosts = 4

func newHolders() holders { return holders{window.NewLRU[login, holder](maxLogins)} }

// observeHolder takes a binding of an account of this site. It is told without a
// source when somebody else asked for it. Nothing is judged before the PBX's own
// Contact is known: an operator may list it in another form.
func (e *Engine) observeHolder(r *call.Registration) {
	host := contactHost(r.Contact)
	if host == "" || len(host) > maxName || len(r.User) > maxName {
		return
	}
	h := put(e.holders.table, login{r.Dst.Addr().Unmap(), r.User})
	switch gone := r.Change == call.BindingExpired || r.Change == call.BindingRemoved; {
	case gone:
		h.others = slices.DeleteFunc(h.others, func(o string) bool { return o == host })
		return
	case r.Src.IsValid():
		h.own = addHost(h.own, host)
	default:
		h.others = addHost(h.others, host)
	}
	if len(h.own) == 0 {
		return
	}
	for _, o := range h.others {
		if !slices.Contains(h.own, o) && !e.ours(o) {
			e.suspectHolder(r, o)
		}
	}
}

// ours says that a host is a PBX's or an operator's, who may put itself into the way.
func (e *Engine) ours(host string) bool {
	a, err := netip.ParseAddr(host)
	return err == nil && (e.roles.isPBX(a) || e.roles.isTrunk(a))
}

// sipPort stands for a port that does not matter (RFC 3261 §19.1.2).
const sipPort = 5060

func (e *Engine) suspectHolder(r *call.Registration, host string) {
	s := sign{scheme: TrunkTrouble, signs: rules.Signs{Account: r.User, Contact: host}}
	if a, err := netip.ParseAddr(host); err == nil {
		s.source = netip.AddrPortFrom(a, sipPort)
		s.signs.PrivateContact = local(a)
	}
	if t := e.roles.trunkAt(r.Dst.Addr(), "", r.User); t != nil {
		s.trunk, s.signs.Trunk = t.Name, t.Name
	}
	e.suspect(s)
}

// isHolder says that a binding is one of this site's accounts at an operator.
func (e *Engine) isHolder(r *call.Registration) bool {
	dst := r.Dst.Addr().Unmap()
	listed := !r.Src.IsValid() && dst.IsValid() && !local(dst) && !e.roles.isPBX(dst) // before the PBX's own is known
	return listed || e.roles.isTrunk(dst) || e.roles.accounts.has(dst, r.User)
}

// holders writes the hosts that are this site's own.
func (w *writer) holders(h *holders) {
	w.int(int64(h.table.Len()))
	for k, v := range h.table.OldestFirst() {
		w.addr(k.at)
		w.string(k.user)
		w.int(int64(len(v.own)))
		for _, host := range v.own {
			w.string(host)
		}
	}
}

func (r *reader) holders(h *holders) {
	for range r.count(maxLogins) {
		v := put(h.table, login{r.addr(), r.string()})
		for range r.count(maxHosts) {
			v.own = append(v.own, r.string())
		}
	}
}

func addHost(list []string, host string) []string {
	if slices.Contains(list, host) {
		return list
	}
	if len(list) >= maxHosts {
		list = slices.Delete(list, 0, 1)
	}
	return append(list, host)
}

// contactHost is the host of a Contact URI: what stands between user and port,
// without the brackets of IPv6.
func contactHost(uri string) string {
	if i := strings.IndexByte(uri, ':'); i >= 0 {
		uri = uri[i+1:]
	}
	if i := strings.IndexAny(uri, ";?"); i >= 0 {
		uri = uri[:i]
	}
	uri = uri[strings.LastIndexByte(uri, '@')+1:]
	if strings.HasPrefix(uri, "[") {
		if i := strings.IndexByte(uri, ']'); i > 0 {
			return uri[1:i]
		}
		return ""
	}
	if i := strings.IndexByte(uri, ':'); i >= 0 {
		uri = uri[:i]
	}
	return strings.ToLower(uri)
}
