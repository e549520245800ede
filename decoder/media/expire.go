package media

import (
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
	for _, r := range gone {
		delete(t.legs, r.leg.id)
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
		t.forgetLoose(s)
		return
	}
	t.announced.remove(s)
	s.leg.streams--
	if s.leg.streams == 0 && len(s.leg.places) == 0 {
		delete(t.legs, s.leg.id)
	}
}

func (t *Tracker) forgetLoose(s *stream) {
	t.loose.remove(s)
	for _, k := range [2]addrKey{s.key.src, s.key.dst} {
		if t.looseAt[k] == s {
			delete(t.looseAt, k)
		}
	}
}

// makeRoom ends the oldest stream that nobody announced, else the oldest of
// all, when the table is full.
func (t *Tracker) makeRoom() {
	if len(t.streams) < t.cfg.MaxStreams {
		return
	}
	t.totals.StreamsEvicted++
	s := t.loose.first
	if s == nil {
		s = t.announced.first
	}
	t.end(s, s.last)
}

// Flush ends a capture: every stream is reported, in the order of its
// beginning.
func (t *Tracker) Flush(now time.Time) []call.Event {
	t.events = t.events[:0]
	for t.announced.first != nil || t.loose.first != nil {
		s := t.announced.first
		if s == nil || t.loose.first != nil && t.loose.first.first.Before(s.first) {
			s = t.loose.first
		}
		t.end(s, now)
	}
	return t.events
}
