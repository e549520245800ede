package dialog

import (
	"bytes"
	"math"
	"net/netip"
	"strings"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/decoder/sip"
)

// register is what a REGISTER asks for.
type register struct {
	aor      string
	authUser string
	expires  int       // of the Expires header; -1 when absent
	all      bool      // Contact: *, every binding is to go
	contacts []contact // asked for
}

// contact is one binding as a message names it.
type contact struct {
	uri     string
	expires int // -1 when it says nothing
}

// account is an address-of-record and its bindings.
type account struct {
	bindings []binding
	alarm    alarm[*entry[string, account]]
}

// binding is where an address-of-record is reached. Its identity is the URI
// without parameters: telephones change those, and registrars add some.
type binding struct {
	registration call.Registration // of its latest refresh
	until        time.Time
}

// failureKey names who tries to log in as whom.
type failureKey struct {
	aor    string
	source netip.Addr
}

// readRegister copies what a REGISTER asks for; its strings are there when the
// copier is done.
func (t *Tracker) readRegister(r *register, m *sip.Message) {
	r.expires = m.Expires
	var u sip.URI
	if sip.ParseURI(m.Text(m.To.URI), &u) {
		t.copy.address(&r.aor, &u)
	}
	user, _ := sip.DigestParam(m.Text(m.Authorization), "username")
	t.copy.add(&r.authUser, user, maxText)
	r.all = string(bytes.TrimSpace(m.Text(m.Contact.Value))) == "*"
	if !r.all {
		r.contacts = readContacts(nil, m)
	}
}

// address copies user@host, as the identity of an account. Hosts are the same in
// any case (RFC 3261 §19.1.4).
func (c *copier) address(to *string, u *sip.URI) {
	start := len(c.buf)
	c.pieces = append(c.pieces, piece{to, start})
	c.buf = sip.AppendUnescaped(c.buf, u.User[:min(len(u.User), maxText)])
	if len(c.buf) > start {
		c.buf = append(c.buf, '@')
	}
	for _, h := range u.Host[:min(len(u.Host), maxText)] {
		if 'A' <= h && h <= 'Z' {
			h += 'a' - 'A'
		}
		c.buf = append(c.buf, h)
	}
}

// readContacts adds the contacts that a message names.
func readContacts(out []contact, m *sip.Message) []contact {
	for a, next := m.NextContact(0); next >= 0 && len(out) < maxBindings; a, next = m.NextContact(next) {
		if a.URI.Empty() {
			continue
		}
		c := contact{uri: string(clip(m.Text(a.URI))), expires: -1}
		if v, ok := sip.Param(m.Text(a.Value), "expires"); ok {
			c.expires = seconds(v)
		}
		out = append(out, c)
	}
	return out
}

// seconds reads delta-seconds (RFC 3261 §25.1); -1 when it is none.
func seconds(b []byte) int {
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return -1
		}
		n = min(10*n+int(c-'0'), math.MaxInt32)
	}
	if len(b) == 0 {
		return -1
	}
	return n
}

// bare is a Contact URI without parameters and headers.
func bare(uri string) string {
	if i := strings.IndexAny(uri, ";?"); i >= 0 {
		return uri[:i]
	}
	return uri
}

// granted takes the 2xx to a REGISTER. It lists every binding of the account
// (RFC 3261 §10.3 step 8); one that this REGISTER did not ask for becomes known
// without a source.
func (t *Tracker) granted(x *transaction, m *sip.Message, now time.Time) {
	r := &x.register
	if e := t.failures.m[failureKey{r.aor, x.message.Src.Addr()}]; e != nil {
		t.failures.remove(e)
	}
	listed := readContacts(t.listed[:0], m)
	t.listed = listed
	if len(listed) == 0 && !r.all { // a registrar that does not list: it took what was asked
		listed = r.contacts
	}
	e := t.accounts.m[r.aor]
	t.dropped(e, x, listed, now)
	for _, c := range listed {
		expires := granting(c, m, r)
		if expires <= 0 {
			continue
		}
		if e == nil {
			e = t.newAccount(r.aor)
		}
		t.bind(e, x, c.uri, expires, now)
	}
	t.settle(e)
}

// granting is for how long a listed binding holds: as the list says, else the
// Expires header, else as it was asked for.
func granting(c contact, m *sip.Message, r *register) time.Duration {
	asked := r.expires
	for _, a := range r.contacts {
		if a.expires >= 0 && bare(a.uri) == bare(c.uri) {
			asked = a.expires
		}
	}
	for _, s := range [...]int{c.expires, m.Expires, asked} {
		if s >= 0 {
			return time.Duration(s) * time.Second
		}
	}
	return defaultExpires
}

