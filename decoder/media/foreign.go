package media

import (
	"net/netip"
	"time"

	"tollwatch/decoder/call"
)

// Figures are what somebody else counted of a stream, with the same bitmap and
// the same arithmetic: the programs in the kernel. Sequence numbers are extended.
type Figures struct {
	Packets, Bytes                        uint64
	Highest, Base, Before                 uint64 // of the run, and how many packets the runs before expected
	Duplicates, Reordered, Gaps, Restarts uint32
	JitterSum, JitterMax                  float64 // ns; the sum is over JitterCount packets
	JitterCount                           uint32
}

// Reading is a stream as somebody else counted it, from its first packet on. Of
// its packets some come here too; they are counted in both.
type Reading struct {
	Src, Dst    netip.AddrPort
	SSRC        uint32
	PayloadType uint8  // of its latest medium
	Born        uint64 // tells two entries of one stream, of which the second began when the first was forgotten
	First, Last int64  // ns since 1970
	Figures
}

// StreamKey names a stream for whoever counts it.
type StreamKey struct {
	Src, Dst netip.AddrPort
	SSRC     uint32
}

// foreign is what is kept of the readings of a stream.
type foreign struct {
	born   uint64
	latest Figures // of that entry
	past   Figures // of the entries before it, summed up
}

// expected is how many packets should have come (RFC 3550 A.3).
func (f *Figures) expected() uint64 {
	if f.Highest == 0 {
		return f.Before
	}
	return f.Before + f.Highest - f.Base + 1
}

// add sums up two entries; their runs become expected packets.
func (f *Figures) add(o *Figures) {
	f.Packets, f.Bytes, f.Before = f.Packets+o.Packets, f.Bytes+o.Bytes, f.Before+o.expected()
	f.Duplicates, f.Reordered = f.Duplicates+o.Duplicates, f.Reordered+o.Reordered
	f.Gaps, f.Restarts = f.Gaps+o.Gaps, f.Restarts+o.Restarts
	f.JitterSum, f.JitterMax, f.JitterCount = f.JitterSum+o.JitterSum, max(f.JitterMax, o.JitterMax), f.JitterCount+o.JitterCount
}

// ObserveCounters takes the figures of an entry in place of what was counted here.
// What a later packet does to them holds until the next reading.
func (c *Counters) ObserveCounters(born uint64, f *Figures) {
	if c.odd == nil {
		c.odd = &disorder{}
	}
	if c.odd.foreign == nil {
		c.odd.foreign = &foreign{born: born}
	}
	o := c.odd.foreign
	if o.born != born {
		o.past.add(&o.latest)
		o.born = born
	}
	o.latest = *f
	sum := o.past
	sum.add(f)
	*c.odd = disorder{
		foreign: o, before: o.past.Before + f.Before, duplicates: sum.Duplicates, reordered: sum.Reordered, gaps: sum.Gaps, restarts: sum.Restarts,
	}
	c.highest, c.base, c.Packets, c.Bytes = f.Highest, f.Base, sum.Packets, sum.Bytes
	c.jitterSum, c.jitterCount, c.JitterMax = sum.JitterSum, sum.JitterCount, sum.JitterMax
	c.Pause() // the packet before the next was seen elsewhere
}

// counted says that somebody else counts the stream: what is lost on the way here
// is not lost to its figures.
func (c *Counters) counted() bool { return c.odd != nil && c.odd.foreign != nil }

// certain is how many packets an entry must have before a stream begins with it:
// more than are passed on, so that a stream which began and ended here does not
// begin again.
const certain = 16

// underWay is how long its first packets may still be on their way here, in ns of
// packet time.
const underWay = 2e9

// ObserveCounters takes a reading. A stream whose first packets never came here
// begins with it, if it has had packets since the time before, in ns since 1970.
// known is false where there is no such stream. The events are valid until the
// next call of Observe, ObserveCounters, Advance or Flush.
func (t *Tracker) ObserveCounters(r *Reading, before int64, now time.Time) (events []call.Event, known bool) {
	t.events = t.events[:0]
	s := t.streams.find(&r.Src, &r.Dst, r.SSRC)
	if s == nil {
		if r.Packets < certain || r.Last <= before || now.UnixNano()-r.First < underWay {
			return nil, false
		}
		if s = t.beginWith(r, now.UnixNano()); s == nil {
			return t.events, false
		}
	}
	t.takeFigures(s, r, now)
	return t.events, true
}

// beginWith begins the stream of a reading.
func (t *Tracker) beginWith(r *Reading, now int64) *stream {
	key := streamKey{src: r.Src, dst: r.Dst, ssrc: r.SSRC}
	at := t.placeOf(keyOf(r.Dst), keyOf(r.Src))
	if !t.makeRoom(&key, at, now) {
		return nil
	}
	s := &stream{streamKey: key, first: r.First, last: r.First}
	if c := t.candidates.flows[key]; c != nil {
		*s = c.stream
		t.candidates.forget(c)
	}
	t.begin(s, at)
	return s
}

func (t *Tracker) takeFigures(s *stream, r *Reading, now time.Time) {
	if s.place == nil && s.checked != t.announcements {
		t.adopt(s)
	}
	if r.PayloadType < 128 && !s.hasCodec { // a change of codec comes by its packets
		s.turn(r.PayloadType)
	}
	if s.codec == nil {
		s.codec = s.place.codec(0)
	}
	heard, last := s.Packets, s.last
	s.ObserveCounters(r.Born, &r.Figures)
	s.first, s.last = min(s.first, r.First), max(s.last, r.Last)
	if s.last > last && s.place != nil && !s.flowing {
		t.flow(s)
	}
	if s.place == nil && heard < heardPackets && s.Packets >= heardPackets {
		t.events = append(t.events, call.Event{Kind: call.EventStreamHeard, Time: now, Stream: s.snapshot(false)})
	}
}

// Ended appends the streams that ended since the last call and that somebody else
// counts: if they go on they are new ones.
func (t *Tracker) Ended(dst []StreamKey) []StreamKey {
	dst = append(dst, t.ended...)
	t.ended = t.ended[:0]
	return dst
}
