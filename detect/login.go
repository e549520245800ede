package detect

import (
	"math"
	"net/netip"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/detect/rules"
	"tollwatch/detect/window"
)

// logins counts the refused passwords of each source.
type logins struct {
	table *window.LRU[netip.Addr, failures]
}

// failures is a count that halves in failureHalfLife.
type failures struct {
	count float64
	at    time.Time
}

// Bounds of the table of logins.
const (
	maxSources      = 4096
	failureHalfLife = 24 * time.Hour
)

func newLogins() logins { return logins{window.NewLRU[netip.Addr, failures](maxSources)} }

// observeLogin looks at the answer to a REGISTER that bore credentials.
func (e *Engine) observeLogin(r *call.Registration) {
	source := network(r.Src.Addr())
	if !source.IsValid() || e.roles.isPBX(source) {
		return
	}
	switch r.Change {
	case call.BindingRefused:
		f := put(e.logins.table, source)
		f.count, f.at = f.decayed(e.now)+1, e.now
	case call.BindingNew, call.BindingRefreshed:
		f := e.logins.table.Get(source)
		if f == nil {
			return
		}
		e.suspect(sign{scheme: AccountTakeover, source: r.Src, extension: r.User, signs: rules.Signs{
			Source: source.String(), Extension: r.User, Accepted: true, Failures: int(math.Round(f.decayed(e.now))),
		}})
		e.logins.table.Delete(source)
	}
}

func (f *failures) decayed(now time.Time) float64 {
	return f.count * math.Exp2(-max(now.Sub(f.at).Hours(), 0)/failureHalfLife.Hours())
}

// network is whom an address belongs to: an IPv6 network is one customer's.
func network(a netip.Addr) netip.Addr {
	a = a.Unmap()
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.Addr()
		}
	}
	return a
}
