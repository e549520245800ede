package detect

import (
	"net/netip"
	"slices"
	"strings"

	"tollwatch/detect/numbering"
	"tollwatch/detect/rules"
)

// side is what a leg is to the site.
type side uint8

const (
	sideUnknown side = iota
	fromTrunk
	toTrunk
	fromPhone // to the PBX, not from a trunk
	toPhone   // from the PBX, not to a trunk
)

// classify says what the leg is, and which trunk it concerns.
func (r *roles) classify(l *legState) (side, *trunk) {
	if t := r.trunkAt(l.dst, l.request.Host, r.accountAt(l)); t != nil {
		return toTrunk, t
	}
	if t := r.trunkAt(l.src, l.from.Host, l.request.User); t != nil {
		return fromTrunk, t
	}
	if r.isPBX(l.dst) {
		return fromPhone, nil
	}
	if t := r.trunkNamed(l.request.Host, l.user); t != nil {
		return toTrunk, t
	}
	if r.isPBX(l.src) {
		return toPhone, nil
	}
	return sideUnknown, nil
}

// identify says anew what the call is, from all its legs. It learns roles on
// the way: the address where one leg ends and the next begins is the PBX's.
func (e *Engine) identify(c *ongoing) {
	e.learnJoined(c)
	var way *trunk
	var out *legState // the leg nearest the trunk
	for i := range c.legs {
		l := &c.legs[i]
		s, t := e.roles.classify(l)
		l.side = s
		if t != nil && (way == nil || s == toTrunk) {
			way = t
		}
		switch s {
		case toTrunk:
			out = l
		case toPhone:
			if e.roles.isPhone(l.dst) {
				e.roles.addUser(l.request.User)
			}
		}
	}
	first := &c.legs[0]
	c.identity = identity{phones: first.side == fromPhone}
	if way != nil {
		c.trunk = way.Name
	}
	c.number = e.number(first, out)
	c.direction = direction(c.number.Class, first, out, local(first.src) || e.roles.isPhone(first.src))
	if c.number.Forward {
		c.direction = Internal // a setting, not a call
	}
	c.extension = c.who(out)
	if c.phones && out != nil && out != first {
		e.plan.ObserveOutside(first.request.User, out.request.User)
	}
}

// number is the one that counts: of the leg to the trunk, where there is one.
func (e *Engine) number(first, out *legState) numbering.Number {
	if out != nil {
		n := e.resolve(out)
		if n.Class == numbering.Internal {
			n.Class = numbering.Unparsed // what leaves by a trunk is no extension
		}
		return n
	}
	n := e.resolve(first)
	if n.MayBeExtension() && n.Class != numbering.Emergency && e.roles.isUser(first.request.User) {
		n = numbering.Number{Class: numbering.Internal, Reading: numbering.ReadInternal}
	}
	return n
}

func (e *Engine) resolve(l *legState) numbering.Number {
	return e.priced(e.plan.Resolve(l.request.User, l.request.Host))
}

// priced puts a price in place of the table's that is known better.
func (e *Engine) priced(n numbering.Number) numbering.Number {
	e.cfg.Prices.Price(&n, e.rates)
	if e.cfg.PlainClasses && n.Class.Foreign() {
		n.Class = numbering.International
	}
	return n
}

// direction of a call whose first leg and whose leg to a trunk (nil when there
// is none) are known; inside says that the first leg comes from a telephone or
// from the house.
func direction(class numbering.Class, first, out *legState, inside bool) Direction {
	if out != nil {
		return Outbound
	}
	if first.side == fromTrunk {
		return Inbound
	}
	if rules.Risky(class) || class.Foreign() || class == numbering.Emergency {
		return Outbound // whatever the roles say: nobody is called like that from outside
	}
	known := first.side == toPhone || first.side == fromPhone && inside
	switch {
	case class == numbering.Internal || class == numbering.Unparsed:
		if known || inside {
			return Internal
		}
	case known || inside && !local(first.dst):
		return Outbound
	}
	return DirectionUnknown
}

