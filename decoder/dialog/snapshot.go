package dialog

import (
	"time"

	"tollwatch/decoder/call"
)

// snapshotsAtOnce is how many snapshots are allocated together. Who keeps one
// keeps them all, so that they are few.
const snapshotsAtOnce = 8

// snapshot is a copy of what is known of a leg, to be given away.
func (t *Tracker) snapshot(l *leg) *call.Leg {
	if len(t.snapshots) == 0 {
		t.snapshots = make([]call.Leg, snapshotsAtOnce)
	}
	s := &t.snapshots[0]
	t.snapshots = t.snapshots[1:]
	*s = l.Leg
	return s
}

// emit reports an event of a leg as it stands now. Events of one message share
// their snapshot where nothing changed between them.
func (t *Tracker) emit(kind call.EventKind, l *leg, now time.Time) *call.Event {
	var s *call.Leg
	if n := len(t.events); n > 0 {
		s = t.events[n-1].Leg
	}
	if s == nil || s.ID != l.ID || *s != l.Leg {
		s = t.snapshot(l)
	}
	t.events = append(t.events, call.Event{Kind: kind, Time: now, Leg: s})
	return &t.events[len(t.events)-1]
}

// queue keeps an event for the next answer. It may be completed until the next is queued.
func (t *Tracker) queue(kind call.EventKind, l *leg, at time.Time) *call.Event {
	t.queued = append(t.queued, call.Event{Kind: kind, Time: at, Leg: t.snapshot(l)})
	return &t.queued[len(t.queued)-1]
}
