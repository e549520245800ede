package detect

import (
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strings"
	"time"
)

// Destination is a number that an incident's calls went to.
type Destination struct {
	Number  string // E.164 with +, else as dialled
	Country string // ISO 3166-1 alpha-2; empty when not known
	Calls   int
}

// closedCall is what is kept for half an hour of a call that was suspected of
// nothing, in case an incident opens that it was the beginning of.
type closedCall struct {
	start, over time.Time
	answered    bool
	phones      bool
	identity    string
	trunk       string
	key         groupKey
	number      string
	callID      string
	score       float64
	minutes     float64 // billed
	rate        float64
	cost        money
}

// maxClosed bounds those calls.
const maxClosed = 256

// keepClosed notes an ended call to a watched class that is in no incident.
func (e *Engine) keepClosed(c *ongoing) {
	if c.incident != nil || !c.watched() {
		return
	}
	e.closed[e.nextClosed%maxClosed] = closedCall{start: c.start, over: e.now, answered: !c.answer.IsZero(), phones: c.phones,
		identity: c.extension, trunk: c.trunk, key: c.key(), number: c.shown(), callID: c.callID,
		score: c.decision.Score, minutes: c.billed(), rate: c.number.Rate, cost: c.cost}
	e.nextClosed++
}

// like says that the old call looks like the beginning of what c is part of.
func (o *closedCall) like(c *ongoing) bool {
	if c.watched() && o.key == c.key() {
		return true
	}
	if !c.phones || !o.phones {
		return o.score >= quietBelow && o.identity == c.extension
	}
	return o.identity == c.extension
}

// enter adds a call, with what it has cost so far.
func (i *incident) enter(c *ongoing, now time.Time) {
	i.live++
	i.count(c.start, c.number.Rate, c.callID)
	c.entered = c.shown()
	i.called(c.entered, c.number.Country)
	i.charge(now, c.cost)
	if !c.answer.IsZero() {
		i.answered++
	}
}

// leave notes that a call is over.
func (i *incident) leave(c *ongoing) {
	i.live--
	i.minutes += c.billed()
}

// renumber notes that a later leg gave the call another number.
func (i *incident) renumber(c *ongoing) {
	if c.entered == c.shown() {
		return
	}
	i.uncall(c.entered)
	c.entered = c.shown()
	i.called(c.entered, c.number.Country)
}

// withdraw undoes enter, for a call that was a part of another.
func (i *incident) withdraw(c *ongoing, now time.Time) {
	i.live--
	i.calls--
	i.hour.Add(now, -1)
	i.callIDs = slices.DeleteFunc(i.callIDs, func(id string) bool { return id == c.callID })
	i.uncall(c.entered)
	i.spent = i.spent.less(c.cost)
	if !c.answer.IsZero() {
		i.answered--
	}
}

func (i *incident) enterClosed(o *closedCall) {
	i.count(o.start, o.rate, o.callID)
	i.called(o.number, o.key.country)
	i.charge(o.over, o.cost)
	i.minutes += o.minutes
	if o.answered {
		i.answered++
	}
	i.phones = i.phones || o.phones
	i.extensions = addMember(i.extensions, o.identity)
	i.groups = addMember(i.groups, o.key)
	if o.trunk != "" {
		i.trunks = addMember(i.trunks, o.trunk)
	}
}

func (i *incident) count(start time.Time, rate float64, callID string) {
	i.calls++
	if start.Before(i.since) {
		i.since = start
	}
	i.hour.Add(start, 1)
	i.dearest = max(i.dearest, rate)
	i.name(callID)
}

// name adds a call to the latest that alerts name.
func (i *incident) name(callID string) {
	if n := len(i.callIDs); callID == "" || n > 0 && i.callIDs[n-1] == callID {
		return
	}
	if len(i.callIDs) >= maxCallIDs {
		i.callIDs = slices.Delete(i.callIDs, 0, 1)
	}
	i.callIDs = append(i.callIDs, callID)
}

func (i *incident) uncall(number string) {
	for k := range i.destinations {
		if i.destinations[k].Number == number {
			i.destinations[k].Calls--
			if i.destinations[k].Calls == 0 {
				i.destinations = slices.Delete(i.destinations, k, k+1)
			}
			return
		}
	}
}

// called counts a destination. When the table is full the rarest gives way.
func (i *incident) called(number, country string) {
	rarest := 0
	for k := range i.destinations {
		if i.destinations[k].Number == number {
			i.destinations[k].Calls++
			return
		}
		if i.destinations[k].Calls < i.destinations[rarest].Calls {
			rarest = k
		}
	}
	d := Destination{Number: number, Country: country, Calls: 1}
	if len(i.destinations) < maxDestinations {
		i.destinations = append(i.destinations, d)
		return
	}
	i.destinations[rarest] = d
}

// top returns the most called destinations, five at most.
func (i *incident) top() []Destination {
	all := slices.Clone(i.destinations)
	slices.SortStableFunc(all, func(a, b Destination) int {
		if a.Calls != b.Calls {
			return b.Calls - a.Calls
		}
		return strings.Compare(a.Number, b.Number)
	})
	return all[:min(len(all), 5)]
}

func (i *incident) charge(now time.Time, more money) {
	i.spent.add(more)
	i.word.charge(more.likely)
	i.burn.Add(now, more.likely)
}

// incidentID is stable: the same site, first moment and marks give the same.
func (e *Engine) incidentID(since time.Time, marks ...string) string {
	b := append([]byte(e.cfg.Site), 0)
	b = binary.BigEndian.AppendUint64(b, uint64(since.UnixNano()))
	for _, m := range marks {
		b = append(append(b, m...), 0)
	}
	sum := binary.BigEndian.AppendUint64(nil, e.hash(string(b)))
	return since.UTC().Format("20060102-150405-") + hex.EncodeToString(sum[:2])
}
