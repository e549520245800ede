package call

import (
	"net/netip"
	"time"
)

// BindingChange is what happened to a binding (RFC 3261 §10).
type BindingChange uint8

// Refused counts only when credentials had been sent: the first challenge is
// no failure.
const (
	BindingNew BindingChange = iota + 1
	BindingRefreshed
	BindingExpired
	BindingRemoved
	BindingRefused
)

var bindingNames = [...]string{"", "new", "refreshed", "expired", "removed", "refused"}

func (b BindingChange) String() string { return name(bindingNames[:], uint8(b)) }

// Registration is one change of one binding of an address-of-record.
type Registration struct {
	AoR       string // user@host of the To header
	User      string // its user part
	Contact   string // URI of the binding; empty when refused
	Src, Dst  netip.AddrPort
	UserAgent string
	AuthUser  string
	Change    BindingChange
	Expires   time.Duration // of the binding, as the registrar granted it
	Failures  int           // refusals after credentials, in a row, for this AoR and source
}
