package media

import (
	"time"

	"tollwatch/decoder/call"
)

// Announce adds an endpoint, or replaces what was known of it. One that
// another leg announced (a B2BUA's port used anew) belongs to the new leg from
// then on; the streams of the old leg go on until that leg ends.
func (t *Tracker) Announce(e Endpoint, now time.Time) {
	key := keyOf(e.Addr)
	l := t.legs[e.Leg]
	if l == nil {
		l = &legMedia{id: e.Leg, call: e.Call}
		t.legs[e.Leg] = l
	}
	at := t.places[key]
	if at == nil {
		if len(t.places) >= t.cfg.MaxEndpoints {
			t.totals.EndpointsEvicted++
			t.leave(t.oldest.first)
		}
		at = &place{key: key}
		t.places[key] = at
		t.oldest.push(at)
	} else if at.leg != l {
		at.leg.forget(at)
	}
	at.Endpoint = e
	if at.leg != l {
		at.leg = l
		l.places = append(l.places, at)
	}
	t.adopt(at)
}

// adopt gives an endpoint the stream that ran before its SDP was seen.
func (t *Tracker) adopt(at *place) {
	s := t.looseAt[at.key]
	if s == nil || s.place != nil || t.streams[s.key] != s {
		return
	}
	t.forgetLoose(s)
	s.adopt(at)
	t.announced.push(s)
	t.touch(at.leg, s.last)
}

// Release tells that a leg ended: after the grace its endpoints go and its
// streams end.
func (t *Tracker) Release(leg call.LegID, now time.Time) {
	if l := t.legs[leg]; l != nil {
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
	at.leg.forget(at)
	if len(at.leg.places) == 0 && at.leg.streams == 0 {
		delete(t.legs, at.leg.id)
	}
	delete(t.places, at.key)
	t.oldest.remove(at)
}

// forget takes an endpoint from a leg's list.
func (l *legMedia) forget(at *place) {
	for i, p := range l.places {
		if p == at {
			l.places = append(l.places[:i], l.places[i+1:]...)
			return
		}
	}
}
