package trial

import (
	"slices"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/detect"
	"tollwatch/sensor/lab/plan"
)

// tick is the grid of time on which the sensor's pipeline wakes the engine.
const tick = time.Second

// Watch is an engine at a site.
type Watch struct {
	Engine *detect.Engine
	Events uint64 // that it was given

	plan    *plan.Plan
	item    plan.Item
	more    bool
	ear     *Ear
	now     time.Time           // the latest tick
	about   map[string][]string // incidents alerted, by extension
	answers []answer            // the earliest first
	heard   func(*plan.Item)
	alert   func(*detect.Alert)
	spy     func(*call.Event) // of a test; nil otherwise
}

// NewWatch gives an engine a plan to listen to. heard is called for each item
// as it begins, alert for each alert.
func NewWatch(engine *detect.Engine, p *plan.Plan, full bool, heard func(*plan.Item), alert func(*detect.Alert)) *Watch {
	w := &Watch{Engine: engine, plan: p, ear: NewEar(p.Site, full), now: p.Site.Start.Truncate(tick), heard: heard, alert: alert,
		about: map[string][]string{}}
	w.ear.Begin()
	w.item, w.more = p.Next()
	return w
}

// Run goes on until a time, or until nothing happens any more, or until stop
// says so. It returns false when nothing happens any more.
func (w *Watch) Run(until time.Time, stop func() bool) bool {
	for !stop() {
		ev, hasEvent := w.ear.Next()
		next := ev
		if w.more && (!hasEvent || w.item.At.Before(ev)) {
			next = w.item.At
		}
		if !hasEvent && !w.more {
			return false
		}
		if next.After(until) {
			w.tickTo(until)
			return true
		}
		w.tickTo(next)
		if !hasEvent || w.more && w.item.At.Before(ev) {
			w.begin()
			continue
		}
		w.observe(w.ear.Take())
	}
	return true
}

func (w *Watch) begin() {
	w.heard(&w.item)
	w.ear.Hear(&w.item)
	if a := w.item.Acknowledgment; a != nil {
		w.acknowledge(a.Extension)
	}
	w.item, w.more = w.plan.Next()
}

func (w *Watch) observe(ev call.Event) {
	w.Events++
	if w.spy != nil {
		w.spy(&ev)
	}
	w.tell(w.Engine.Observe(ev))
}

func (w *Watch) tickTo(now time.Time) {
	for next := w.now.Add(tick); !next.After(now); next = next.Add(tick) {
		w.now = next
		w.tell(w.Engine.Advance(next))
		w.giveAnswers()
	}
}

// acknowledge is a person's word on all that was alerted at an extension. One that
// was too long ago is not known any more.
func (w *Watch) acknowledge(extension string) {
	incidents := w.about[extension]
	delete(w.about, extension)
	for _, id := range incidents {
		if r, err := w.Engine.Acknowledge(id, "trial", w.now); err == nil {
			w.tell(r)
		}
	}
}

func (w *Watch) tell(r detect.Result) {
	for i := range r.Alerts {
		a := &r.Alerts[i]
		for _, extension := range a.Members.Extensions {
			if known := w.about[extension]; !slices.Contains(known, a.Incident) {
				w.about[extension] = append(known, a.Incident)
			}
		}
		w.alert(a)
	}
}
