package truth

import "time"

// Header is known before the first packet.
type Header struct {
	Format     int            `json:"format"` // of this document: 1
	Scenario   string         `json:"scenario"`
	Seed       uint64         `json:"seed"`
	Parameters map[string]any `json:"parameters"`
}

// Call is one call of which the capture holds at least a leg. Times are those
// of the first leg that it holds, as its packets are stamped.
type Call struct {
	ID        uint64 `json:"id"`
	Direction string `json:"direction"` // outbound | inbound | internal
	Outcome   string `json:"outcome"`   // answered | busy | cancelled | noanswer | rejected | failed
	State     string `json:"state"`     // answered | busy | cancelled | rejected | failed
	Status    int    `json:"status"`
	Extension string `json:"extension"`
	Peer      string `json:"peer,omitempty"`   // the called extension or service of an internal call
	Number    string `json:"number,omitempty"` // of the outside, E.164
	CLI       string `json:"cli"`
	Dialled   string `json:"dialled"` // user of the first INVITE's Request-URI
	Voicemail bool   `json:"voicemail,omitempty"`
	Onward    string `json:"onward,omitempty"` // number that the site passed the call on to, E.164
	Forged    bool   `json:"forged,omitempty"` // no message of it is real

	Label       string `json:"label,omitempty"` // empty = honest
	AttackID    string `json:"attack_id,omitempty"`
	Preparation bool   `json:"preparation,omitempty"` // of an attack: steals nothing yet

	Start    time.Time  `json:"start"`
	Ringing  *time.Time `json:"ringing,omitempty"`
	Answer   *time.Time `json:"answer,omitempty"`
	End      time.Time  `json:"end"`
	EndBy    string     `json:"end_by"`   // caller | callee
	Duration float64    `json:"duration"` // seconds from answer to end
	Legs     []Leg      `json:"legs"`
	Streams  []Stream   `json:"streams,omitempty"`
}

// Leg is one SIP dialog of a call.
type Leg struct {
	Side      string     `json:"side"` // phone | trunk
	CallID    string     `json:"call_id"`
	Transport string     `json:"transport"`
	Src       string     `json:"src"`
	Dst       string     `json:"dst"`
	Dialled   string     `json:"dialled"`
	Invites   int        `json:"invites"` // messages, retransmissions and credentials included
	Status    int        `json:"status"`
	Start     time.Time  `json:"start"`
	Ringing   *time.Time `json:"ringing,omitempty"`
	Answer    *time.Time `json:"answer,omitempty"`
	End       time.Time  `json:"end"`
}

// Stream is the RTP of one leg in one direction, or its fax over UDPTL.
type Stream struct {
	CallID     string `json:"call_id"`
	Src        string `json:"src"`
	Dst        string `json:"dst"`
	Fax        bool   `json:"fax,omitempty"`
	SSRC       string `json:"ssrc,omitempty"` // 0x and eight digits; a fax has none
	Packets    int    `json:"packets"`        // sent, each counted once
	Lost       int    `json:"lost"`           // of them, not in the capture
	Duplicates int    `json:"duplicates"`     // in the capture beside them
	Reordered  int    `json:"reordered"`      // behind their successor
	DTMFEvents int    `json:"dtmf_events"`
}

// Registration is what one telephone did to stay registered.
type Registration struct {
	AoR        string     `json:"aor"`
	Contact    string     `json:"contact"`
	Src        string     `json:"src"`
	Challenged int        `json:"challenged"`
	Accepted   int        `json:"accepted"`
	First      *time.Time `json:"first,omitempty"` // of the accepted
	Last       *time.Time `json:"last,omitempty"`
}

// Attack sums the calls of one attack.
type Attack struct {
	ID        string     `json:"id"`
	Label     string     `json:"label"`
	Extension string     `json:"extension"`
	Start     *time.Time `json:"start,omitempty"` // of its first call
	End       *time.Time `json:"end,omitempty"`   // of its last
	Calls     int        `json:"calls"`
	Answered  int        `json:"answered"`
	Seconds   float64    `json:"seconds"` // talked

	Signs   int        `json:"signs,omitempty"`   // probes and registrations, which are no calls
	Since   *time.Time `json:"since,omitempty"`   // the first of them
	Until   *time.Time `json:"until,omitempty"`   // the last
	Sources []string   `json:"sources,omitempty"` // addresses that they came from, the first 256
}

// Totals are of the whole capture.
type Totals struct {
	Calls         int    `json:"calls"`
	UnseenCalls   int    `json:"unseen_calls"` // happened where the tap does not see
	Answered      int    `json:"answered"`
	CallIDs       int    `json:"call_ids"`
	Streams       int    `json:"streams"`
	SIPMessages   int    `json:"sip_messages"`
	RTPPackets    int    `json:"rtp_packets"` // in the capture
	RTCPPackets   int    `json:"rtcp_packets"`
	FaxPackets    int    `json:"fax_packets,omitempty"` // UDPTL
	Frames        uint64 `json:"frames"`
	Bytes         uint64 `json:"bytes"` // of the frames
	MostCalls     int    `json:"most_calls"`
	Registrations int    `json:"registrations"`
}
