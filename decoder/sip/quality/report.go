package quality

import "time"

// Kind of a report.
type Kind uint8

// The kinds: at the end of a session, in the course of it,
// and when a threshold is crossed.
const (
	Session Kind = iota + 1
	Interval
	Alert
)

// String returns the word that call.Quality has for the kind.
func (k Kind) String() string {
	switch k {
	case Session:
		return "session"
	case Interval:
		return "interval"
	case Alert:
		return "alert"
	}
	return ""
}

// Report is one report. Its texts are pieces of the body that Parse was given.
type Report struct {
	Kind     Kind
	CallID   []byte // of the call that is reported on
	LocalID  []byte // URI of the reporter
	RemoteID []byte // URI of the other side
	OrigID   []byte // URI of who began the call
	Local    Metrics
	Remote   Metrics
}

// Metrics is what one side received (LocalMetrics, RemoteMetrics). Figures that
// are not reported are negative, times zero, texts empty.
type Metrics struct {
	Start, Stop time.Time // Timestamps: of the measurement
	PayloadType int       // PT
	Codec       []byte    // PD, the payload's name
	SampleRate  int       // SR, in hertz

	Loss      float64       // NLR: percent of the packets lost in the network
	Discard   float64       // JDR: percent of the packets discarded by the jitter buffer
	RoundTrip time.Duration // RTD
	EndSystem time.Duration // ESD: delay within the reporter
	Jitter    time.Duration // IAJ: inter-arrival jitter (RFC 3550 §6.4.1)

	RLQ, RCQ     float64 // R-factors, listening and conversational
	MOSLQ, MOSCQ float64
}

// reset makes all of r unknown.
func (r *Report) reset() {
	*r = Report{}
	r.Local.reset()
	r.Remote.reset()
}

func (m *Metrics) reset() {
	*m = Metrics{PayloadType: -1, SampleRate: -1, Loss: -1, Discard: -1, RoundTrip: -1, EndSystem: -1, Jitter: -1,
		RLQ: -1, RCQ: -1, MOSLQ: -1, MOSCQ: -1}
}
