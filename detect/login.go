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
	switch r.Change {
	case call.BindingRefused:
		e.refusedLogin(r.Src, r.Dst, r.User)
	case call.BindingNew, call.BindingRefreshed:
		e.acceptedLogin(r.Src, r.User)
	}
}

// refusedLogin counts a wrong password, of a REGISTER or an INVITE.
func (e *Engine) refusedLogin(src, dst netip.AddrPort, user string) {
	source := network(src.Addr())
	if !source.IsValid() || e.roles.isPBX(source) {
		return
	}
	f := put(e.logins.table, source)
	f.count, f.at = f.decayed(e.now)+1, e.now
	if e.atGate(src.Addr(), dst.Addr()) {
		e.guess(src, user[:min(len(user), maxName)])
	}
}

// acceptedLogin asks what the source of a right password did before.
func (e *Engine) acceptedLogin(src netip.AddrPort, user string) {
	source := network(src.Addr())
	if !source.IsValid() || e.roles.isPBX(source) {
		return
	}
	failures, scanner := 0, e.scanned(source)
	if f := e.logins.table.Get(source); f != nil {
		failures = int(math.Round(f.decayed(e.now)))
	} else if !scanner {
		return
	}
	e.suspect(sign{scheme: AccountTakeover, source: src, extension: user, signs: rules.Signs{
		Source: source.String(), Extension: user, Accepted: true, Failures: failures, IsScanner: scanner,
	}})
	e.logins.table.Delete(source)
	e.gate.strangers.Delete(source)
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
