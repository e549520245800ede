package record

import (
	"strings"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/decoder/sip"
	"tollwatch/detect"
	"tollwatch/detect/numbering"
)

// Call is one leg of a call, when it ends or when the capture does.
type Call struct {
	Type          string   `json:"type"`
	CallID        string   `json:"call_id"`
	CallGroup     string   `json:"call_group,omitempty"`
	Direction     string   `json:"direction"`
	Transport     string   `json:"transport"`
	Src           string   `json:"src,omitempty"`
	Dst           string   `json:"dst,omitempty"`
	FromUser      string   `json:"from_user,omitempty"`
	FromHost      string   `json:"from_host,omitempty"`
	ToUser        string   `json:"to_user,omitempty"`
	ToHost        string   `json:"to_host,omitempty"`
	RequestUser   string   `json:"request_user,omitempty"`
	Dialled       string   `json:"dialled,omitempty"`
	Number        string   `json:"number,omitempty"`
	DestCountry   string   `json:"dest_country,omitempty"`
	DestClass     string   `json:"dest_class,omitempty"`
	Extension     string   `json:"extension,omitempty"`
	Trunk         string   `json:"trunk,omitempty"`
	UserAgent     string   `json:"user_agent,omitempty"`
	Score         float64  `json:"score"`
	Start         Time     `json:"start,omitzero"`
	Ringing       Time     `json:"ringing,omitzero"`
	Answer        Time     `json:"answer,omitzero"`
	End           Time     `json:"end,omitzero"`
	State         string   `json:"state"`
	Status        int      `json:"status,omitempty"`
	EndBy         string   `json:"end_by,omitempty"`
	Duration      *float64 `json:"duration,omitempty"`
	CostEUR       *float64 `json:"cost_eur,omitempty"`
	Invites       int      `json:"invites"`
	Diversion     string   `json:"diversion,omitempty"`
	TransferredTo string   `json:"transferred_to,omitempty"`
	MOS           *float64 `json:"mos,omitempty"`
	Source        string   `json:"source"`
	Partial       bool     `json:"partial,omitempty"`
	Recording     bool     `json:"recording,omitempty"`
	Anomalies     []string `json:"anomalies,omitempty"`

	// No part of the object.
	OneWay bool `json:"-"` // answered, and one side alone was ever heard
	Told   Time `json:"-"` // when its end was known; of one that lived on, when the capture ended

	leg call.LegID
}

// oneWayFrom is how long a call must have lasted for one silent side to mean
// something: a shorter one may be over before both have begun.
const oneWayFrom = 5 * time.Second

// oneWay says that one side alone was heard. That the tap hears both is known by
// the INVITE and its answer, which came from either side; where no media at all was
// seen, it goes another way.
func oneWay(l *call.Leg) bool {
	return !l.Partial && !l.Recording && l.Duration() >= oneWayFrom && l.FirstMediaCaller.IsZero() != l.FirstMediaCallee.IsZero()
}

// NewCall joins what the decoder saw of a leg with what detection made of it.
// The verdict may be nil.
func NewCall(l *call.Leg, v *detect.Verdict) *Call {
	group, src, dst := names(l.Call, l.Src, l.Dst)
	c := &Call{
		Type: "call", CallID: l.CallID, CallGroup: group, Direction: detect.DirectionUnknown.String(),
		Transport: l.Transport.String(), Src: src, Dst: dst,
		FromUser: l.From.User, FromHost: l.From.Host, ToUser: l.To.User, ToHost: l.To.Host,
		RequestUser: l.Request.User, Dialled: l.Request.User, UserAgent: l.UserAgent,
		Start: Time(l.Start), Ringing: Time(l.Ringing), Answer: Time(l.Answer), End: Time(l.End),
		State: l.State.String(), Status: l.Status, Invites: l.Attempts,
		Diversion: l.Diversion, TransferredTo: l.Transferred,
		Source: l.Source.String(), Partial: l.Partial, Recording: l.Recording, Anomalies: anomalies(l.Anomalies), OneWay: oneWay(l), leg: l.ID,
	}
	c.ended(l)
	if v != nil {
		c.judged(v)
	}
	return c
}

// ended sets what only a leg that is over has: a leg that still lives at the
// end of the capture is "active", answered or not.
func (c *Call) ended(l *call.Leg) {
	if l.Live() {
		c.State = call.Trying.String()
		return
	}
	c.EndBy = l.EndBy.String()
	if !l.Answer.IsZero() {
		c.Duration = seconds(l.Duration())
	}
}

// judged sets what detection knows. A call's money stands on one of its legs,
// so that a sum over legs is right.
func (c *Call) judged(v *detect.Verdict) {
	c.Direction = v.Direction.String()
	c.Number, c.DestCountry = v.Number.E164, v.Number.Country
	if v.Number.Class != numbering.Class(0) {
		c.DestClass = v.Number.Class.String()
	}
	c.Extension, c.Trunk = v.Extension, v.Trunk
	c.Score = round(v.Score, 1)
	if v.Rated && v.Direction == detect.Outbound {
		cost := round(v.CostEUR, 4)
		c.CostEUR = &cost
	}
}

// Leg is the decoder's name of the leg, for whoever waits for its streams.
func (c *Call) Leg() call.LegID { return c.leg }

// Heard lowers the call's MOS to that of its worst stream.
func (c *Call) Heard(mos float64) {
	if mos > 0 && (c.MOS == nil || mos < *c.MOS) {
		c.MOS = optional(mos, 2)
	}
}

// anomalies names the bits of sip.Anomaly; nil when there are none.
func anomalies(bits uint64) []string {
	if bits == 0 {
		return nil
	}
	return strings.Split(sip.Anomaly(bits).String(), ",")
}
