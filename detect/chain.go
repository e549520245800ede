package detect

import (
	"net/netip"
	"slices"
	"time"

	"tollwatch/detect/window"
)

// Link is one stage of the way to an incident: an earlier incident that shares
// an extension or a source with it, or with one that does, or a step of its own.
type Link struct {
	Time      time.Time // when it began
	Scheme    Scheme    // of the earlier incident; 0 for a step
	Step      Step      // 0 for an earlier incident
	Incident  string    // the earlier one; empty for a step
	Extension string    // empty where it is not known
	Source    netip.Addr
	Number    string // of a step: E.164 with +, else as dialled
}

// Step is a moment of an incident of calls.
type Step uint8

// The steps in the order in which they happen.
const (
	NewDestination Step = iota + 1 // the first call to a place that was never called
	TestCall                       // an earlier short call to one of the numbers, which nothing came of
	Burst                          // from here on somebody was to be woken
)

var stepNames = [...]string{"", "new_destination", "test_call", "burst"}

func (s Step) String() string { return name(stepNames[:], uint8(s)) }

// trail remembers for a month who and what signs were about, so that a burst
// can be told together with the break-in before it.
type trail struct {
	extensions *window.LRU[string, Link]
	sources    *window.LRU[netip.Addr, Link]
	tests      *window.LRU[string, Link] // by number
	targets    *window.LRU[string, Link] // of signs, by number
}

// Bounds of the trail. Strangers cannot push extensions out.
const (
	maxTrail = 1024
	trailFor = 30 * 24 * time.Hour
	testCall = time.Minute // at most
)

func newTrail() trail {
	return trail{window.NewLRU[string, Link](maxTrail), window.NewLRU[netip.Addr, Link](maxTrail), window.NewLRU[string, Link](maxTrail),
		window.NewLRU[string, Link](maxTrail)}
}

func (t *trail) evicted() uint64 {
	return t.extensions.Evicted() + t.sources.Evicted() + t.tests.Evicted() + t.targets.Evicted()
}

// tested notes an answered call to a new destination that was as short as a
// test of a stolen line.
func (e *Engine) tested(c *ongoing) {
	if !c.counted.fresh || c.answer.IsZero() || c.over.Sub(c.answer) > testCall {
		return
	}
	if at := put(e.trail.tests, c.counted.number); at.Time.IsZero() || e.now.Sub(at.Time) > trailFor {
		*at = Link{Time: c.start, Step: TestCall, Extension: c.extension, Number: c.counted.number}
	}
}

// steps are the moments of an incident of calls.
func (e *Engine) steps(i *incident) (steps []Link) {
	if !i.newest.Time.IsZero() {
		steps = append(steps, i.newest)
	}
	for _, d := range i.destinations {
		if l := e.trail.tests.Get(d.Number); l != nil && i.since.Sub(l.Time) > 0 && e.now.Sub(l.Time) <= trailFor {
			steps = append(steps, *l)
			break
		}
	}
	if !i.paged.IsZero() {
		steps = append(steps, Link{Time: i.paged, Step: Burst, Extension: i.extension})
	}
	return steps
}

// remember notes a sign that became part of an incident.
func (e *Engine) remember(i *incident, s *sign) {
	l := Link{Time: e.now, Scheme: s.scheme, Incident: i.id, Source: s.source.Addr().Unmap()}
	if !s.stranger {
		l.Extension = s.extension
		l.Time = i.since
	}
	if l.Extension != "" {
		keepFirst(put(e.trail.extensions, l.Extension), l)
	}
	if s.target != "" {
		keepFirst(put(e.trail.targets, s.target), l)
	}
	if l.Source.IsValid() {
		keepFirst(put(e.trail.sources, l.Source), l)
	}
}

// keepFirst lets the beginning of a stage stand; a stage that goes further
// replaces it.
func keepFirst(at *Link, l Link) {
	if at.Incident != l.Incident || at.Scheme != l.Scheme {
		*at = l
	}
}

// chain is the stages before the incident, and its own steps, the earliest first.
func (e *Engine) chain(i *incident) []Link {
	links := e.steps(i)
	add := func(l *Link) {
		if l == nil || e.now.Sub(l.Time) > trailFor || l.Incident == i.id || l.Incident == "" ||
			slices.ContainsFunc(links, func(o Link) bool { return o.Incident == l.Incident && o.Scheme == l.Scheme }) {
			return
		}
		links = append(links, *l)
	}
	for _, x := range i.extensions {
		add(e.trail.extensions.Get(x))
	}
	for _, d := range i.destinations {
		add(e.trail.targets.Get(d.Number))
	}
	for _, a := range i.sources {
		add(e.trail.sources.Get(a))
	}
	for k := 0; k < len(links) && len(links) < maxMembers; k++ {
		if links[k].Source.IsValid() {
			add(e.trail.sources.Get(links[k].Source))
		}
	}
	slices.SortStableFunc(links, func(a, b Link) int { return a.Time.Compare(b.Time) })
	return links
}
