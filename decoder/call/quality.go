package call

import (
	"net/netip"
	"time"
)

// Quality is what a telephone, or a gateway, reported of a call's media in a
// voice quality report (RFC 6035 §4). It is the sender's word, not measured by
// the sensor. Figures that were not reported are negative.
type Quality struct {
	CallID     string // of the call that is reported on
	Src, Dst   netip.AddrPort
	Reporter   string // URI of LocalID
	Peer       string // URI of RemoteID
	Kind       string // session, interval or alert
	Codec      string // PayloadDesc
	Start, End time.Time
	Local      Heard // LocalMetrics: what the reporter received
	Remote     Heard // RemoteMetrics: what it was told by the other side
}

// Heard is one direction of a report.
type Heard struct {
	Loss      float64       // percent of packets lost in the network (NLR)
	Discard   float64       // percent discarded by the jitter buffer (JDR)
	Jitter    time.Duration // inter-arrival jitter (IAJ)
	RoundTrip time.Duration // RTD
	RLQ, RCQ  float64       // R-factor, listening and conversational
	MOSLQ     float64
	MOSCQ     float64
}