// who names the one of this site who calls or, on the way in, who is called.
func (c *ongoing) who(out *legState) string {
	if c.direction == Inbound {
		for i := range c.legs {
			if c.legs[i].side == toPhone {
				return c.legs[i].request.User
			}
		}
		return ""
	}
	first := &c.legs[0]
	if c.phones {
		return named(first.from.User, first.user, first.asserted)
	}
	if out != nil {
		first = out
	}
	return named(first.asserted, first.from.User, first.user)
}

// named is the first that names somebody.
func named(users ...string) string {
	for _, u := range users {
		switch strings.ToLower(u) {
		case "", "anonymous", "unknown", "restricted", "unavailable":
			continue
		}
		return u[:min(len(u), maxName)]
	}
	return ""
}

// maxName bounds what a stranger may make us remember.
const maxName = 64

// learnJoined learns from a call of two legs or more.
func (e *Engine) learnJoined(c *ongoing) {
	first := &c.legs[0]
	for i := 1; i < len(c.legs); i++ {
		l := &c.legs[i]
		if l.src != first.dst {
			continue
		}
		e.roles.addPBX(l.src)
		switch {
		case e.outside(l) && (!local(l.dst) || local(first.src)):
			e.roles.addTrunk(l.dst) // on the way out
		case e.public(first) && !local(first.src) && !e.roles.isPhone(first.src) && e.resolve(l).Class == numbering.Internal:
			e.roles.addTrunk(first.src) // on the way in, to an extension
		}
	}
}

// learnAnswered learns from a call that was answered, which nobody can forge
// alone. It says whether the call is to be identified anew.
func (e *Engine) learnAnswered(c *ongoing) bool {
	learned := e.learnLone(c)
	for i := range c.legs {
		l := &c.legs[i]
		if e.learnOnward(c, l) {
			learned = true
		}
		if l.side == toTrunk && e.roles.tellApart(l) {
			learned = true
		}
	}
	return learned
}

// learnOnward: a leg that goes on to the public network from what was taken for
// the trunk. That was an SBC of this site, and the trunk is behind it.
func (e *Engine) learnOnward(c *ongoing, l *legState) bool {
	t := e.roles.trunkAt(l.src, "", "")
	if t == nil || !t.learned || e.roles.isTrunk(l.dst) || local(l.dst) || !e.outside(l) {
		return false
	}
	came := slices.ContainsFunc(c.legs, func(before legState) bool { return before.side == toTrunk && before.dst == l.src })
	if !came {
		return false
	}
	t.Addresses, t.Domains, t.Users = []netip.Addr{l.dst}, nil, nil
	e.roles.addPBX(l.src)
	return true
}

// learnLone learns from an answered call of which one leg alone was seen.
func (e *Engine) learnLone(c *ongoing) bool {
	l := &c.legs[0]
	if len(c.legs) > 1 || l.side != sideUnknown && l.side != toPhone || !e.outside(l) {
		return false
	}
	if l.side == toPhone {
		return e.roles.addTrunk(l.dst) != nil
	}
	number := e.resolve(l)
	if !e.roles.accounts.has(l.dst, l.user) && !e.roles.accounts.has(l.dst, l.from.User) && !e.roles.pairs.observe(l.src, l.dst, e.hash(number.E164), number.Class.Foreign()) {
		return false
	}
	e.roles.addPBX(l.src)
	return e.roles.addTrunk(l.dst) != nil
}

// outside says that the leg goes to a number of the public network, at an
// address that can be a trunk's.
func (e *Engine) outside(l *legState) bool {
	if e.roles.isPBX(l.dst) || e.roles.isPhone(l.dst) {
		return false
	}
	return e.public(l)
}

// public says that the leg goes to a number of the public network, and not to
// what might be an extension.
func (e *Engine) public(l *legState) bool {
	n := e.resolve(l)
	switch n.Class {
	case 0, numbering.Internal, numbering.Unparsed, numbering.Emergency:
		return false
	}
	return !n.MayBeExtension() && !n.Forward
}
