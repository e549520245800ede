package bpf

// Reason is what became of a frame. Each frame has one.
type Reason uint8

// The reasons, as in lib/abi.h.
const (
	PassedSIP      = Reason(tapReasonPASSED_SIP)
	PassedTCP      = Reason(tapReasonPASSED_TCP)      // of connections that may carry signalling
	PassedRTP      = Reason(tapReasonPASSED_RTP)      // first packets, telephone-events, unproved streams
	PassedHeaders  = Reason(tapReasonPASSED_HEADERS)  // the headers of RTP, where an endpoint asks for them
	PassedControl  = Reason(tapReasonPASSED_CONTROL)  // RTCP
	PassedMedia    = Reason(tapReasonPASSED_MEDIA)    // STUN and its like, and whatever else comes to an endpoint
	PassedFragment = Reason(tapReasonPASSED_FRAGMENT) // of an IP datagram
	PassedWrapped  = Reason(tapReasonPASSED_WRAPPED)  // tunnels over UDP, agents' reports
	PassedOther    = Reason(tapReasonPASSED_OTHER)    // not parsed in the kernel
	RefusedRTP     = Reason(tapReasonREFUSED_RTP)     // counted in its stream
	RefusedDouble  = Reason(tapReasonREFUSED_DOUBLE)  // a frame of RTP that was mirrored twice
	RefusedUDP     = Reason(tapReasonREFUSED_UDP)     // neither signalling nor media
	RefusedTCP     = Reason(tapReasonREFUSED_TCP)     // neither signalling nor the beginning of a TLS record
	RefusedESP     = Reason(tapReasonREFUSED_ESP)     // encrypted IP
	Reasons        = Reason(tapReasonREASONS)         // how many there are, with 0, which none is
)

var reasonNames = [Reasons]string{"", "passed_sip", "passed_tcp", "passed_rtp", "passed_headers", "passed_control", "passed_media",
	"passed_fragment", "passed_wrapped", "passed_other", "refused_rtp", "refused_double", "refused_udp", "refused_tcp", "refused_esp"}

// String is the word of lib/abi.h, in lower case.
func (r Reason) String() string {
	if r >= Reasons {
		return ""
	}
	return reasonNames[r]
}

// Passed says that user space got the frame, or its headers.
func (r Reason) Passed() bool { return r != 0 && r < RefusedRTP }

// Tally is how many frames had a reason, and their bytes on the wire.
type Tally struct{ Frames, Bytes uint64 }

// Tallies has one for each reason.
type Tallies [Reasons]Tally
