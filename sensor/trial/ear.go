package trial

import (
	"fmt"
	"net/netip"
	"strconv"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/sensor/lab/plan"
)

// Ear turns what happens at a site into the events that a decoder would make
// of its packets.
type Ear struct {
	site     *plan.Site
	full     bool // telephones are seen, not the trunk alone
	queue    queue
	calls    call.ID
	legs     call.LegID
	failures map[login]int
	bound    map[string]bool // contacts of the site's account at the operator
}

// login is who tried a password, and from where.
type login struct {
	extension string
	address   netip.Addr
}

// maxLogins bounds the counts of failed logins; a new count then begins at 1.
const maxLogins = 1 << 16

// NewEar listens at a site, of which it sees the telephones too or the trunk alone.
func NewEar(site *plan.Site, full bool) *Ear {
	return &Ear{site: site, full: full, failures: map[login]int{}, bound: map[string]bool{}}
}

// Next is the time of the next event.
func (e *Ear) Next() (time.Time, bool) { return e.queue.next() }

// Take returns the next event.
func (e *Ear) Take() call.Event { return e.queue.pop() }

// Hear takes an item; its events follow from its time on.
func (e *Ear) Hear(it *plan.Item) {
	switch {
	case it.Call != nil:
		e.call(it.Call)
	case it.Registration != nil && it.Registration.Unseen:
		e.listed(it.At, it.Registration)
	case it.Registration != nil && e.full:
		e.registration(it.At, it.Registration)
	case it.Probe != nil && e.full:
		e.probe(it.At, it.Probe)
	}
}

// Begin is the first registration of each telephone, and of each that takes its
// place when the site moves to another PBX.
func (e *Ear) Begin() {
	if !e.full {
		return
	}
	for i := range e.site.Extensions - e.site.Analogue {
		r := &plan.Registration{Extension: plan.ExtensionName(i), Accepted: true, Expires: time.Hour}
		e.registration(e.site.Start.Add(time.Duration(i)*time.Second), r)
		if !e.site.Migration.IsZero() {
			e.registration(e.site.Migration.Add(time.Duration(i)*time.Second), r)
		}
	}
}

// CallID is the Call-ID of a leg of a planned call; [PlanID] reads it.
func callID(c *plan.Call, leg string) string {
	return strconv.FormatUint(c.ID, 10) + "-" + leg + "@" + oldPBX.String()
}

// PlanID returns the number of the planned call that a Call-ID belongs to.
func PlanID(callID string) (uint64, bool) {
	var id uint64
	n, err := fmt.Sscanf(callID, "%d-", &id)
	return id, n == 1 && err == nil
}

// The addresses of a site (RFC 1918, RFC 5737).
var (
	oldPBX   = netip.MustParseAddr("192.168.10.5")
	newPBX   = netip.MustParseAddr("192.168.20.5")
	operator = netip.MustParseAddr("203.0.113.5")
	second   = netip.MustParseAddr("203.0.113.6")
	stranger = netip.MustParseAddr("198.51.100.77")
)

const sipPort = 5060

func port(a netip.Addr) netip.AddrPort { return netip.AddrPortFrom(a, sipPort) }

// phone is the address of an extension's telephone at a time.
func (e *Ear) phone(extension string, at time.Time) netip.Addr {
	i, _ := e.site.Phone(extension)
	network := byte(10)
	if e.migrated(at) {
		network = 20
	}
	return netip.AddrFrom4([4]byte{192, 168, network, byte(101 + i)})
}

func (e *Ear) migrated(at time.Time) bool {
	return !e.site.Migration.IsZero() && !at.Before(e.site.Migration)
}

// pbx is the address of the PBX at a time.
func (e *Ear) pbx(at time.Time) netip.Addr {
	if e.migrated(at) {
		return newPBX
	}
	return oldPBX
}

