package call

import "time"

// EventKind says what happened.
type EventKind uint8

// The events of calls, in the order of a call's life, then all others.
// The comment names the fields of [Event] that are set beside Kind and Time.
const (
	// EventAttempt: the first INVITE of a leg. Leg.
	EventAttempt EventKind = iota + 1
	// EventJoined: a leg turned out to belong to an older call after its
	// EventAttempt. Leg (its Call is now the older call's), Former (the ID it
	// bore until then). A leg that is joined at its first INVITE bears the older
	// call's ID in EventAttempt already, and no EventJoined follows.
	EventJoined
	// EventProgress: the first provisional reply (100 included): the other
	// side exists. Leg.
	EventProgress
	// EventRinging: the first 180 or 183. Leg.
	EventRinging
	// EventAnswered: the first 2xx to the INVITE. Leg.
	EventAnswered
	// EventForwarded: a 3xx to the INVITE. Leg, Target.
	EventForwarded
	// EventTransfer: a REFER inside the dialog. Leg, Target.
	EventTransfer
	// EventDTMF: a key was pressed (RFC 4733, SIP INFO). Leg, Separator; the
	// digit is not kept.
	EventDTMF
	// EventMedia: the first media packets of a leg. Leg.
	EventMedia
	// EventEnded: the leg is over, however it ended; also sent for each leg
	// that still lives when the capture ends (its Leg.End is zero then). Leg.
	EventEnded
	// EventReleased: the BYE that ended a leg was answered with a 2xx. Leg, whose
	// End is the time of the BYE.
	EventReleased

	// EventStream: a media stream ended. Stream.
	EventStream
	// EventBinding: a binding changed. Registration.
	EventBinding
	// EventMessage: a transaction outside any call. Message.
	EventMessage
	// EventQuality: a telephone reported what it heard (RFC 6035). Quality.
	EventQuality
	// EventStreamHeard: a media stream that nobody announced goes on. Stream, as it
	// stands; EventStream follows at its end.
	EventStreamHeard
)

var eventNames = [...]string{"", "attempt", "joined", "progress", "ringing", "answered", "forwarded",
	"transfer", "dtmf", "media", "ended", "released", "stream", "binding", "message", "quality", "stream_heard"}

func (k EventKind) String() string { return name(eventNames[:], uint8(k)) }

// Event is one thing that happened, at the packet's own time. Only the fields
// that its Kind names are set. Each pointer is to a snapshot that nobody
// changes afterwards.
type Event struct {
	Kind   EventKind
	Time   time.Time
	Former ID
	Target string // user or number that a transfer or a forward leads to
	// Separator: the key was # or *, which parts what is entered. Of an encrypted
	// key that is not known.
	Separator bool

	Leg          *Leg
	Stream       *Stream
	Registration *Registration
	Message      *Message
	Quality      *Quality
}