// dropped removes the bindings that a REGISTER asked to remove, unless the
// registrar still lists them.
func (t *Tracker) dropped(e *entry[string, account], x *transaction, listed []contact, now time.Time) {
	if e == nil {
		return
	}
	kept := e.value.bindings[:0]
	for _, b := range e.value.bindings {
		if x.register.removes(b.registration.Contact) && !lists(listed, b.registration.Contact) {
			gone := x.binding(b.registration.Contact, call.BindingRemoved, 0, 0)
			t.bindingEvent(gone, now)
			t.counters.Bindings--
			continue
		}
		kept = append(kept, b)
	}
	clear(e.value.bindings[len(kept):])
	e.value.bindings = kept
}

func (r *register) removes(uri string) bool {
	if r.all {
		return true
	}
	for _, c := range r.contacts {
		if bare(c.uri) == bare(uri) {
			return c.expires == 0 || c.expires < 0 && r.expires == 0
		}
	}
	return false
}

// lists says that a list holds a binding that is to last.
func lists(listed []contact, uri string) bool {
	for _, c := range listed {
		if bare(c.uri) == bare(uri) && c.expires != 0 {
			return c.expires > 0
		}
	}
	return false
}

// bind makes or refreshes one binding.
func (t *Tracker) bind(e *entry[string, account], x *transaction, uri string, expires time.Duration, now time.Time) {
	a := &e.value
	i := 0
	for i < len(a.bindings) && bare(a.bindings[i].registration.Contact) != bare(uri) {
		i++
	}
	own := false
	for _, c := range x.register.contacts {
		own = own || bare(c.uri) == bare(uri)
	}
	r := x.binding(uri, call.BindingRefreshed, expires, 0)
	switch {
	case i == maxBindings:
		t.counters.BindingsRefused++
		return
	case i == len(a.bindings):
		r.Change = call.BindingNew
		if !own {
			r.Src, r.UserAgent, r.AuthUser = netip.AddrPort{}, "", ""
		}
		a.bindings = append(a.bindings, binding{})
		t.counters.Bindings++
	case !own:
		a.bindings[i].until = now.Add(expires) // somebody else asked: no refresh, but still there
		return
	}
	a.bindings[i] = binding{r, now.Add(expires)}
	t.bindingEvent(r, now)
}

// binding is a change of a binding as the REGISTER x brought it about.
func (x *transaction) binding(uri string, change call.BindingChange, expires time.Duration, failures int) call.Registration {
	return call.Registration{
		AoR: x.register.aor, User: x.message.User, Contact: uri, Src: x.message.Src, Dst: x.message.Dst,
		UserAgent: x.message.UserAgent, AuthUser: x.register.authUser, Change: change, Expires: expires, Failures: failures,
	}
}

func (t *Tracker) bindingEvent(r call.Registration, now time.Time) {
	t.events = append(t.events, call.Event{Kind: call.EventBinding, Time: now, Registration: &r})
}

func (t *Tracker) newAccount(aor string) *entry[string, account] {
	e, gone := t.accounts.add(aor, account{})
	if gone != nil {
		t.expiries.clear(&gone.value.alarm)
		t.counters.Bindings -= len(gone.value.bindings)
	}
	e.value.alarm.owner = e
	return e
}

// settle sets the alarm of an account to its next expiry, or drops it when it
// has no binding left.
func (t *Tracker) settle(e *entry[string, account]) {
	switch {
	case e == nil:
		return
	case len(e.value.bindings) == 0:
		t.expiries.clear(&e.value.alarm)
		t.accounts.remove(e)
		return
	}
	t.accounts.use(e)
	first := e.value.bindings[0].until
	for _, b := range e.value.bindings[1:] {
		if b.until.Before(first) {
			first = b.until
		}
	}
	t.expiries.set(&e.value.alarm, first)
}

// expireBindings drops the bindings whose time is over.
func (t *Tracker) expireBindings(now time.Time) {
	for e, ok := t.expiries.due(now); ok; e, ok = t.expiries.due(now) {
		kept := e.value.bindings[:0]
		for _, b := range e.value.bindings {
			if b.until.After(now) {
				kept = append(kept, b)
				continue
			}
			b.registration.Change = call.BindingExpired
			t.bindingEvent(b.registration, now)
			t.counters.Bindings--
		}
		clear(e.value.bindings[len(kept):])
		e.value.bindings = kept
		t.settle(e)
	}
}

// refusesLogin says that a REGISTER was refused although it bore credentials:
// a wrong password, a user that is none. An outdated nonce is no failure, nor
// is what the registrar has against the request itself.
func refusesLogin(x *call.Message) bool {
	switch x.Status {
	case 401, 403, 404, 407, 410:
		return x.Credentials && !x.Stale
	}
	return false
}

// failed counts a refused login, and returns how many there were in a row.
func (t *Tracker) failed(x *transaction) int {
	k := failureKey{x.register.aor, x.message.Src.Addr()}
	e := t.failures.m[k]
	if e == nil {
		e, _ = t.failures.add(k, 0)
	}
	t.failures.use(e)
	e.value++
	return e.value
}