// trunk is the address of the operator, and the host by which URIs name it.
func (e *Ear) trunk(c *plan.Call) (netip.Addr, string) {
	if domain := e.site.Domain(c.Trunk); domain != "" {
		return operator, domain
	}
	if c.Trunk == 0 {
		return operator, operator.String()
	}
	return second, second.String()
}

// registration is the answer to one that bore credentials.
func (e *Ear) registration(at time.Time, r *plan.Registration) {
	src, agent := r.Address, r.UserAgent
	if !src.IsValid() {
		src = e.phone(r.Extension, at)
	}
	if agent == "" {
		agent = phoneAgent
	}
	ev := call.Registration{
		AoR: r.Extension + "@" + e.pbx(at).String(), User: r.Extension, Contact: "sip:" + r.Extension + "@" + port(src).String(),
		Src: port(src), Dst: port(e.pbx(at)), UserAgent: agent, AuthUser: r.Extension, Change: call.BindingNew, Expires: r.Expires,
	}
	who := login{r.Extension, src}
	if r.Accepted {
		delete(e.failures, who)
	} else {
		if len(e.failures) >= maxLogins {
			clear(e.failures)
		}
		e.failures[who]++
		ev.Change, ev.Contact, ev.Failures = call.BindingRefused, "", e.failures[who]
	}
	e.queue.push(call.Event{Kind: call.EventBinding, Time: at, Registration: &ev})
}

// listed is the site's own registration at the operator, whose answer lists
// another's binding too: new once, and told without a source.
func (e *Ear) listed(at time.Time, r *plan.Registration) {
	own := call.Registration{
		AoR: plan.TrunkAccount + "@" + operator.String(), User: plan.TrunkAccount, Contact: "sip:" + plan.TrunkAccount + "@" + port(e.pbx(at)).String(),
		Src: port(e.pbx(at)), Dst: port(operator), UserAgent: pbxAgent, AuthUser: plan.TrunkAccount, Change: call.BindingRefreshed, Expires: time.Hour,
	}
	other := own
	other.Contact, other.Src, other.UserAgent, other.AuthUser = "sip:"+plan.TrunkAccount+"@"+port(r.Address).String(), netip.AddrPort{}, "", ""
	other.Expires = listedFor
	for _, b := range [...]call.Registration{own, other} {
		if !e.bound[b.Contact] {
			e.bound[b.Contact], b.Change = true, call.BindingNew
		} else if !b.Src.IsValid() {
			continue
		}
		e.queue.push(call.Event{Kind: call.EventBinding, Time: at, Registration: &b})
	}
}

// listedFor is what is left of another's binding when the operator lists it.
const listedFor = 3000 * time.Second

// probe is a request outside any call, except that an INVITE opens one.
func (e *Ear) probe(at time.Time, p *plan.Probe) {
	switch p.Method {
	case "INVITE":
		c := plan.Call{Start: at, Entry: plan.FromStranger, Address: p.Address}
		l := e.leg(&c, "probe", port(p.Address), port(e.pbx(at)))
		l.From, l.To, l.Request = call.Party{User: "100", Host: e.pbx(at).String()}, call.Party{User: p.User, Host: e.pbx(at).String()}, call.Party{User: p.User, Host: e.pbx(at).String()}
		l.UserAgent, l.Credentials = p.UserAgent, p.Credentials
		e.attempt(l, at)
		l.HeardOther, l.Challenged = p.Status != 0, p.Status == 401 || p.Status == 407
		e.ended(l, at.Add(answerTime), p.Status, call.Callee)
	case "OPTIONS", "REGISTER":
		e.queue.push(call.Event{Kind: call.EventMessage, Time: at, Message: &call.Message{
			Src: port(p.Address), Dst: port(e.pbx(at)), Transport: call.UDP, Method: p.Method, Status: p.Status,
			User: p.User, FromUser: p.User, UserAgent: p.UserAgent, Credentials: p.Credentials,
		}})
	}
}
