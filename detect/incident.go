package detect

import (
	"net/netip"
	"slices"
	"time"

	"tollwatch/detect/rules"
	"tollwatch/detect/window"
)

// Bounds of an incident, and its times.
const (
	maxIncidents    = 64
	maxMembers      = 16 // extensions, groups, trunks that it is known by
	maxDestinations = 64
	maxCallIDs      = 50

	mergeWithin  = 30 * time.Minute
	quietFor     = 30 * time.Minute
	quietBelow   = noticeScore / 2.0
	updatedEvery = time.Minute
)

// incident is calls that belong together, from the first suspicion until half
// an hour without any. Its level only rises.
type incident struct {
	marks
	last   time.Time // the latest sign of life
	update time.Time // when the next update is due

	phones    bool      // some call's telephone was seen
	fresh     bool      // some call went to a new destination
	newest    Link      // the first of them
	paged     time.Time // when the level first was one that wakes somebody
	unlearned int       // members at the last unlearn
	over      bool      // closed; of strangers it may open again

	word  *word // of a person, under which it stands; nil without
	asked Level // for, by calls that the word covers too

	strongest Decision // its own copy
	source    netip.AddrPort
	extension string // of the strongest decision
	trunk     string // likewise
	tariff    Tariff // likewise

	calls, answered, live int
	callIDs               []string
	destinations          []Destination
	spent                 money
	minutes               float64         // billed, of the calls that ended
	dearest               float64         // EUR a minute, the highest price seen
	burn                  *window.Buckets // EUR in ten minutes
	hour                  *window.Buckets // calls in an hour
}

// attach brings a judged call to its incident, and opens one where the score
// asks for it.
func (e *Engine) attach(c *ongoing) {
	score := c.decision.Score
	if c.incident == nil {
		c.incident = e.match(c, score)
		if c.incident == nil && score >= noticeScore {
			c.incident = e.open(c)
		}
		if c.incident == nil {
			return
		}
		c.incident.enter(c, e.now)
	}
	i := c.incident
	if score >= quietBelow {
		i.last = e.now
	}
	i.know(c)
	e.judge(i, c)
}

// judge raises the incident to what the call's decision asks for, unless a
// person's word covers it. Nobody is woken on one side's word alone.
func (e *Engine) judge(i *incident, c *ongoing) {
	level := c.asks()
	if i.scheme == SpendCap {
		i.scheme = schemeOf(&c.decision)
	}
	news := c.decision.exhausted()
	if news || c.decision.Score >= i.strongest.Score {
		i.keep(c)
	}
	i.see(&c.decision)
	breaks := c.heard && (c.decision.Score >= noticeScore || i.word.overdrawn())
	level, reopened := e.heed(i, e.covering(c, level), level, breaks)
	if reopened {
		return
	}
	before := i.level
	e.raise(i, level)
	if news && i.level == before { // it may have been acknowledged: a cap is said all the same
		e.tell(i, Raised)
	}
}

// asks is the level that the call's decision asks for.
func (c *ongoing) asks() Level {
	level := levelOf(c.decision.Score)
	if level.Pages() && !c.heard {
		return Watch
	}
	return level
}

// suspicious says that nothing is to be learned from the incident's calls. What
// consumes a cap may well be ordinary business.
func (i *incident) suspicious() bool {
	told := i.word != nil && i.word.told
	return (i.level >= Watch || told) && i.scheme != SpendCap && !i.normal()
}

// rise lifts the incident to the level.
func (e *Engine) rise(i *incident, level Level) {
	i.level = max(i.level, level, Notice)
	if i.level.Pages() && i.paged.IsZero() {
		i.paged = e.now
	}
	if i.suspicious() {
		e.unlearn(i)
	}
}

// raise tells of the incident when it opens, and when its level rises.
func (e *Engine) raise(i *incident, level Level) {
	before := i.level
	e.rise(i, level)
	switch {
	case before == 0:
		e.tell(i, Opened)
	case i.level > before:
		e.tell(i, Raised)
	}
}

// keep copies the decision: the call's own is written anew each time.
func (i *incident) keep(c *ongoing) {
	reasons := append(i.strongest.Reasons[:0], c.decision.Reasons...)
	i.strongest = c.decision
	i.strongest.Reasons = reasons
	if s := schemeOf(&i.strongest); s != SpendCap { // a cap that is consumed hides no fraud
		i.scheme = s
	}
	i.source, i.extension, i.trunk, i.tariff = c.source, c.extension, c.trunk, c.number.Tariff
}

// unlearn drops what the quarantine holds of the incident's members, once for
// each of them.
func (e *Engine) unlearn(i *incident) {
	members := len(i.groups) + len(i.extensions)
	if members == i.unlearned {
		return
	}
	i.unlearned = members
	for _, key := range i.groups {
		e.memory.forget(key)
	}
	for _, name := range i.extensions {
		e.bindings.distrust(name, e.memory.day)
		slot := e.memory.extensions.Get(name)
		if slot == nil {
			continue
		}
		x := *slot
		x.all.forget()
		x.dear.forget()
		if !x.callsAbroad(e.memory.day) {
			x.abroad = 0
		}
	}
}

