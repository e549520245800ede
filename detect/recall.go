package detect

import (
	"container/heap"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/detect/numbering"
)

// Past is an outbound call of a time before the sensor, as a record tells of it.
type Past struct {
	Start    time.Time
	Duration time.Duration // 0 when nobody answered
	Caller   string        // the extension; empty when the record does not say
	Dialled  string        // as dialled by the telephone, or as sent to the operator
	Trunk    string        // empty when the record does not say
}

// Recaller teaches an engine the past. What was theft then must not pass for
// usual now: past calls are judged, quarantined and, where they are suspicious,
// left out as if they were heard today. It is used before the engine's first
// event.
type Recaller struct {
	engine *Engine
	ends   ends
	last   call.ID
	alerts []Alert
}

// recalled marks the IDs of past calls, which no decoder gives.
const recalled = call.ID(1) << 63

// Recall begins to teach an engine that has seen nothing since its state was loaded.
func (e *Engine) Recall() *Recaller { return &Recaller{engine: e} }

// ending is when a past call is over.
type ending struct {
	at time.Time
	id call.ID
}

// Call teaches one call. Calls come in the order of their starts; one that is
// late is taken for one of now. It returns the alerts that were due by then.
func (r *Recaller) Call(p Past) []Alert {
	r.alerts = r.alerts[:0]
	r.until(p.Start)
	e := r.engine
	e.begin(p.Start)
	r.last++
	id := recalled | r.last
	c, _ := e.callOf(&call.Leg{ID: call.LegID(r.last), Call: id, Start: p.Start})
	c.legs = append(c.legs[:0], legState{id: call.LegID(r.last), live: true, side: fromPhone})
	c.identity = identity{direction: Outbound, number: e.priced(e.plan.Resolve(p.Dialled, "")), extension: p.Caller, phones: true, trunk: p.Trunk}
	if class := c.number.Class; class == numbering.Internal || c.number.Forward {
		c.direction = Internal
	}
	c.heard = true
	e.count(c)
	e.decide(c, AtAttempt)
	if p.Duration > 0 {
		c.rated, c.answer = c.legs[0].id, e.now
		e.lookLater(id, c)
		e.decide(c, AtAnswer)
	}
	heap.Push(&r.ends, ending{e.now.Add(p.Duration), id})
	return append(r.alerts, e.alerts...)
}

// Close ends the calls that still run.
func (r *Recaller) Close() []Alert {
	r.alerts = r.alerts[:0]
	for len(r.ends) > 0 {
		r.until(r.ends[0].at)
	}
	return r.alerts
}

// until lets time pass, second by second where calls run, and day by day where
// none does.
func (r *Recaller) until(now time.Time) {
	e := r.engine
	for len(r.ends) > 0 && !r.ends[0].at.After(now) {
		end := heap.Pop(&r.ends).(ending)
		r.tick(end.at)
		e.begin(end.at)
		if slot := e.calls.Get(end.id); slot != nil {
			c := *slot
			if c.running() {
				c.over = end.at
			}
			e.drop(end.id, c)
		}
		r.alerts = append(r.alerts, e.alerts...)
	}
	r.tick(now)
}

// tick advances the engine to a time.
func (r *Recaller) tick(now time.Time) {
	e := r.engine
	step := time.Second
	if len(r.ends) == 0 {
		step = time.Hour
	}
	for e.now.Before(now) && !e.now.IsZero() {
		next := e.now.Add(step)
		if next.After(now) {
			return
		}
		r.alerts = append(r.alerts, e.Advance(next).Alerts...)
	}
}

// ends are the past calls that run, the one that ends first in front.
type ends []ending

func (h ends) Len() int           { return len(h) }
func (h ends) Less(i, j int) bool { return h[i].at.Before(h[j].at) }
func (h ends) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *ends) Push(x any)        { *h = append(*h, x.(ending)) }
func (h *ends) Pop() any {
	last := len(*h) - 1
	x := (*h)[last]
	*h = (*h)[:last]
	return x
}
