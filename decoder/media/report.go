package media

import (
	"time"

	"tollwatch/decoder/call"
	"tollwatch/decoder/rtp"
)

// report is what RTCP says of a stream.
type report struct {
	said         call.Reported // but for the jitter
	jitter       uint32        // in units of the stream's clock
	jitterMax    uint32
	senderReport uint32 // the latest sender report seen, by the middle of its NTP time
	sentAt       int64  // when it passed, ns since 1970
}

// told is the report with its jitter in time, as far as the clock is known.
func (r *report) told(c *Codec) *call.Reported {
	if r.said.Reports == 0 {
		return nil
	}
	out := r.said
	out.Jitter, out.JitterMax = time.Duration(float64(r.jitter)*c.tick()), time.Duration(float64(r.jitterMax)*c.tick())
	return &out
}

// maxRoundTrip is the longest believed: older clocks and lies give more.
const maxRoundTrip = 10 * time.Second

// observe takes a report block: the receiver's word for what it hears.
func (r *report) observe(b *rtp.Report, at int64) {
	r.said.Reports++
	r.said.Time = stamp(at)
	r.said.Lost = int(b.Lost)
	r.said.Loss = 100 * float64(b.FractionLost) / 256
	r.said.LossMax = max(r.said.LossMax, r.said.Loss)
	r.jitter, r.jitterMax = b.Jitter, max(r.jitterMax, b.Jitter)
	if b.LastSR == 0 || b.LastSR != r.senderReport {
		return
	}
	held := time.Duration(float64(b.Delay) / 65536 * 1e9)
	if trip := time.Duration(at-r.sentAt) - held; trip >= 0 && trip <= maxRoundTrip {
		r.said.RoundTrip, r.said.RoundTripMax = trip, max(r.said.RoundTripMax, trip)
	}
}

// observeVoice takes VoIP metrics (RFC 3611 §4.7). What the receiver does not
// know stays zero.
func (r *report) observeVoice(v *rtp.Voice, at int64) {
	r.said.Reports++
	r.said.Time = stamp(at)
	r.said.Discard = 100 * float64(v.Discard) / 256
	r.said.EndToEnd = time.Duration(v.RoundTrip) * time.Millisecond
	r.said.EndSystem = time.Duration(v.EndSystemDelay) * time.Millisecond
	r.said.RFactor, r.said.MOSLQ, r.said.MOSCQ = known(v.R), known(v.MOSLQ)/10, known(v.MOSCQ)/10
}

// known is a figure of VoIP metrics; 0 where the reporter has none or what it
// says is off the scale.
func known(v uint8) float64 {
	if v > 100 {
		return 0
	}
	return float64(v)
}
