package call

import (
	"net/netip"
	"time"
)

// MeasuredAt says which side of the path a stream's figures describe.
type MeasuredAt uint8

// Between is the honest default: the tap stands somewhere on the path.
const (
	SenderSide MeasuredAt = iota + 1
	ReceiverSide
	Between
)

var measuredNames = [...]string{"", "sender_side", "receiver_side", "between"}

func (m MeasuredAt) String() string { return name(measuredNames[:], uint8(m)) }

// Stream is one media stream: one SSRC, one way, between two endpoints.
// Counters are in packets, jitter is RFC 3550 §6.4.1's.
type Stream struct {
	Call   ID     // 0 when no SDP announced the stream
	Leg    LegID  // 0 likewise
	CallID string // empty likewise

	Src, Dst    netip.AddrPort
	SSRC        uint32
	PayloadType uint8 // the first media payload type seen (not telephone-event, not comfort noise)
	Codec       string
	ClockRate   int // Hz; 0 when not known

	Packets    uint64
	Bytes      uint64 // RTP payload bytes
	Lost       uint64 // expected less received, duplicates not counted, never negative
	Duplicates uint64
	Reordered  uint64
	JitterMean time.Duration // 0 when the clock rate is not known
	JitterMax  time.Duration

	Start, End time.Time // first and last packet

	RFactor     float64 // ITU-T G.107; 0 when withheld
	MOS         float64 // ITU-T G.107 Annex B; 0 when withheld
	MOSWithheld string  // why there is none; empty otherwise
	MeasuredAt  MeasuredAt
	Encrypted   bool // SRTP announced in SDP
	DTMFEvents  int  // RFC 4733 events, each counted once

	CodecChanges  int       // changes of the media payload type inside the stream
	SwitchedToFax bool      // T.38 took the place of the stream
	Reported      *Reported // what RTCP said of it; nil when nothing
}
