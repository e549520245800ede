package detect

import (
	"net/netip"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/detect/rules"
	"tollwatch/detect/window"
)

// gate counts what comes to the PBX from those who have no place at this site.
type gate struct {
	strangers *window.LRU[netip.Addr, stranger]
	accounts  *window.SpaceSaving[guessed]
	numbers   *window.SpaceSaving[tried]
	served    *window.LRU[netip.Addr, served]

	minute time.Time // since when knocks counts
	knocks int       // of all strangers
}

// Bounds of the tables of the gate.
const (
	maxStrangers = 4096
	maxGuessed   = 1024
	maxTried     = 512
	maxServed    = 256
)

func newGate() gate {
	return gate{strangers: window.NewLRU[netip.Addr, stranger](maxStrangers), accounts: window.NewSpaceSaving[guessed](maxGuessed),
		numbers: window.NewSpaceSaving[tried](maxTried), served: window.NewLRU[netip.Addr, served](maxServed)}
}

// evicted is how many entries of all its tables made room for others.
func (g *gate) evicted() uint64 {
	return g.strangers.Evicted() + g.accounts.Evicted() + g.numbers.Evicted() + g.served.Evicted()
}

// atGate says that what src sends to dst is a stranger's request to a PBX.
func (e *Engine) atGate(src, dst netip.Addr) bool {
	r := &e.roles
	if !src.IsValid() || local(src) || !r.isPBX(dst) || r.isPBX(src) || r.isTrunk(src) || r.isPhone(src) {
		return false
	}
	s := e.gate.served.Get(network(src))
	return s == nil || s.athome < peerCalls
}

// observeMessage looks at a request outside calls. Subscriptions name many
// users honestly, so that only what scanners use counts.
func (e *Engine) observeMessage(m *call.Message) {
	if !e.atGate(m.Src.Addr(), m.Dst.Addr()) {
		return
	}
	switch m.Method {
	case "OPTIONS": // what it is answered tells of no user
		e.knock(m.Src, m.User, m.UserAgent, 0)
	case "REGISTER":
		e.knock(m.Src, m.User, m.UserAgent, m.Status)
	}
}

// observeInvite looks at the leg by which a call comes to the PBX, as far as it
// has got. Credentials may be on a later INVITE than the first, so that only the
// leg's own events count.
func (e *Engine) observeInvite(kind call.EventKind, l *call.Leg, c *ongoing) {
	if len(c.legs) == 0 || l.ID != c.legs[0].id || kind == call.EventAttempt {
		return
	}
	first := &c.legs[0]
	if !e.roles.isPBX(first.dst) || e.roles.isPBX(first.src) || e.roles.isTrunk(first.src) {
		return
	}
	over := kind == call.EventEnded && !l.Live()
	passed := l.Credentials && l.Status != 401 && l.Status != 407
	switch {
	case passed || e.roles.isPhone(first.src) || local(first.src):
		e.observeInsider(l, c, over)
	case e.atGate(first.src, first.dst):
		e.observeStranger(l, c, over)
	}
	if over && l.Credentials && !passed {
		e.refusedLogin(l.Src, l.Dst, l.AuthUser)
	}
}

// observeInsider looks at a call of somebody who may call.
func (e *Engine) observeInsider(l *call.Leg, c *ongoing, over bool) {
	serves := !l.Ringing.IsZero() || !l.Answer.IsZero() || c.sentOn() != nil
	if serves && !c.admitted {
		c.admitted = true
		if l.Credentials {
			e.acceptedLogin(l.Src, l.AuthUser)
		}
	} else if serves || !over || !refused(l) {
		return
	}
	if rules.Watched(c.number.Class) || c.number.Class == 0 {
		e.tryInside(l, c, serves)
	}
}

// observeStranger looks at a call of somebody who may not.
func (e *Engine) observeStranger(l *call.Leg, c *ongoing, over bool) {
	out := c.sentOn()
	if out != nil && !c.admitted {
		c.admitted = true
		if digits(c.legs[0].request.User) == digits(out.request.User) && rules.Watched(c.number.Class) {
			e.tryOutside(l, true)
			e.relay(l, c)
		}
	}
	if !over {
		return
	}
	if len(c.legs) > 1 {
		e.keepPeer(l, c)
		return
	}
	if refused(l) {
		e.knock(l.Src, l.Request.User, l.UserAgent, l.Status)
	}
	e.tryOutside(l, false)
	if l.Duration() >= talked && c.number.Class.Foreign() {
		e.relayUnseen(l, c)
	}
}

// served says that the PBX does what the call's first leg asks for: it rings, or
// its credentials were right. 100 Trying alone strangers get too.
func (c *ongoing) served(l *call.Leg) bool {
	return l.ID == c.legs[0].id && (!l.Ringing.IsZero() || !l.Answer.IsZero() || l.Credentials && l.HeardOther && l.Status == 0)
}

// refused says that the PBX would not have the call, rather than that nobody
// took it.
func refused(l *call.Leg) bool {
	switch l.Status {
	case 0, 408, 480, 486, 487, 600:
		return false
	}
	return l.HeardOther && l.Answer.IsZero()
}

// sentOn is the leg by which the call left for a trunk; nil when there is none.
func (c *ongoing) sentOn() *legState {
	for i := range c.legs[1:] {
		if l := &c.legs[1+i]; l.side == toTrunk {
			return l
		}
	}
	return nil
}
