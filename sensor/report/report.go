package report

import (
	"sort"
	"time"

	"tollwatch/sensor/record"
)

// maxIncidents is how many incidents are told of one by one; the highest
// stay.
const maxIncidents = 20

// maxGroups bounds the calls that are remembered until their other legs end.
// Legs of one call end within seconds of each other.
const maxGroups = 65536

// maxWorst is how many of the worst streams are listed.
const maxWorst = 3

// Report collects what a replay puts out. It implements sensor.Sink.
type Report struct {
	location  *time.Location
	calls     int // as a person counts them
	legs      int
	groups    map[string]bool // the calls whose legs still come in
	states    map[string]int  // legs by state
	direction map[string]int  // calls by direction
	talk      time.Duration
	cost      float64
	events    map[string]int // registrations by event
	quality   quality
	incidents map[string]*incident
	more      int // incidents that had no room
	summary   *record.Summary
}

type incident struct {
	opened, raised *record.Alert // first alert of all, first alert that pages
	latest         *record.Alert
}

type quality struct {
	streams, rated int
	packets, lost  uint64
	mosSum         float64
	worst          []*record.Stream // lowest MOS first
	withheld       map[string]int
	dtmf           int
}

// New prints times in the location given.
func New(location *time.Location) *Report {
	return &Report{
		location: location, groups: map[string]bool{}, states: map[string]int{}, direction: map[string]int{}, events: map[string]int{},
		incidents: map[string]*incident{}, quality: quality{withheld: map[string]int{}},
	}
}

// Put implements sensor.Sink.
func (r *Report) Put(o record.Object) error {
	switch o := o.(type) {
	case *record.Call:
		r.call(o)
	case *record.Stream:
		r.quality.add(o)
	case *record.Registration:
		r.events[o.Event]++
	case *record.Alert:
		r.alert(o)
	case *record.Summary:
		r.summary = o
	}
	return nil
}

func (r *Report) call(c *record.Call) {
	r.legs++
	r.states[c.State]++
	if !r.groups[c.CallGroup] {
		if len(r.groups) >= maxGroups {
			clear(r.groups)
		}
		r.groups[c.CallGroup] = true
		r.calls++
		r.direction[c.Direction]++
	}
	if c.Duration != nil {
		r.talk += time.Duration(*c.Duration * float64(time.Second))
	}
	if c.CostEUR != nil {
		r.cost += *c.CostEUR
	}
}

func (q *quality) add(s *record.Stream) {
	q.streams++
	q.packets += s.Packets
	q.lost += s.Lost
	q.dtmf += s.DTMFEvents
	if s.MOS == nil {
		q.withheld[s.MOSWithheld]++
		return
	}
	q.rated++
	q.mosSum += *s.MOS
	q.worst = append(q.worst, s)
	sort.SliceStable(q.worst, func(i, j int) bool { return *q.worst[i].MOS < *q.worst[j].MOS })
	q.worst = q.worst[:min(len(q.worst), maxWorst)]
}

func (r *Report) alert(a *record.Alert) {
	i := r.incidents[a.Incident]
	if i == nil {
		if len(r.incidents) >= maxIncidents && !r.makeRoom(a) {
			r.more++
			return
		}
		i = &incident{opened: a}
		r.incidents[a.Incident] = i
	}
	if i.raised == nil && a.Pages() {
		i.raised = a
	}
	i.latest = a
}

// makeRoom drops the incident of the lowest score below that of a.
func (r *Report) makeRoom(a *record.Alert) bool {
	var lowest string
	for id, i := range r.incidents {
		if lowest == "" || i.latest.Score < r.incidents[lowest].latest.Score ||
			i.latest.Score == r.incidents[lowest].latest.Score && id > lowest {
			lowest = id
		}
	}
	if r.incidents[lowest].latest.Score >= a.Score {
		return false
	}
	delete(r.incidents, lowest)
	r.more++
	return true
}