// match finds the open incident that the call belongs to: the oldest that
// shares an extension or a destination group with it, or calls to new
// destinations within ten minutes. An identity that only the trunk showed may
// be everybody's, so that it needs a score of its own.
func (e *Engine) match(c *ongoing, score float64) *incident {
	if !c.watched() && score < noticeScore {
		return nil
	}
	for _, i := range e.incidents {
		age := e.now.Sub(i.last)
		if i.bySign {
			continue
		}
		if age <= mergeWithin && i.shares(c, score) || age <= rateWindow && i.fresh && c.counted.fresh && score >= quietBelow {
			return i
		}
	}
	return nil
}

func (i *incident) shares(c *ongoing, score float64) bool {
	if c.watched() && slices.Contains(i.groups, c.key()) {
		return true
	}
	if !c.phones && score < quietBelow {
		return false
	}
	return slices.Contains(i.extensions, c.extension) || c.phones && slices.Contains(i.sources, c.legs[0].src) ||
		!i.phones && !c.phones && c.trunk != "" && slices.Contains(i.trunks, c.trunk)
}

// open starts an incident with the call, and takes in the calls of the last
// half hour that now look like its beginning.
func (e *Engine) open(c *ongoing) *incident {
	i := e.newIncident(schemeOf(&c.decision), c.start)
	i.word = e.covering(c, c.asks())
	i.know(c)
	e.absorb(i, c)
	i.id = e.incidentID(i.since, c.extension, c.number.Country, c.number.Class.String())
	e.incidents = append(e.incidents, i)
	return i
}

// newIncident makes room for an incident that began at since.
func (e *Engine) newIncident(scheme Scheme, since time.Time) *incident {
	if len(e.incidents) >= maxIncidents {
		e.evictIncident()
	}
	return emptyIncident(marks{scheme: scheme, since: since}, e.now)
}

func emptyIncident(m marks, now time.Time) *incident {
	return &incident{marks: m, last: now, update: now.Add(updatedEvery), tariff: Estimate,
		burn: window.NewBuckets(10, rateWindow/10), hour: window.NewBuckets(12, time.Hour/12)}
}

// absorb takes in what came before: running calls, then those that ended.
func (e *Engine) absorb(i *incident, c *ongoing) {
	for k := range e.closed {
		old := &e.closed[k]
		if !old.start.IsZero() && e.now.Sub(old.over) <= mergeWithin && old.like(c) {
			i.enterClosed(old)
			*old = closedCall{}
		}
	}
	for _, slot := range e.calls.OldestFirst() {
		o := *slot
		if o != c && o.incident == nil && o.counted.yes && o.watched() && i.shares(o, o.decision.Score) {
			o.incident = i
			i.enter(o, e.now)
			i.know(o)
		}
	}
}

// know adds the call's marks to those that the incident is known by.
func (i *incident) know(c *ongoing) {
	i.phones = i.phones || c.phones
	if c.counted.fresh && !i.fresh {
		i.fresh, i.newest = true, Link{Time: c.start, Step: NewDestination, Extension: c.extension, Number: c.shown()}
	}
	i.extensions = addMember(i.extensions, c.extension)
	if c.phones {
		i.sources = addMember(i.sources, c.legs[0].src)
	}
	if c.trunk != "" {
		i.trunks = addMember(i.trunks, c.trunk)
	}
	if rules.Watched(c.number.Class) {
		i.groups = addMember(i.groups, c.key())
	}
}

func addMember[T comparable](list []T, x T) []T {
	if len(list) >= maxMembers || slices.Contains(list, x) {
		return list
	}
	return append(list, x)
}

// evictIncident closes the least urgent incident, the quietest of those.
func (e *Engine) evictIncident() {
	worst := 0
	for k, i := range e.incidents {
		w := e.incidents[worst]
		if i.level < w.level || i.level == w.level && i.last.Before(w.last) {
			worst = k
		}
	}
	e.evicted.Incidents++
	e.close(worst)
}

// close tells that the incident is over, and lets go of its calls.
func (e *Engine) close(k int) {
	i := e.incidents[k]
	e.incidents = slices.Delete(e.incidents, k, k+1)
	i.over = true
	e.tell(i, Closed)
	e.keepPast(i)
	e.noteTold(i)
	for _, slot := range e.calls.OldestFirst() {
		if c := *slot; c.incident == i {
			c.incident = nil
		}
	}
}

// watchIncidents tells of open incidents every minute, and closes quiet ones.
func (e *Engine) watchIncidents() {
	for k := 0; k < len(e.incidents); {
		i := e.incidents[k]
		if i.live == 0 && e.now.Sub(i.last) >= quietFor {
			e.close(k)
			continue
		}
		if !e.now.Before(i.update) {
			i.update = e.now.Add(updatedEvery)
			e.tell(i, Updated)
		}
		k++
	}
}
