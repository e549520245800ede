package plan

import (
	"net/netip"
	"time"
)

// Item is one thing that happens at a site: one of its pointers is set.
type Item struct {
	At             time.Time
	Call           *Call
	Registration   *Registration
	Probe          *Probe
	Acknowledgment *Acknowledgment
}

// Begin is the item of a call at its start.
func (c *Call) Begin() Item { return Item{At: c.Start, Call: c} }

// Registration is a REGISTER with credentials that is not a telephone's daily
// one: packets make those by themselves.
type Registration struct {
	Extension string     // whose address of record; empty = the site's own account at the operator
	Address   netip.Addr // where it comes from; not valid = the extension's own telephone
	UserAgent string     // empty = the telephone's
	Accepted  bool       // the password was right
	Expires   time.Duration
	Unseen    bool // only the list of bindings in another's 200 OK shows it

	Label, AttackID string
	Preparation     bool
}

// Probe is a single request of a stranger that opens no call.
type Probe struct {
	Address     netip.Addr
	Method      string // OPTIONS, INVITE, REGISTER, or GET for a page of the PBX
	User        string // who is asked for: an extension, a number, a path
	UserAgent   string
	Credentials bool
	Status      int // of the answer; 0 = none

	Label, AttackID string
	Preparation     bool
}

// Acknowledgment is a person's word that what was alerted so far at an
// extension is in order.
type Acknowledgment struct {
	Extension       string
	Label, AttackID string // of the attack that it makes room for
}
