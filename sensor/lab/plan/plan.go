package plan

import "time"

// Source makes items of one kind, in the order of their times.
type Source interface {
	// At is the time of the next item; false when there is none any more.
	At() (time.Time, bool)
	// Take returns that item and goes on to the one behind it. It returns
	// false when there is no such item after all: nobody is free to call.
	Take() (Item, bool)
}

// Plan yields the items of its sources in the order of time.
type Plan struct {
	Site    *Site
	sources []Source
	calls   uint64
}

// New makes a plan of the sources of a site.
func New(site *Site, sources []Source) *Plan { return &Plan{Site: site, sources: sources} }

// Next returns the next item, false after the last.
func (p *Plan) Next() (Item, bool) {
	for {
		s := p.earliest()
		if s == nil {
			return Item{}, false
		}
		it, ok := s.Take()
		if !ok {
			continue
		}
		if it.Call != nil {
			p.calls++
			it.Call.ID = p.calls
		}
		return it, true
	}
}

// earliest is linear: a site has a handful of sources.
func (p *Plan) earliest() Source {
	var first Source
	var when time.Time
	for _, s := range p.sources {
		if t, ok := s.At(); ok && (first == nil || t.Before(when)) {
			first, when = s, t
		}
	}
	return first
}
