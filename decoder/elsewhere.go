package decoder

import (
	"time"

	"tollwatch/decoder/call"
	"tollwatch/decoder/media"
)

// ObserveElsewhere takes the books of frames that never came here, since the
// capture began.
func (d *Decoder) ObserveElsewhere(e Elsewhere) { d.ledger.elsewhere = e }

// ObserveCounters takes what was counted of a stream elsewhere. before is when
// that was read last, in ns since 1970; known is false where there is no such
// stream. The events are valid until the next call.
func (d *Decoder) ObserveCounters(r *media.Reading, before int64, now time.Time) (events []call.Event, known bool) {
	return d.media.ObserveCounters(r, before, now)
}

// CountedElsewhere tells that RTP is counted elsewhere too: from now on endpoints and
// ended streams are told of.
func (d *Decoder) CountedElsewhere() { d.media.CountedElsewhere() }

// Notices are what became of media endpoints since the last call, for who counts
// elsewhere. They are valid until the next call of anything else.
func (d *Decoder) Notices() []media.Notice { return d.media.Notices() }

// Ended appends the streams that ended since the last call.
func (d *Decoder) Ended(dst []media.StreamKey) []media.StreamKey { return d.media.Ended(dst) }
