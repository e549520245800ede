package media

import (
	"time"

	"tollwatch/decoder/call"
	"tollwatch/decoder/rtp"
)

// report is what RTCP says of a stream, in RTCP's own units.
type report struct {
	at             int64  // of the latest report, ns since 1970
	sentAt         int64  // when the latest sender report passed, ns since 1970
	senderReport   uint32 // its name: the middle of its NTP time
	count          uint32
	lost           int32
	jitter, worst  uint32 // of the stream's clock
	trip, longest  uint32 // µs
	ends, inside   uint16 // ms: round trip between the ends, delay in the receiver
	loss, mostLoss uint8  // of 256
	discard        uint8  // of 256
	r, lq, cq      uint8  // as rtp.Voice has them
}

// told is the report as the vocabulary has it; nil when there was none. The
// jitter is left out where the clock is not known.
func (r *report) told(c *Codec) *call.Reported {
	if r == nil || r.count == 0 {
		return nil
	}
	return &call.Reported{
		Reports: int(r.count), Time: stamp(r.at), Lost: int(r.lost), Loss: share(r.loss), LossMax: share(r.mostLoss),
		Jitter: time.Duration(float64(r.jitter) * c.tick()), JitterMax: time.Duration(float64(r.worst) * c.tick()),
		RoundTrip: time.Duration(r.trip) * time.Microsecond, RoundTripMax: time.Duration(r.longest) * time.Microsecond,
		Discard: share(r.discard), EndToEnd: time.Duration(r.ends) * time.Millisecond, EndSystem: time.Duration(r.inside) * time.Millisecond,
		RFactor: known(r.r), MOSLQ: known(r.lq) / 10, MOSCQ: known(r.cq) / 10,
	}
}

// share is per cent.
func share(of256 uint8) float64 { return 100 * float64(of256) / 256 }

// known is a figure of VoIP metrics; 0 where the reporter has none or what it
// says is off the scale.
func known(v uint8) float64 {
	if v > 100 {
		return 0
	}
	return float64(v)
}

// maxRoundTrip is the longest believed: older clocks and lies give more.
const maxRoundTrip = 10 * time.Second

// observe takes a report block: the receiver's word for what it hears.
func (r *report) observe(b *rtp.Report, at int64) {
	r.count++
	r.at, r.lost = at, b.Lost
	r.loss, r.mostLoss = b.FractionLost, max(r.mostLoss, b.FractionLost)
	r.jitter, r.worst = b.Jitter, max(r.worst, b.Jitter)
	if b.LastSR == 0 || b.LastSR != r.senderReport {
		return
	}
	held := time.Duration(float64(b.Delay) / 65536 * 1e9)
	if trip := time.Duration(at-r.sentAt) - held; trip >= 0 && trip <= maxRoundTrip {
		r.trip = uint32(trip / time.Microsecond)
		r.longest = max(r.longest, r.trip)
	}
}

// observeVoice takes VoIP metrics (RFC 3611 §4.7).
func (r *report) observeVoice(v *rtp.Voice, at int64) {
	r.count++
	r.at, r.discard = at, v.Discard
	r.ends, r.inside = v.RoundTrip, v.EndSystemDelay
	r.r, r.lq, r.cq = v.R, v.MOSLQ, v.MOSCQ
}
