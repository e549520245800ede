package media

import (
	"slices"
	"time"

	"tollwatch/decoder/call"
)

// sweepEvery is how often silent streams are looked for: ending one some
// seconds late changes no figure.
const sweepEvery = 5 * time.Second

// farewell is how long a stream must be silent after its RTCP BYE, or after
// another took its place.
const farewell = 5 * time.Second

// Advance ends the streams of released legs and those that fell silent. The
// events are valid until the next call of Observe, Advance or Flush.
func (t *Tracker) Advance(now time.Time) []call.Event {
	t.events = t.events[:0]
	if len(t.released) > 0 && !t.released[0].at.After(now) {
		t.adoptAll()
	}
	n := 0
	for n < len(t.released) && !t.released[n].at.After(now) {
		t.close(t.released[n].leg, now)
		n++
	}
	t.released = slices.Delete(t.released, 0, n)
	if now.Sub(t.swept) >= sweepEvery {
		t.swept = now
		t.adoptAll()
		t.endSilent(&t.announced, now)
		t.endSilent(&t.loose, now)
		t.candidates.expire(now.Add(-t.cfg.Patience).UnixNano())
	}
	return t.events
}

// adoptAll looks for the endpoints of streams that may have no packet to come.
func (t *Tracker) adoptAll() {
	for s, next := t.loose.first, (*stream)(nil); s != nil; s = next {
		next = s.next
		if s.checked != t.announcements {
			t.adopt(s)
		}
	}
}

// close ends what belongs to a leg.
func (t *Tracker) close(l *legMedia, now time.Time) {
	for len(l.places) > 0 {
		t.leave(l.places[len(l.places)-1])
	}
	for len(l.streams) > 0 {
		t.end(l.streams[0], now)
	}
}

func (t *Tracker) endSilent(list *streamList, now time.Time) {
	at := now.UnixNano()
	for s, next := list.first, (*stream)(nil); s != nil; s = next {
		next = s.next
		if silent := time.Duration(at - s.last); silent >= t.cfg.Idle || s.leaving && silent >= farewell {
			t.end(s, now)
		}
	}
}

// end reports a stream and forgets it.
func (t *Tracker) end(s *stream, now time.Time) {
	t.events = append(t.events, call.Event{Kind: call.EventStream, Time: now, Stream: s.snapshot(t.lostAt != 0 && s.first <= t.lostAt && !s.counted())})
	t.drop(s)
}

// drop forgets a stream.
func (t *Tracker) drop(s *stream) {
	t.streams.remove(s)
	if s.counted() {
		t.ended = append(t.ended, StreamKey{s.src, s.dst, s.ssrc})
	}
	if s.place == nil {
		t.loose.remove(s)
		return
	}
	if s.flowing { // its last packets still count for its leg
		t.still(s)
	}
	t.announced.remove(s)
	l := s.place.leg
	s.place.streams--
	l.streams = without(l.streams, s)
	t.settle(l)
}

// Flush ends a capture: every stream is reported, in the order of its
// beginning.
func (t *Tracker) Flush(now time.Time) []call.Event {
	t.events = t.events[:0]
	t.adoptAll()
	for _, list := range [2]*streamList{&t.announced, &t.loose} {
		for list.first != nil {
			t.end(list.first, now)
		}
	}
	slices.SortStableFunc(t.events, func(a, b call.Event) int { return a.Stream.Start.Compare(b.Stream.Start) })
	return t.events
}
