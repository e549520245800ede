package record

import (
	"time"

	"tollwatch/decoder/call"
)

// QualityReport is what a telephone or a gateway reported of a call's media
// (RFC 6035): its word, which the sensor did not measure.
type QualityReport struct {
	Type     string `json:"type"`
	Time     Time   `json:"time"`
	CallID   string `json:"call_id,omitempty"`
	Src      string `json:"src,omitempty"`
	Dst      string `json:"dst,omitempty"`
	Reporter string `json:"reporter,omitempty"`
	Peer     string `json:"peer,omitempty"`
	Report   string `json:"report,omitempty"` // session, interval or alert
	Codec    string `json:"codec,omitempty"`
	Start    Time   `json:"start,omitzero"`
	End      Time   `json:"end,omitzero"`
	Local    *Heard `json:"local,omitempty"`
	Remote   *Heard `json:"remote,omitempty"`
}

// Heard is one direction of a quality report.
type Heard struct {
	LossPercent    *float64 `json:"loss_percent,omitempty"`
	DiscardPercent *float64 `json:"discard_percent,omitempty"`
	JitterMS       *float64 `json:"jitter_ms,omitempty"`
	RoundTripMS    *float64 `json:"round_trip_ms,omitempty"`
	RLQ            *float64 `json:"r_lq,omitempty"`
	RCQ            *float64 `json:"r_cq,omitempty"`
	MOSLQ          *float64 `json:"mos_lq,omitempty"`
	MOSCQ          *float64 `json:"mos_cq,omitempty"`
}

// Kind implements Object.
func (q *QualityReport) Kind() string { return q.Type }

// NewQualityReport puts a report into the contract's words.
func NewQualityReport(at time.Time, q *call.Quality) *QualityReport {
	return &QualityReport{
		Type: "quality_report", Time: Time(at), CallID: q.CallID, Src: address(q.Src), Dst: address(q.Dst),
		Reporter: q.Reporter, Peer: q.Peer, Report: q.Kind, Codec: q.Codec, Start: Time(q.Start), End: Time(q.End),
		Local: heard(&q.Local), Remote: heard(&q.Remote),
	}
}

// heard is nil when nothing was reported.
func heard(h *call.Heard) *Heard {
	out := Heard{
		LossPercent: reported(h.Loss), DiscardPercent: reported(h.Discard),
		JitterMS: reported(h.Jitter.Seconds() * 1e3), RoundTripMS: reported(h.RoundTrip.Seconds() * 1e3),
		RLQ: reported(h.RLQ), RCQ: reported(h.RCQ), MOSLQ: reported(h.MOSLQ), MOSCQ: reported(h.MOSCQ),
	}
	if out == (Heard{}) {
		return nil
	}
	return &out
}

// mostReported is above every figure that can be meant: a round trip of a day,
// in ms.
const mostReported = 86_400_000

// reported is nil for what was not reported, or is no figure at all.
func reported(x float64) *float64 {
	if !(x >= 0 && x <= mostReported) {
		return nil
	}
	x = round(x, 3)
	return &x
}
