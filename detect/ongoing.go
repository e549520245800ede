package detect

import (
	"net/netip"
	"slices"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/detect/numbering"
	"tollwatch/detect/rules"
)

// Bounds of the calls at once.
const (
	maxCalls = 8192
	maxLegs  = 8 // a ring group has more; they add nothing to a decision
	// maxAge ends a call whose end was never seen: longer than any session
	// lives without a refresh.
	maxAge = 13 * time.Hour
)

// ongoing is a call while it runs.
type ongoing struct {
	id     call.ID
	start  time.Time
	callID string // of the first leg
	source netip.AddrPort
	legs   []legState

	identity
	knocks   bool // a stranger's, not served so far: no call of this site
	admitted bool // the gate has judged that it was served
	inward
	forwards bool // it set a forward, which was looked at
	mute     bool // one side or both sent no media, as far as they are seen
	quick    bool // it was answered faster than a person takes up
	heard    bool // the other side said something: this is not one attacker's word

	rated  call.LegID // the leg whose answer and end cost money; 0 when none
	answer time.Time  // of that leg
	over   time.Time  // when it ended; zero while it runs
	cost   money      // so far
	booked float64    // of it, in the site's hour: the first minute whole
	next   time.Time  // of the next look at the running call

	occupies numbering.Class // among the calls at once of the caps; 0 = not yet, or no longer
	told     [maxCaps]uint8  // of each cap on a single call, the share that was said

	counted  counted
	decision Decision
	incident *incident
	entered  string // the number under which the incident counts it
}

// legState is what the engine keeps of a leg.
type legState struct {
	id       call.LegID
	src, dst netip.Addr
	side     side
	live     bool
	request  call.Party
	from     call.Party
	asserted string
	user     string // of the credentials, else of the Contact
	login    bool   // it is that of the credentials
	diverted bool   // it bears a Diversion or a History-Info
}

// identity is what a call is to the site.
type identity struct {
	direction Direction
	number    numbering.Number
	extension string
	phones    bool // the telephone's own leg was seen
	trunk     string
}

// counted remembers where a call was counted, so that it can be undone.
type counted struct {
	yes       bool
	number    string // as E.164, else as dialled
	extension *extension
	group     *group // nil for a class that is not watched
	fresh     bool   // among the new destinations too
	costly    bool
	redial    bool // of a number that did not answer: no new attempt
}

func (c *ongoing) running() bool { return !c.answer.IsZero() && c.over.IsZero() }

func (c *ongoing) leg(id call.LegID) *legState {
	for i := range c.legs {
		if c.legs[i].id == id {
			return &c.legs[i]
		}
	}
	return nil
}

func newLegState(l *call.Leg) legState {
	user := l.AuthUser
	if user == "" {
		user = l.ContactUser
	}
	return legState{id: l.ID, src: l.Src.Addr().Unmap(), dst: l.Dst.Addr().Unmap(), live: true,
		request: l.Request, from: l.From, asserted: l.Asserted, user: user, login: l.AuthUser != "", diverted: l.Diversion != ""}
}

// add takes in a leg. When there is no room the first one that ended makes
// it, but never the call's first; false when all are alive.
func (c *ongoing) add(l *call.Leg) bool {
	s := newLegState(l)
	s.login = s.login && !c.bore(l.AuthUser)
	if len(c.legs) < maxLegs {
		c.legs = append(c.legs, s)
		return true
	}
	for i := 1; i < len(c.legs); i++ {
		if !c.legs[i].live {
			c.legs[i] = s
			return true
		}
	}
	return false
}

// bore says that an earlier leg had the user: credentials that a proxy passed on
// are no login of its own.
func (c *ongoing) bore(user string) bool {
	return slices.ContainsFunc(c.legs, func(l legState) bool { return l.user == user })
}

func (c *ongoing) live() bool {
	return slices.ContainsFunc(c.legs, func(l legState) bool { return l.live })
}

// scored says that the rules look at the call.
func (c *ongoing) scored() bool {
	if c.direction != Outbound {
		return false
	}
	switch c.number.Class {
	case 0, numbering.Emergency, numbering.Internal:
		return false
	case numbering.Unparsed:
		return c.trunk != ""
	}
	return true
}

func (c *ongoing) key() groupKey { return groupKey{c.number.Country, c.number.Class} }

func (c *ongoing) watched() bool { return rules.Watched(c.number.Class) }

// billed is the minutes that the cost stands for: minimum and increment in it.
func (c *ongoing) billed() float64 {
	if c.number.Rate <= 0 {
		return c.decision.Inputs.Minutes
	}
	return max(c.cost.likely-c.number.Billing.Fee, 0) / c.number.Rate
}

// shown is the number as a person knows it.
func (c *ongoing) shown() string {
	if c.number.E164 != "" || len(c.legs) == 0 {
		return c.number.E164
	}
	return c.legs[0].request.User
}

// reset readies a used call for the next one; its slices are kept.
func (c *ongoing) reset(id call.ID, l *call.Leg) {
	*c = ongoing{id: id, start: l.Start, callID: l.CallID, source: l.Src, legs: c.legs[:0],
		decision: Decision{Reasons: c.decision.Reasons[:0]}}
}
