package media

import (
	"slices"
	"time"

	"tollwatch/decoder/call"
)

// Announce adds an endpoint, or replaces what was known of it; e.Codecs is the
// caller's again afterwards. One that another leg announced (a B2BUA's port used anew) belongs to
// the new leg from then on; the streams of the old leg go on until that leg
// ends. An address at which nothing can arrive (a hold by 0.0.0.0, a refused
// medium's port 0) is none.
func (t *Tracker) Announce(e Endpoint, now time.Time) {
	if !e.Addr.IsValid() || e.Addr.Port() == 0 || e.Addr.Addr().IsUnspecified() {
		return
	}
	t.announcements++
	e.Codecs = t.codecs.share(e.Codecs)
	at := t.places[keyOf(e.Addr)]
	if at != nil && at.leg.id == e.Leg {
		t.learn(at, &e)
		t.oldest.remove(at)
		t.oldest.push(at)
		return
	}
	if at != nil {
		t.leave(at)
	}
	if len(t.places) >= t.cfg.MaxEndpoints {
		t.totals.EndpointsEvicted++
		t.leave(t.leastUsed())
	}
	l := t.legs[e.Leg]
	if l == nil {
		l = &legMedia{id: e.Leg, call: e.Call, callID: e.CallID}
		l.places = l.room[:0]
		t.legs[e.Leg] = l
	}
	at = &place{leg: l, since: now.UnixNano()}
	t.places[keyOf(e.Addr)] = at
	t.oldest.push(at)
	l.places = append(l.places, at)
	t.learn(at, &e)
}

// learn takes over what an SDP says of an endpoint.
func (t *Tracker) learn(at *place, e *Endpoint) {
	t.forgetControl(at)
	at.learn(e)
	t.notify(at, e)
	if at.rtcp.IsValid() && at.rtcp != at.addr && below(at.rtcp) != at.addr {
		t.controls[keyOf(at.rtcp)] = at
	}
}

func (t *Tracker) forgetControl(at *place) {
	if t.controls[keyOf(at.rtcp)] == at {
		delete(t.controls, keyOf(at.rtcp))
	}
}

// tries bounds the search for something that nobody will miss.
const tries = 16

// leastUsed is the endpoint to give up: the oldest whose leg has no media. Those
// passed over count as young again.
func (t *Tracker) leastUsed() *place {
	for range tries {
		at := t.oldest.first
		if len(at.leg.streams) == 0 {
			break
		}
		t.oldest.remove(at)
		t.oldest.push(at)
	}
	return t.oldest.first
}

// early is how long before its SDP a stream may have fallen silent and still be
// what the SDP announced, in ns: ports are used again and again.
const early = 10e9

// adopt gives a stream that ran before its SDP was seen to the endpoint that
// was announced since its packet before.
func (t *Tracker) adopt(s *stream) {
	s.checked = t.announcements
	at := t.placeOf(keyOf(s.src), keyOf(s.dst))
	if at == nil || s.last < at.since-early || !at.hasRoom() {
		return
	}
	t.loose.remove(s)
	s.adopt(at)
	t.announced.push(s)
}

// Release tells that a leg ended: after the grace its endpoints go and its
// streams end. The second release of a leg changes nothing.
func (t *Tracker) Release(leg call.LegID, now time.Time) {
	if l := t.legs[leg]; l != nil && !l.leaving {
		l.leaving = true
		t.released = append(t.released, release{l, now.Add(t.cfg.Grace)})
	}
}

// Rejoin tells that a leg belongs to another call.
func (t *Tracker) Rejoin(leg call.LegID, id call.ID) {
	if l := t.legs[leg]; l != nil {
		l.call = id
	}
}

// leave takes an endpoint away. Its streams go on.
func (t *Tracker) leave(at *place) {
	l := at.leg
	l.places = without(l.places, at)
	t.retract(at)
	t.forgetControl(at)
	delete(t.places, at.key())
	t.oldest.remove(at)
	t.settle(l)
}

// settle forgets a leg that has neither an endpoint nor a stream left.
func (t *Tracker) settle(l *legMedia) {
	if len(l.places) == 0 && len(l.streams) == 0 {
		delete(t.legs, l.id)
	}
}

// without is a short list without one of its elements.
func without[T comparable](list []T, x T) []T {
	if i := slices.Index(list, x); i >= 0 {
		return slices.Delete(list, i, i+1)
	}
	return list
}
