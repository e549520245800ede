package scenario

import "time"

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

// Entry is where an extension's call comes from.
type Entry uint8

// The entries.
const (
	FromPhone    Entry = iota + 1 // the telephone on the desk
	FromInternet                  // a stranger's program that has the extension's password
)

var entryNames = [...]string{"", "phone", "internet"}

func (e Entry) String() string { return name(entryNames[:], int(e)) }

func name(names []string, i int) string {
	if i >= len(names) {
		return ""
	}
	return names[i]
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
	CalleeEnds  bool   // an answered call is ended by the callee
	Voicemail   bool   // answered by the PBX: the called extension did not, or dialled its mailbox
	Digits      string // keys that the caller presses while talking

	Entry     Entry  // of the extension that calls; the phone unless it is stolen
	Extension string // of the site: the caller of an outbound or internal call, the callee of an inbound one
	Peer      string // the called extension of an internal call; * and digits for a service of the PBX
	Number    string // of the other side, E.164 with +; empty for an internal call
	CLI       string // of the caller, E.164 with +, or the extension

	DialledByPhone string // what the phone sends to the PBX
	SentToTrunk    string // what the PBX sends to the trunk, or the trunk to the PBX; empty for an internal call

	Label    string // name of the attack; empty for an honest call
	AttackID string // tells attacks of the same name apart
}
