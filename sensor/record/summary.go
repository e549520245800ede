package record

import (
	"maps"
	"strconv"
	"time"

	"tollwatch/decoder"
)

// Summary is the last object of a replay: the ledger, and what it came to.
// Frames = Decoded + the sums of Ignored, Malformed and Dropped.
type Summary struct {
	Type        string            `json:"type"`
	Frames      uint64            `json:"frames"`
	Bytes       uint64            `json:"bytes"`
	Decoded     uint64            `json:"decoded"`
	Lost        map[string]uint64 `json:"lost"`
	Ignored     map[string]uint64 `json:"ignored"`
	Malformed   map[string]uint64 `json:"malformed"`
	Dropped     map[string]uint64 `json:"dropped"`
	SIP         Messages          `json:"sip_messages"`
	Calls       uint64            `json:"calls"`
	Answered    uint64            `json:"answered"`
	Streams     uint64            `json:"streams"`
	First       Time              `json:"first,omitzero"`
	Last        Time              `json:"last,omitzero"`
	WallSeconds float64           `json:"wall_seconds"`
}

// Messages counts SIP messages by method and by status.
type Messages struct {
	Requests  map[string]uint64 `json:"requests"`
	Responses map[string]uint64 `json:"responses"`
}

// NewSummary starts a summary from the decoder's books.
func NewSummary(b decoder.Books, first, last time.Time) *Summary {
	s := &Summary{
		Type: "summary", Frames: b.Frames, Bytes: b.Bytes, Decoded: b.Decoded, Lost: map[string]uint64{},
		Ignored: maps.Clone(b.Ignored), Malformed: maps.Clone(b.Malformed), Dropped: maps.Clone(b.Dropped),
		SIP:   Messages{Requests: maps.Clone(b.Requests), Responses: map[string]uint64{}},
		First: Time(first), Last: Time(last),
	}
	for status, n := range b.Responses {
		s.SIP.Responses[strconv.Itoa(status)] = n
	}
	return s
}
