package call

// Transport is what carried the signalling.
type Transport uint8

// The transports of docs/json.md.
const (
	UDP Transport = iota + 1
	TCP
	TLS
	WS
	WSS
	SCTP
)

var transportNames = [...]string{"", "udp", "tcp", "tls", "ws", "wss", "sctp"}

func (t Transport) String() string { return name(transportNames[:], uint8(t)) }

// State is where a leg stands, or how it ended.
type State uint8

// A leg starts as Trying and leaves it once. Answered is the state of a call
// in progress as well as of one that was answered and has ended: End tells.
const (
	Trying    State = iota + 1 // INVITE seen, nothing final yet
	Answered                   // 2xx to the INVITE
	Cancelled                  // CANCEL, or 487
	Busy                       // 486, 600
	Rejected                   // 401/403/404/480/603 and the like: refused by the other side
	Failed                     // 5xx and other failures of the network
	TimedOut                   // 408, or no final answer came
)

// stateNames: a leg that is still trying is "active" to a reader (docs/json.md).
var stateNames = [...]string{"", "active", "answered", "cancelled", "busy", "rejected", "failed", "timeout"}

func (s State) String() string { return name(stateNames[:], uint8(s)) }

// Side is the side of a leg that ended it.
type Side uint8

// Caller and Callee are the two ends of the dialog. NoSide means that nobody
// said goodbye: the BYE was lost, or the media stopped.
const (
	NoSide Side = iota + 1
	Caller
	Callee
)

var sideNames = [...]string{"", "none", "caller", "callee"}

func (s Side) String() string { return name(sideNames[:], uint8(s)) }

// Source is how the signalling reached the sensor.
type Source uint8

// Wire is a captured frame, HEP a Homer encapsulation.
const (
	Wire Source = iota + 1
	HEP
)

var sourceNames = [...]string{"", "wire", "hep"}

func (s Source) String() string { return name(sourceNames[:], uint8(s)) }

func name(names []string, i uint8) string {
	if int(i) >= len(names) {
		return ""
	}
	return names[i]
}
