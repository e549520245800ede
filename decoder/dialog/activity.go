package dialog

import (
	"time"

	"tollwatch/decoder/call"
)

// MediaActivity is what media tells of a leg: what it saw since the last time.
type MediaActivity struct {
	Leg            call.LegID
	Last           time.Time // latest sign of life of either side, RTCP included
	Caller, Callee time.Time // latest media that each side sent; zero when none
	Digits         int       // keys pressed (RFC 4733) since the last report
	Separators     uint32    // bit i: the i-th of them was # or *
}

// maxDigits bounds the digits that one report may tell of: no hand and no
// diallers press more in a second.
const maxDigits = 32

// latest is when the leg was last heard of.
func (a *MediaActivity) latest() time.Time { return later(later(a.Last, a.Caller), a.Callee) }

// ObserveMedia is told that media of a leg was seen. It is called about once a
// second and leg while media flows. Its events come with the next answer.
func (t *Tracker) ObserveMedia(a MediaActivity) {
	l, last := t.byID[a.Leg], a.latest()
	if l == nil || !l.Live() || !last.After(l.mediaFloor) {
		return
	}
	t.mediaBegins(l, &a, last)
	for i := range min(a.Digits, maxDigits) {
		t.queue(call.EventDTMF, l, last).Separator = a.Separators>>i&1 != 0
	}
	first := l.lastMedia.IsZero()
	l.lastMedia = later(l.lastMedia, last)
	if first && l.answered() {
		t.armEarlier(l)
	}
}

// mediaBegins notes the first media of the leg, and of each side.
func (t *Tracker) mediaBegins(l *leg, a *MediaActivity, last time.Time) {
	if l.FirstMediaCaller.IsZero() {
		l.FirstMediaCaller = a.Caller
	}
	if l.FirstMediaCallee.IsZero() {
		l.FirstMediaCallee = a.Callee
	}
	if l.firstMedia.IsZero() {
		l.firstMedia = last
		t.queue(call.EventMedia, l, last)
	}
}
