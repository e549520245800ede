package media

import (
	"slices"
	"time"

	"tollwatch/decoder/call"
)

// sweepEvery is how often silent streams are looked for: ending one some
// seconds late changes no figure.
const sweepEvery = 5 * time.Second

// Advance ends the streams of released legs and those that fell silent. The
// events are valid until the next call of Observe, Advance or Flush.
func (t *Tracker) Advance(now time.Time) []call.Event {
	t.events = t.events[:0]
	n := 0
	for n < len(t.released) && !t.released[n].at.After(now) {
		n++
	}
	if n > 0 {
		t.close(t.released[:n], now)
		t.released = append(t.released[:0], t.released[n:]...)
	}
	if now.Sub(t.swept) >= sweepEvery {
		t.swept = now
		t.endSilent(&t.announced, now)
		t.endSilent(&t.loose, now)
		t.candidates.expire(now.Add(-t.cfg.Patience))
	}
	return t.events
}

// close ends what belongs to released legs: one pass over the streams, however
// many legs ended.
func (t *Tracker) close(gone []release, now time.Time) {
	leaving := false
	for _, r := range gone {
		r.leg.released = true
		leaving = leaving || r.leg.streams > 0
		for len(r.leg.places) > 0 {
			t.leave(r.leg.places[len(r.leg.places)-1])
		}
	}
	if leaving {
		for s, next := t.announced.first, (*stream)(nil); s != nil; s = next {
			next = s.next
			if s.leg.released {
				t.end(s, now)
			}
		}
	}
}

func (t *Tracker) endSilent(list *streamList, now time.Time) {
	for s, next := list.first, (*stream)(nil); s != nil; s = next {
		next = s.next
		if now.Sub(s.last) >= t.cfg.Idle {
			t.end(s, now)
		}
	}
}

// end reports a stream and forgets it.
func (t *Tracker) end(s *stream, now time.Time) {
	t.events = append(t.events, call.Event{Kind: call.EventStream, Time: now, Stream: s.snapshot()})
	delete(t.streams, s.key)
	if s.place == nil {
		t.loose.remove(s)
		return
	}
	t.announced.remove(s)
	s.leg.streams--
	t.settle(s.leg)
}

// makeRoom ends the oldest stream that nobody announced, when the table is
// full; where there is none, the oldest announced one gives way to another
// announced one. A stream that nobody announced is refused then.
func (t *Tracker) makeRoom(announced bool) bool {
	if len(t.streams) < t.cfg.MaxStreams {
		return true
	}
	t.totals.StreamsEvicted++
	s := t.loose.first
	if s == nil && !announced {
		return false
	}
	if s == nil {
		s = t.announced.first
	}
	t.end(s, s.last)
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
