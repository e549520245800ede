package call

import "time"

// Reported is what the receiver of a stream said of it in RTCP (RFC 3550 §6.4,
// RFC 3611 §4.7). It is the receiver's word, not measured by the sensor, and
// enters none of the sensor's own figures. Zero is what was not said.
type Reported struct {
	Reports int       // report blocks and VoIP metrics about the stream
	Time    time.Time // of the latest

	Lost              int     // packets, since the stream began; negative where duplicates came
	Loss, LossMax     float64 // per cent, since the report before: latest and worst
	Jitter, JitterMax time.Duration
	// RoundTrip is from the tap to the receiver and back, its own waiting taken
	// off (LSR, DLSR): latest and longest. Both streams of a call give the whole way.
	RoundTrip, RoundTripMax time.Duration

	// What follows comes from VoIP metrics.
	Discard             float64       // per cent, thrown away by the jitter buffer
	EndToEnd, EndSystem time.Duration // round trip between the ends, and the delay inside the receiver
	RFactor             float64
	MOSLQ, MOSCQ        float64 // listening and conversational quality
}
