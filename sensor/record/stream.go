package record

import (
	"fmt"

	"tollwatch/decoder/call"
)

// Stream is one media stream, when it ends.
type Stream struct {
	Type         string   `json:"type"`
	CallGroup    string   `json:"call_group,omitempty"`
	CallID       string   `json:"call_id,omitempty"`
	Src          string   `json:"src"`
	Dst          string   `json:"dst"`
	SSRC         string   `json:"ssrc"`
	PayloadType  int      `json:"payload_type"`
	Codec        string   `json:"codec,omitempty"`
	ClockRate    int      `json:"clock_rate,omitempty"`
	Packets      uint64   `json:"packets"`
	Lost         uint64   `json:"lost"`
	Duplicates   uint64   `json:"duplicates"`
	Reordered    uint64   `json:"reordered"`
	JitterMeanMS *float64 `json:"jitter_mean_ms,omitempty"`
	JitterMaxMS  *float64 `json:"jitter_max_ms,omitempty"`
	Start        Time     `json:"start"`
	End          Time     `json:"end"`
	RFactor      *float64 `json:"r_factor,omitempty"`
	MOS          *float64 `json:"mos,omitempty"`
	MOSWithheld  string   `json:"mos_withheld,omitempty"`
	MeasuredAt   string   `json:"measured_at,omitempty"`
	Encrypted    bool     `json:"encrypted"`
	DTMFEvents   int      `json:"dtmf_events"`

	CodecChanges  int       `json:"codec_changes,omitempty"`
	SwitchedToFax bool      `json:"switched_to_fax,omitempty"`
	Reported      *Reported `json:"reported,omitempty"`

	// The way of its call, as far as it was known when the stream ended: no part of
	// the object, which names its call.
	Trunk, Direction string `json:"-"`
}

// NewStream puts a stream into the contract's words. Jitter needs a clock
// rate: without one it is not known.
func NewStream(s *call.Stream) *Stream {
	group, src, dst := names(s.Call, s.Src, s.Dst)
	r := &Stream{
		Type: "stream", CallGroup: group, CallID: s.CallID, Src: src, Dst: dst,
		SSRC: fmt.Sprintf("0x%08x", s.SSRC), PayloadType: int(s.PayloadType), Codec: s.Codec, ClockRate: s.ClockRate,
		Packets: s.Packets, Lost: s.Lost, Duplicates: s.Duplicates, Reordered: s.Reordered,
		Start: Time(s.Start), End: Time(s.End), RFactor: optional(s.RFactor, 1), MOS: optional(s.MOS, 2),
		MOSWithheld: s.MOSWithheld, MeasuredAt: s.MeasuredAt.String(), Encrypted: s.Encrypted, DTMFEvents: s.DTMFEvents,
		CodecChanges: s.CodecChanges, SwitchedToFax: s.SwitchedToFax, Reported: reportedOf(s.Reported),
	}
	if s.ClockRate > 0 {
		mean, peak := round(s.JitterMean.Seconds()*1e3, 3), round(s.JitterMax.Seconds()*1e3, 3)
		r.JitterMeanMS, r.JitterMaxMS = &mean, &peak
	}
	return r
}
