package media

import (
	"time"

	"tollwatch/decoder/call"
)

// Activity is what a leg's media did since the last report.
type Activity struct {
	Leg  call.LegID
	Last time.Time // latest sign of life, RTCP included
	// Caller and Callee are the latest media that each side sent; zero when it
	// sent none. The first time that a side is heard of it is its first packet.
	Caller, Callee time.Time
	Digits         int    // keys pressed (RFC 4733)
	Separators     uint32 // bit i: the i-th of them was # or *
}

// The sides of a leg in legMedia.sent.
const (
	callee = iota
	caller
)

// Activity appends the legs that had media since the last call.
func (t *Tracker) Activity(dst []Activity) []Activity {
	for len(t.flowing) > 0 {
		t.still(t.flowing[len(t.flowing)-1])
	}
	for i, l := range t.active {
		dst = append(dst, Activity{
			Leg: l.id, Last: stamp(l.last), Caller: stamp(l.sent[caller]), Callee: stamp(l.sent[callee]), Digits: l.digits, Separators: l.separators,
		})
		l.heard[caller] = l.heard[caller] || l.sent[caller] != 0
		l.heard[callee] = l.heard[callee] || l.sent[callee] != 0
		l.active, l.digits, l.separators, l.sent = false, 0, 0, [2]int64{}
		t.active[i] = nil
	}
	t.active = t.active[:0]
	return dst
}

// press counts a key.
func (l *legMedia) press(separator bool) {
	if separator && l.digits < 32 {
		l.separators |= 1 << l.digits
	}
	l.digits++
}

// touch notes that a leg had media.
func (t *Tracker) touch(l *legMedia, at int64) {
	l.last = max(l.last, at)
	if !l.active {
		l.active = true
		t.active = append(t.active, l)
	}
}

// flow puts a stream into the list of those with packets that its leg has not
// been told of.
func (t *Tracker) flow(s *stream) {
	s.flowing, s.flowAt = true, int32(len(t.flowing))
	t.flowing = append(t.flowing, s)
}

// still tells the leg of a flowing stream's latest packet.
func (t *Tracker) still(s *stream) {
	last := t.flowing[len(t.flowing)-1]
	t.flowing[s.flowAt], last.flowAt = last, s.flowAt
	t.flowing = t.flowing[:len(t.flowing)-1]
	s.flowing = false
	l := s.place.leg
	t.touch(l, s.last)
	l.hear(s)
}

// hear notes which side of the leg sent a stream.
func (l *legMedia) hear(s *stream) {
	side := callee
	if s.byCaller() {
		side = caller
	}
	switch {
	case l.heard[side]:
		l.sent[side] = max(l.sent[side], s.last)
	case l.sent[side] == 0:
		l.sent[side] = s.first
	default:
		l.sent[side] = min(l.sent[side], s.first)
	}
}
