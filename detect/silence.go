package detect

import (
	"math"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/detect/rules"
	"tollwatch/detect/window"
)

// inbound is when calls come in by a trunk, and how long none came.
type inbound struct {
	week  window.Week
	since time.Time // the first call
	last  time.Time // the latest
	out   int       // calls that came through since then, the other way
}

// silenceAfter is how long a trunk is watched before its silence means anything.
const silenceAfter = 14 * 24 * time.Hour

// weekKept is what a week ago still weighs, see window.Week.
const weekKept = 0.97

// observeInbound notes a call from outside, once, when it is over.
func (e *Engine) observeInbound(c *ongoing, ev *call.Event) {
	if ev.Kind != call.EventEnded || ev.Leg.Live() || !c.comesFromOutside() || ev.Leg.ID != c.legs[0].id || c.trunk == "" {
		return
	}
	h := &put(e.health.table, c.trunk).inbound
	if h.since.IsZero() {
		h.since = e.now
	}
	h.week.Observe(ev.Leg.Start.In(e.cfg.Location))
	h.last, h.out = e.now, 0
}

// judgeSilence looks, when a call goes out, at how many should have come in.
func (e *Engine) judgeSilence(name string, h *inbound, c *ongoing) {
	h.out++
	if h.since.IsZero() || e.now.Sub(h.since) < silenceAfter || e.now.Sub(h.last) < time.Hour {
		return
	}
	s := rules.Signs{Trunk: name, Silence: e.now.Sub(h.last).Hours(), CallsOut: h.out, CallsExpected: e.expected(&h.week, h.since, h.last)}
	if usual := e.expected(&e.memory.week, e.memory.since.AddDate(0, 0, quarantine), h.last); usual > float64(h.out) {
		s.CallsExpected *= float64(h.out) / usual // on a day when few are there, few are called
	}
	e.suspect(sign{scheme: TrunkTrouble, trunk: name, callID: c.callID, signs: s})
}

// expected is how many calls a week learned since some day has from a moment until
// now, of a week at most.
func (e *Engine) expected(week *window.Week, since, from time.Time) float64 {
	weeks := e.now.Sub(since).Hours() / window.WeekHours
	weight := (1 - math.Pow(weekKept, weeks)) / (1 - weekKept)
	sum := 0.0
	at := from
	for range window.WeekHours {
		if !at.Before(e.now) {
			break
		}
		sum += min(e.now.Sub(at).Hours(), 1) * week.At(at.In(e.cfg.Location))
		at = at.Add(time.Hour)
	}
	return sum / max(weight, 1)
}

func (w *writer) inbound(h *inbound) {
	w.b, _ = h.week.AppendBinary(w.b)
	w.time(h.since)
	w.time(h.last)
	w.int(int64(h.out))
}

func (r *reader) inbound(h *inbound) {
	if b := r.take(window.WeekBytes); b == nil || h.week.UnmarshalBinary(b) != nil {
		r.failed = true
	}
	h.since, h.last, h.out = r.time(), r.time(), int(r.count(math.MaxInt32))
}
