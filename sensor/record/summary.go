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
	KPI         *KPI              `json:"kpi,omitempty"`
	First       Time              `json:"first,omitzero"`
	Last        Time              `json:"last,omitzero"`
	WallSeconds float64           `json:"wall_seconds"`
	TLS         *TLS              `json:"tls,omitempty"`
}

// TLS is what is known of traffic that cannot be read. Share is how much of the
// signalling is encrypted, by records of TLS, which are about a message each.
type TLS struct {
	Peers []TLSPeer `json:"peers"`
	Share float64   `json:"share"`
}

// TLSPeer is a server that speaks TLS.
type TLSPeer struct {
	Peer        string `json:"peer"`
	Connections uint64 `json:"connections"`
	Records     uint64 `json:"records"`
	Bytes       uint64 `json:"bytes"`
	Signalling  bool   `json:"signalling"`
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
		First: Time(first), Last: Time(last), TLS: encrypted(b.TLS),
	}
	for status, n := range b.Responses {
		s.SIP.Responses[strconv.Itoa(status)] = n
	}
	return s
}

func encrypted(t *decoder.TLS) *TLS {
	if t == nil {
		return nil
	}
	out := &TLS{Peers: make([]TLSPeer, len(t.Peers)), Share: round(t.Share, 4)}
	for i, p := range t.Peers {
		out.Peers[i] = TLSPeer{Peer: address(p.Peer), Connections: p.Connections, Records: p.Records, Bytes: p.Bytes, Signalling: p.Signalling}
	}
	return out
}
