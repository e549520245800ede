package plan

import (
	"net/netip"
	"time"
)

// Outcome is how an attempt ended.
type Outcome uint8

// The outcomes, with the final SIP status that the caller sees.
const (
	Answered  Outcome = iota + 1 // 200
	Busy                         // 486
	Cancelled                    // the caller gave up: 487
	NoAnswer                     // the network gave up: 480
	Rejected                     // the callee refused: 603
	Failed                       // there is no way there: 404 or 503
)

var outcomeNames = [...]string{"", "answered", "busy", "cancelled", "noanswer", "rejected", "failed"}

func (o Outcome) String() string { return name(outcomeNames[:], int(o)) }

// Status is the final SIP status that the caller sees (RFC 3261 §21).
func (o Outcome) Status() int {
	switch o {
	case Answered:
		return 200
	case Busy:
		return 486
	case Cancelled:
		return 487
	case NoAnswer:
		return 480
	case Rejected:
		return 603
	}
	return 503
}

// Direction is seen from the site.
type Direction uint8

// The directions.
const (
	Outbound Direction = iota + 1
	Inbound
	Internal
)

var directionNames = [...]string{"", "outbound", "inbound", "internal"}

func (d Direction) String() string { return name(directionNames[:], int(d)) }

// Entry is where a call of the site begins.
type Entry uint8

// The entries.
const (
	FromPhone    Entry = iota + 1 // the telephone on the desk
	FromInternet                  // a stranger's program that has the extension's password
	FromPBX                       // the PBX itself: originated by its web page or a call file
	FromStranger                  // a stranger's program without any password, whom the PBX serves all the same
)

var entryNames = [...]string{"", "phone", "internet", "pbx", "stranger"}

func (e Entry) String() string { return name(entryNames[:], int(e)) }

// Media is what is heard of an answered call.
type Media uint8

// The media.
const (
	BothWays Media = iota
	OneWay         // the caller alone sends
	Silent         // nobody sends
	Fax            // both, as T.38 after a few seconds
)

// How says by what a call goes on to another number.
type How uint8

// The ways onward.
const (
	Forwarded   How = iota + 1 // the PBX dials on by itself, with a Diversion
	Redirected                 // the telephone answers 302
	Transferred                // REFER
	Dialled                    // keys pressed in a mailbox or a DISA
)

var howNames = [...]string{"", "forwarded", "redirected", "transferred", "dialled"}

func (h How) String() string { return name(howNames[:], int(h)) }

func name(names []string, i int) string {
	if i >= len(names) {
		return ""
	}
	return names[i]
}

// Onward is the second outside leg of a call that the site passes on.
type Onward struct {
	How         How
	Instead     bool          // the site's own telephones are not asked
	Number      string        // E.164 with +
	SentToTrunk string        // as the PBX sends it
	After       time.Duration // from the call's start
	Duration    time.Duration // from its answer; 0 = nobody answers
}

// Call is one planned call. Spans of time are counted as a person would, from
// the first INVITE; signalling that takes its own time moves them a little.
type Call struct {
	ID          uint64 // 1, 2, 3 … in the order of Start
	Start       time.Time
	RingAfter   time.Duration // from Start to the ringing; 0 when it never rings
	AnswerAfter time.Duration // from Start to the answer, or to the refusal or cancellation
	Duration    time.Duration // from the answer to the end; 0 when not answered
	Outcome     Outcome
	Direction   Direction
	CalleeEnds  bool          // an answered call is ended by the callee
	Voicemail   bool          // answered by the PBX: the called extension did not, or dialled its mailbox
	Digits      string        // keys that the caller presses while talking
	Media       Media         // of an answered call
	HoldAfter   time.Duration // from the answer; 0 = never held
	HoldFor     time.Duration
	NoBye       bool // the end is not signalled, or was not seen

	Entry     Entry      // of the call of an extension
	Address   netip.Addr // of a stranger; not valid = the site's usual one
	UserAgent string     // of a stranger; empty = its usual one
	Trunk     int        // the operator, from 0
	Extension string     // of the site: the caller of an outbound or internal call, the callee of an inbound one
	Ringing   []string   // extensions that ring along with the callee's
	Peer      string     // the called extension of an internal call; * and digits for a service of the PBX
	Number    string     // of the other side, E.164 with +; empty for an internal call
	CLI       string     // of the caller, E.164 with +, or the extension
	Onward    *Onward    // where the site passes the call on to

	DialledByPhone string // what the phone sends to the PBX
	SentToTrunk    string // what the PBX sends to the trunk, or the trunk to the PBX; empty for an internal call

	Unrouted  bool          // the PBX has no way there and asks no operator
	Forged    bool          // nothing of it is real: a stranger sends all its messages in others' names
	ForgedBye time.Duration // from Start to the BYE that a stranger sends in the caller's name; 0 = none

	Label       string // name of the attack; empty for an honest call
	AttackID    string // tells attacks of the same name apart
	Preparation bool   // of an attack: steals nothing yet
}

// Reaches says that the PBX asks somebody to take the call.
func (c *Call) Reaches() bool {
	turnedAway := c.Entry == FromStranger && c.Outcome != Answered
	return !c.Forged && !c.Unrouted && !turnedAway && (c.Direction != Internal || !c.Voicemail)
}

// Rings are the extensions at which an inbound call rings.
func (c *Call) Rings() []string {
	if c.Onward != nil && c.Onward.Instead {
		return nil
	}
	return append([]string{c.Extension}, c.Ringing...)
}

// End is when the call is over.
func (c *Call) End() time.Time { return c.Start.Add(c.AnswerAfter + c.Duration) }

// Refuse ends an attempt before it rings.
func (c *Call) Refuse(o Outcome, after time.Duration) {
	c.Outcome, c.AnswerAfter, c.RingAfter, c.Duration = o, after, 0, 0
}
