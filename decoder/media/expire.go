package media

import (
	"slices"
	"time"

	"tollwatch/decoder/call"
)

// sweepEvery is how often silent streams are looked for: ending one some
// seconds late changes no figure.
const sweepEvery = 5 * time.Second

// farewell is how long a stream must be silent after its RTCP BYE.
const farewell = 5 * time.Second

// Advance ends the streams of released legs and those that fell silent. The
// events are valid until the next call of Observe, Advance or Flush.
func (t *Tracker) Advance(now time.Time) []call.Event {
	t.events = t.events[:0]
	n := 0
	for n < len(t.released) && !t.released[n].at.After(now) {
		t.close(t.released[n].leg, now)
		n++
	}
	t.released = slices.Delete(t.released, 0, n)
	if now.Sub(t.swept) >= sweepEvery {
		t.swept = now
		t.endSilent(&t.announced, now)
		t.endSilent(&t.loose, now)
		t.candidates.expire(now.Add(-t.cfg.Patience).UnixNano())
	}
	return t.events
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
		if silent := time.Duration(at - s.last); silent >= t.cfg.Idle || s.goodbye && silent >= farewell {
			t.end(s, now)
		}
	}
}

// end reports a stream and forgets it.
func (t *Tracker) end(s *stream, now time.Time) {
	t.events = append(t.events, call.Event{Kind: call.EventStream, Time: now, Stream: s.snapshot(s.first <= t.lostAt)})
	t.drop(s)
}

// drop forgets a stream.
func (t *Tracker) drop(s *stream) {
	delete(t.streams, s.key())
	t.recent.forget(s)
	if s.leg == nil {
		t.loose.remove(s)
		return
	}
	if s.flowing { // its last packets still count for its leg
		t.still(s)
	}
	t.announced.remove(s)
	s.leg.streams = without(s.leg.streams, s)
	t.settle(s.leg)
}

// makeRoom keeps the table and the leg within their bounds before a stream
// begins at a place, nil for one that nobody announced; false when it must not.
// A full table gives up a stream that nobody announced, and only where there is
// none, and for an announced one, an announced one.
func (t *Tracker) makeRoom(at *place, now int64) bool {
	if at != nil && !t.legRoom(at.leg) {
		return false
	}
	if len(t.streams) < t.cfg.MaxStreams {
		return true
	}
	list := &t.loose
	if list.first == nil {
		list = &t.announced
	}
	t.totals.StreamsEvicted++
	if at == nil && list == &t.announced {
		return false
	}
	t.end(list.quietest(now), time.Unix(0, now).UTC())
	return true
}

// legRoom keeps a leg's streams within their bound. The weakest gives way: in a
// flood of SSRCs that is one of a packet or two, which is not reported.
func (t *Tracker) legRoom(l *legMedia) bool {
	if len(l.streams) < maxLegStreams {
		return true
	}
	t.totals.StreamsRefused++
	s := l.weakest()
	if s.Packets > proofs {
		return false
	}
	t.drop(s)
	return true
}

// Flush ends a capture: every stream is reported, in the order of its
// beginning.
func (t *Tracker) Flush(now time.Time) []call.Event {
	t.events = t.events[:0]
	for _, list := range [2]*streamList{&t.announced, &t.loose} {
		for list.first != nil {
			t.end(list.first, now)
		}
	}
	slices.SortStableFunc(t.events, func(a, b call.Event) int { return a.Stream.Start.Compare(b.Stream.Start) })
	return t.events
}
