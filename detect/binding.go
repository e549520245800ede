package detect

import (
	"math/bits"
	"net/netip"
	"strings"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/detect/rules"
	"tollwatch/detect/window"
)

// bindings knows from where, and with what, each extension registers.
type bindings struct {
	table *window.LRU[string, telephones]
}

// telephones is what the telephones of one extension are known by. What is seen
// is known once it is older than the quarantine.
type telephones struct {
	agents   [maxTraits]trait[uint64] // hashes of User-Agent and transport
	networks [maxTraits]trait[netip.Addr]
	live     [maxTraits]liveBinding // the latest first

	suspect netip.Addr // the network of the latest binding that was strange
	score   float64    // of that sign
	at      time.Time  // when it was last seen
}

// trait is a property of a telephone, and the days on which it was first and last
// seen; first is 0 where there is none.
type trait[T comparable] struct {
	value       T
	first, last int32
}

// liveBinding is one that holds until its end is told.
type liveBinding struct {
	contact uint64 // hash
	network netip.Addr
}

// Bounds of what is known of an extension, and times.
const (
	maxTraits   = 4
	hijackedFor = 24 * time.Hour
	nightBegins = 22 // local hours
	nightEnds   = 6
)

func newBindings() bindings { return bindings{window.NewLRU[string, telephones](maxExtensions)} }

// observeTelephone takes a binding of a telephone at the PBX.
func (e *Engine) observeTelephone(r *call.Registration) {
	switch {
	case r.User == "" || len(r.User) > maxName || r.Change == call.BindingRefused:
		return
	case r.Change == call.BindingExpired || r.Change == call.BindingRemoved:
		if x := e.bindings.table.Get(r.User); x != nil {
			x.end(e.hash(bareContact(r.Contact)))
		}
		return
	}
	from := block(r.Src.Addr())
	if !from.IsValid() || e.roles.isPBX(r.Src.Addr()) || e.roles.isTrunk(r.Src.Addr()) {
		return
	}
	x := put(e.bindings.table, r.User)
	s := x.news(from, e.hash(r.UserAgent)^bits.RotateLeft64(e.hash(transport(r.Contact)), 1), e.memory.day)
	x.begin(liveBinding{e.hash(bareContact(r.Contact)), from})
	if x.suspect == from {
		x.at = e.now
	}
	if s.NewNetwork && s.Public {
		e.suspectBinding(r, x, s)
	}
}

// suspectBinding judges a binding that is not as those before.
func (e *Engine) suspectBinding(r *call.Registration, x *telephones, s rules.Signs) {
	hour := e.now.In(e.cfg.Location).Hour()
	s.Source, s.Extension = r.Src.Addr().Unmap().String(), r.User
	s.AtNight = hour >= nightBegins || hour < nightEnds
	s.Moved, s.Registered = e.bindings.at(block(r.Src.Addr())), e.bindings.table.Len()
	e.suspect(sign{scheme: AccountTakeover, source: r.Src, extension: r.User, signs: s})
	x.suspect, x.score, x.at = block(r.Src.Addr()), e.signDecision.Score, e.now
}

// at counts the extensions whose latest binding is in the network.
func (b *bindings) at(network netip.Addr) (n int) {
	for _, x := range b.table.OldestFirst() {
		if x.live[0].network == network {
			n++
		}
	}
	return n
}

// news says what is new about a binding, and notes it. To an extension of which
// nothing is known yet, nothing is new.
func (x *telephones) news(from netip.Addr, agent uint64, day int32) (s rules.Signs) {
	known, public := 0, 0
	for i := range x.networks {
		if n := &x.networks[i]; n.known(day) {
			known++
			if !local(n.value) {
				public++
			}
		}
	}
	newAgent, newNetwork := see(&x.agents, agent, day), see(&x.networks, from, day)
	if known == 0 {
		return s
	}
	s.NewAgent, s.NewNetwork, s.Public = newAgent, newNetwork, !local(from)
	s.OnlyHouse, s.Roams = public == 0, public > 1
	for i := range x.live {
		n := x.live[i].network
		s.Beside = s.Beside || n.IsValid() && n != from
	}
	return s
}

func (t *trait[T]) known(day int32) bool { return t.first > 0 && day-t.first >= quarantine }

// see notes a value, and says whether it is new. When there is no room, what is
// not known yet goes before what is, and what was not used for longest first.
func see[T comparable](traits *[maxTraits]trait[T], value T, day int32) bool {
	worst := 0
	for i := range traits {
		t, w := &traits[i], &traits[worst]
		if t.first > 0 && t.value == value {
			t.last = day
			return false
		}
		if t.known(day) == w.known(day) && t.last < w.last || !t.known(day) && w.known(day) {
			worst = i
		}
	}
	traits[worst] = trait[T]{value, day, day}
	return true
}

func (x *telephones) begin(l liveBinding) {
	x.end(l.contact)
	copy(x.live[1:], x.live[:])
	x.live[0] = l
}

func (x *telephones) end(contact uint64) {
	for i := range x.live {
		if x.live[i].contact == contact {
			copy(x.live[i:], x.live[i+1:])
			x.live[maxTraits-1] = liveBinding{}
			return
		}
	}
}

// hijack is the score of the strange binding that the call's telephone had in the
// last day, unless a person vouched for it.
func (e *Engine) hijack(c *ongoing) float64 {
	if !c.phones || !c.watched() {
		return 0
	}
	x := e.bindings.table.Get(c.extension)
	if x == nil || x.score == 0 || e.now.Sub(x.at) > hijackedFor || x.suspect != block(c.legs[0].src) {
		return 0
	}
	s := sign{scheme: AccountTakeover, extension: c.extension, source: netip.AddrPortFrom(c.legs[0].src, 0)}
	if e.coveringSign(&s, Notice) != nil {
		return 0
	}
	return x.score
}

// distrust begins the quarantine anew for what is not known yet of an extension:
// it became part of an incident.
func (b *bindings) distrust(extension string, day int32) {
	x := b.table.Get(extension)
	if x == nil {
		return
	}
	for i := range maxTraits {
		x.agents[i].distrust(day)
		x.networks[i].distrust(day)
	}
}

func (t *trait[T]) distrust(day int32) {
	if t.first > 0 && !t.known(day) {
		t.first = day
	}
}

// restart moves the days back with the clock.
func (b *bindings) restart(back int32) {
	for _, x := range b.table.OldestFirst() {
		for i := range maxTraits {
			x.agents[i].restart(back)
			x.networks[i].restart(back)
		}
		x.score = 0
	}
}

func (t *trait[T]) restart(back int32) {
	if t.first > 0 {
		t.first, t.last = max(t.first-back, 1), max(t.last-back, 1)
	}
}

// block is the network of an address: a /24, or one customer's by IPv6.
func block(a netip.Addr) netip.Addr {
	a = a.Unmap()
	size := 24
	if a.Is6() {
		size = 64
	}
	p, err := a.Prefix(size)
	if err != nil {
		return netip.Addr{}
	}
	return p.Addr()
}

// bareContact is a Contact URI without parameters, which telephones change.
func bareContact(uri string) string {
	if i := strings.IndexAny(uri, ";?"); i >= 0 {
		return uri[:i]
	}
	return uri
}

// transport is the word of a Contact URI's transport parameter.
func transport(uri string) string {
	_, after, _ := strings.Cut(uri, ";transport=")
	word, _, _ := strings.Cut(after, ";")
	return word
}
