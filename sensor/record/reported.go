package record

import (
	"time"

	"tollwatch/decoder/call"
)

// Reported is what the receiver of a stream said of it in RTCP: its word, which
// the sensor did not measure.
type Reported struct {
	Reports        int      `json:"reports"`
	Time           Time     `json:"time"`
	Lost           int      `json:"lost"`
	LossPercent    *float64 `json:"loss_percent,omitempty"`
	LossMaxPercent *float64 `json:"loss_max_percent,omitempty"`
	JitterMS       *float64 `json:"jitter_ms,omitempty"`
	JitterMaxMS    *float64 `json:"jitter_max_ms,omitempty"`
	RoundTripMS    *float64 `json:"round_trip_ms,omitempty"`
	RoundTripMaxMS *float64 `json:"round_trip_max_ms,omitempty"`
	DiscardPercent *float64 `json:"discard_percent,omitempty"`
	EndToEndMS     *float64 `json:"end_to_end_ms,omitempty"`
	EndSystemMS    *float64 `json:"end_system_ms,omitempty"`
	RFactor        *float64 `json:"r_factor,omitempty"`
	MOSLQ          *float64 `json:"mos_lq,omitempty"`
	MOSCQ          *float64 `json:"mos_cq,omitempty"`
}

func reportedOf(r *call.Reported) *Reported {
	if r == nil {
		return nil
	}
	return &Reported{
		Reports: r.Reports, Time: Time(r.Time), Lost: r.Lost, LossPercent: said(r.Loss), LossMaxPercent: said(r.LossMax),
		JitterMS: saidMS(r.Jitter), JitterMaxMS: saidMS(r.JitterMax), RoundTripMS: saidMS(r.RoundTrip), RoundTripMaxMS: saidMS(r.RoundTripMax),
		DiscardPercent: said(r.Discard), EndToEndMS: saidMS(r.EndToEnd), EndSystemMS: saidMS(r.EndSystem),
		RFactor: said(r.RFactor), MOSLQ: said(r.MOSLQ), MOSCQ: said(r.MOSCQ),
	}
}

// said is nil for zero, which is what was not said.
func said(x float64) *float64 {
	if x == 0 {
		return nil
	}
	return reported(x)
}

func saidMS(d time.Duration) *float64 { return said(d.Seconds() * 1e3) }
