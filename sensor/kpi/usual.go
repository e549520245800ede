package kpi

import (
	"encoding/binary"
	"errors"
	"math"
	"time"

	"tollwatch/detect/window"
)

// Usual learns how many calls there are at once in each hour of the week, as their
// mean. It judges nothing: what is suspicious is detect's to say.
type Usual struct {
	hours [window.WeekHours]habit
	hour  int64 // the one that is being watched, since 1970
	calls uint64
	looks uint64 // in it
}

// habit is one hour of the week.
type habit struct {
	mean  float64
	weeks uint8 // in which it was watched; memory at most
}

// memory is after how many weeks a change of habit is believed in the main.
const memory = 8

// Observe takes the calls at once at a moment, in the location of the site; a
// moment counts for ten seconds.
func (u *Usual) Observe(now time.Time, calls int) {
	if hour := now.Unix() / 3600; hour != u.hour {
		u.learn(now.Location())
		u.hour, u.calls, u.looks = hour, 0, 0
	}
	u.calls += uint64(max(calls, 0))
	u.looks++
}

// learn takes the hour that is over, if most of it was watched.
func (u *Usual) learn(where *time.Location) {
	if u.looks < hourSlots/2 {
		return
	}
	h := &u.hours[window.HourOfWeek(time.Unix(u.hour*3600, 0).In(where))]
	h.weeks = min(h.weeks+1, memory)
	h.mean += (float64(u.calls)/float64(u.looks) - h.mean) / float64(h.weeks)
}

// At is the usual number at the hour of t, in its location; NaN where that was
// never watched.
func (u *Usual) At(t time.Time) float64 {
	h := u.hours[window.HourOfWeek(t)]
	if h.weeks == 0 {
		return math.NaN()
	}
	return h.mean
}

const usualVersion = 1

// ErrState says that bytes are no state of this version.
var ErrState = errors.New("kpi: no state of this version")

// AppendBinary appends what was learned.
func (u *Usual) AppendBinary(dst []byte) ([]byte, error) {
	dst = append(dst, usualVersion)
	for _, h := range u.hours {
		dst = append(binary.LittleEndian.AppendUint64(dst, math.Float64bits(h.mean)), h.weeks)
	}
	return dst, nil
}

// UnmarshalBinary takes back what AppendBinary wrote.
func (u *Usual) UnmarshalBinary(data []byte) error {
	const habitBytes = 9
	if len(data) != 1+habitBytes*window.WeekHours || data[0] != usualVersion {
		return ErrState
	}
	var read Usual
	for i := range read.hours {
		b := data[1+habitBytes*i:]
		h := habit{math.Float64frombits(binary.LittleEndian.Uint64(b)), b[8]}
		if !(h.mean >= 0 && h.mean <= maxCalls) || h.weeks > memory {
			return ErrState
		}
		read.hours[i] = h
	}
	*u = read
	return nil
}
