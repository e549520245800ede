package dialog

import (
	"slices"
	"time"

	"tollwatch/decoder/call"
)

// deadline is when a live leg must be looked at, if nothing happens before.
func (t *Tracker) deadline(l *leg) time.Time {
	at := t.patience(l)
	if !l.bye.time.IsZero() {
		if d := l.bye.time.Add(transactionTime); d.Before(at) {
			return d
		}
	}
	return at
}

// patience is how long a live leg may go on in silence.
func (t *Tracker) patience(l *leg) time.Time {
	switch {
	case l.awaitsRetry:
		return l.refused.Add(transactionTime)
	case !l.answered() && !l.cancelled.IsZero():
		return l.cancelled.Add(transactionTime)
	case !l.answered():
		return l.sign.Add(ringTime)
	case l.flows():
		return later(l.lastMedia, l.sign).Add(t.cfg.MediaSilence)
	case l.session > 0:
		return l.refresh.Add(l.session + l.session/2)
	}
	return later(l.lastMedia, l.sign).Add(t.cfg.LongestCall)
}

// flows says that this leg's media was seen, so that its silence means
// something: media on hold is silent and no call has ended.
func (l *leg) flows() bool { return !l.lastMedia.IsZero() && !l.held[0] && !l.held[1] }

// arm sets the alarm of a leg anew, armEarlier only when it must ring sooner:
// one that rings in vain is set again then.
func (t *Tracker) arm(l *leg) { t.alarms.set(&l.alarm, t.deadline(l)) }

func (t *Tracker) armEarlier(l *leg) {
	if at := t.deadline(l); l.alarm.place == 0 || at.UnixNano() < t.alarms.at(&l.alarm) {
		t.alarms.set(&l.alarm, at)
	}
}

// Advance moves the clock to now, the packets' time, by whatever it jumps. What
// is not due costs nothing.
func (t *Tracker) Advance(now time.Time) []call.Event {
	t.begin(now)
	for l, ok := t.alarms.due(now); ok; l, ok = t.alarms.due(now) {
		t.expire(l, now)
	}
	t.decideAll(now)
	for _, c := range [...]*chain{&t.tombs, &t.turnedAway} {
		for l := c.first; l != nil && !l.gone.Add(transactionTime).After(now); l = c.first {
			t.forget(l)
		}
	}
	t.expireTransactions(now)
	t.expireBindings(now)
	return t.events
}

// expire looks at a leg whose alarm rang.
func (t *Tracker) expire(l *leg, now time.Time) {
	if !l.bye.time.IsZero() && !l.bye.time.Add(transactionTime).After(now) {
		t.expireBye(l, now)
	}
	if !l.Live() {
		return
	}
	if t.deadline(l).After(now) {
		t.arm(l)
		return
	}
	meta := Meta{Time: now}
	switch {
	case l.answered():
		t.end(l, call.Answered, call.NoSide, l.lastSign(), now)
	case l.awaitsRetry:
		t.endRefused(l, &meta)
	case !l.lastMedia.IsZero() && l.lastMedia.Add(t.cfg.MediaSilence).After(now):
		// It rang for minutes and is talked on: the answer was lost.
		t.answer(l, 0, &Meta{Time: l.firstMedia})
		l.sign = now
		t.arm(l)
	case l.refusal != 0:
		t.endRefused(l, &meta)
	case !l.cancelled.IsZero():
		t.end(l, call.Cancelled, call.Caller, l.cancelled, now)
	default:
		t.end(l, call.TimedOut, call.NoSide, now, now)
	}
}

// lastSign is the end of a call that nobody ended: when its media stopped, or
// its session ran out, or it was last heard of.
func (l *leg) lastSign() time.Time {
	switch {
	case l.flows():
		return l.lastMedia
	case l.session > 0:
		return l.refresh.Add(l.session)
	}
	return later(l.sign, l.lastMedia)
}

// end ends a leg at the time at, as the packets of now tell, and keeps it as a
// tombstone.
func (t *Tracker) end(l *leg, state call.State, by call.Side, at, now time.Time) {
	if !l.answered() {
		l.State = state
	}
	l.EndBy = by
	l.End = later(later(l.Start, l.Answer), at)
	l.gone = now
	l.bye = bye{}
	t.keepMedia(l)
	t.alarms.clear(&l.alarm)
	t.leave(l)
	if l.chain == &t.challenged {
		l.move(&t.turnedAway)
	} else {
		l.move(&t.tombs)
	}
	t.counters.Ended++
	t.released = append(t.released, l.ID)
	t.emit(call.EventEnded, l, now)
	t.boundTombs(l)
}

// boundTombs forgets a tombstone where there are too many: an old one that was
// turned away, else an old one, but not the latest.
func (t *Tracker) boundTombs(latest *leg) {
	if t.turnedAway.n <= t.cfg.Challenged && t.turnedAway.n+t.tombs.n <= t.cfg.Tombstones {
		return
	}
	oldest := t.turnedAway.first
	if oldest == nil || oldest == latest {
		oldest = t.tombs.first
	}
	t.counters.TombsEvicted++
	t.forget(oldest)
}

// Flush ends a capture: requests without answer are reported, then each live
// leg as it stands, in the order of their start, with End zero. The tracker is
// empty afterwards.
func (t *Tracker) Flush(now time.Time) []call.Event {
	t.begin(now)
	for e := t.transactions.first; e != nil; e = t.transactions.first {
		t.unanswered(e, now)
	}
	var live []*leg
	for _, c := range [...]*chain{&t.halfOpen, &t.challenged, &t.firm} {
		for l := c.first; l != nil; l = l.next {
			live = append(live, l)
		}
	}
	slices.SortFunc(live, func(a, b *leg) int {
		if c := a.Start.Compare(b.Start); c != 0 {
			return c
		}
		return int(int64(a.ID) - int64(b.ID))
	})
	for _, l := range live {
		t.alarms.clear(&l.alarm)
		t.leave(l)
		t.counters.Ended++
		t.released = append(t.released, l.ID)
		t.emit(call.EventEnded, l, now)
		t.forget(l)
	}
	for _, c := range [...]*chain{&t.tombs, &t.turnedAway} {
		for c.first != nil {
			t.forget(c.first)
		}
	}
	return t.events
}
