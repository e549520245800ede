package detect

import (
	"net/netip"
	"slices"
	"time"

	"tollwatch/detect/window"
)

// Link is one stage of the way to an incident: an earlier incident that shares
// an extension or a source with it, or with one that does.
type Link struct {
	Time      time.Time // when it began
	Scheme    Scheme
	Incident  string
	Extension string // empty where it has none
	Source    netip.Addr
}

// trail remembers for a month who and what signs were about, so that a burst
// can be told together with the break-in before it.
type trail struct {
	extensions *window.LRU[string, Link]
	sources    *window.LRU[netip.Addr, Link]
}

// Bounds of the trail. Strangers cannot push extensions out.
const (
	maxTrail = 1024
	trailFor = 30 * 24 * time.Hour
)

func newTrail() trail {
	return trail{window.NewLRU[string, Link](maxTrail), window.NewLRU[netip.Addr, Link](maxTrail)}
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

// chain is the stages before the incident, the earliest first.
func (e *Engine) chain(i *incident) []Link {
	var links []Link
	add := func(l *Link) {
		if l == nil || e.now.Sub(l.Time) > trailFor || l.Incident == i.id ||
			slices.ContainsFunc(links, func(o Link) bool { return o.Incident == l.Incident && o.Scheme == l.Scheme }) {
			return
		}
		links = append(links, *l)
	}
	for _, x := range i.extensions {
		add(e.trail.extensions.Get(x))
	}
	for _, a := range i.sources {
		add(e.trail.sources.Get(a))
	}
	for k := 0; k < len(links) && len(links) < maxMembers; k++ {
		add(e.trail.sources.Get(links[k].Source))
	}
	slices.SortStableFunc(links, func(a, b Link) int { return a.Time.Compare(b.Time) })
	return links
}
