package detect

import (
	"time"

	"tollwatch/decoder/call"
	"tollwatch/detect/numbering"
	"tollwatch/detect/rules"
	"tollwatch/detect/window"
)

// inward is what is known of a call from outside.
type inward struct {
	keys  keys // that its caller pressed
	taken bool // a telephone of the site, or somebody whom it was passed on to, answered
}

// callers is what is known of those who call the site.
type callers struct {
	table *window.LRU[string, caller] // by number; all who withhold it are one
}

// caller is one of them.
type caller struct {
	groups  recent // of keys
	day     int32
	mailbox int       // short calls of that day that a mailbox took
	guessed time.Time // when it was last seen trying PINs
}

// Bounds of what is known of callers.
const (
	maxCallers   = 1024
	guessedFor   = 24 * time.Hour
	shortMailbox = 30 * time.Second
	mailboxKeys  = 3 // in a call that only keys tell to be a mailbox's
)

func newCallers() callers { return callers{window.NewLRU[string, caller](maxCallers)} }

// comesFromOutside says that the call's first leg came by a trunk.
func (c *ongoing) comesFromOutside() bool { return len(c.legs) > 0 && c.legs[0].side == fromTrunk }

// caller is the number that a call from outside shows; empty when withheld.
func (c *ongoing) caller() string { return named(c.legs[0].asserted, c.legs[0].from.User) }

// called is the one of this site whom a call from outside asked for.
func (c *ongoing) called() string {
	for i := range c.legs {
		if c.legs[i].side == toPhone {
			return c.legs[i].request.User
		}
	}
	return named(c.legs[0].request.User)
}

// observeInward looks at what a call from outside does.
func (e *Engine) observeInward(c *ongoing, ev *call.Event) {
	if !c.comesFromOutside() {
		return
	}
	l, first := ev.Leg, ev.Leg.ID == c.legs[0].id
	switch {
	case ev.Kind == call.EventAnswered:
		c.taken = c.taken || !first
	case !first:
	case ev.Kind == call.EventDTMF:
		e.press(c, ev.Separator)
	case ev.Kind == call.EventEnded && !l.Live():
		if c.keys.close() {
			e.entered(c)
		}
		e.noteEnd(c)
		e.mailboxTook(c, l)
		e.rangOnce(c, l)
		e.pump(c, l)
	}
}

// press notes a key of the caller.
func (e *Engine) press(c *ongoing, separator bool) {
	closed := c.keys.press(e.now, separator)
	if c.keys.pressed >= manyKeys {
		e.onward.dialled(c.id, e.now)
	}
	if closed {
		e.entered(c)
	}
}

// entered notes a group of keys.
func (e *Engine) entered(c *ongoing) {
	who := c.caller()
	s := rules.Signs{Caller: who, Called: c.called(), PINs: c.keys.alike()}
	if who != "" { // they are many
		a := put(e.callers.table, who)
		a.groups.add(e.now)
		s.PINsHour = a.groups.within(e.now, time.Hour)
	}
	e.suspectGuess(c, s)
}

// mailboxTook counts a short call that a mailbox took.
func (e *Engine) mailboxTook(c *ongoing, l *call.Leg) {
	who, keyed := c.caller(), c.keys.pressed >= mailboxKeys
	rang := len(c.legs) > 1 // a telephone, that did not answer
	if l.Answer.IsZero() || c.taken || l.Duration() >= shortMailbox || !keyed && (who == "" || !rang) {
		return
	}
	a := put(e.callers.table, who)
	if a.day != e.memory.day {
		a.day, a.mailbox = e.memory.day, 0
	}
	a.mailbox++
	e.suspectGuess(c, rules.Signs{Caller: who, Called: c.called(), MailboxCalls: a.mailbox})
}

func (e *Engine) suspectGuess(c *ongoing, s rules.Signs) {
	e.suspect(sign{scheme: Voicemail, caller: s.Caller, extension: s.Called, trunk: c.trunk, callID: c.callID, signs: s})
	if e.signDecision.Score > 0 {
		put(e.callers.table, s.Caller).guessed = e.now
	}
}

// guessed says that the caller was seen trying PINs. Who withholds the number
// is known by the call alone.
func (e *Engine) guessed(c *ongoing) bool {
	who := c.caller()
	if a := e.callers.table.Get(who); who != "" && a != nil && !a.guessed.IsZero() && e.now.Sub(a.guessed) <= guessedFor {
		return true
	}
	return rules.Guessing(c.keys.alike())
}

// foreignCaller is the caller's number, where it is one abroad or a premium one.
func (e *Engine) foreignCaller(c *ongoing) (numbering.Number, bool) {
	n := e.plan.Resolve(c.caller(), c.legs[0].from.Host)
	return n, n.E164 != "" && (n.Class.Foreign() || rules.Risky(n.Class))
}
