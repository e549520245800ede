package detect

import (
	"errors"
	"net/netip"
	"slices"
	"time"

	"tollwatch/detect/numbering"
)

// ErrUnknownIncident: it is not open, and not among the last 64 that were.
var ErrUnknownIncident = errors.New("no such incident is open, or was among the latest")

// Members are all that an incident is known by.
type Members struct {
	Extensions []string
	Sources    []netip.Addr
	Groups     []Group
}

// Group is a destination group: a country and a class.
type Group struct {
	Country string // ISO 3166-1 alpha-2
	Class   numbering.Class
}

func (m *marks) members() Members {
	out := Members{Extensions: slices.Clone(m.extensions), Sources: slices.Clone(m.sources)}
	for _, g := range m.groups {
		out.Groups = append(out.Groups, Group{g.country, g.class})
	}
	return out
}

// Word is what a person said of an incident and what still holds.
type Word struct {
	Incident string
	Normal   bool // this is normal here; else an acknowledgement
	By       string
	At       time.Time
	Until    time.Time // zero while the incident is open
	Level    Level     // up to which it covers
	SpentEUR float64   // by the incident; twice that breaks it
	Members
}

// Words are all that hold, the oldest first.
func (e *Engine) Words() []Word {
	out := make([]Word, 0, len(e.words))
	for _, w := range e.words {
		out = append(out, Word{Incident: w.id, Normal: w.normal, By: w.by, At: w.at, Until: w.until, Level: w.level,
			SpentEUR: w.seen.spent, Members: w.members()})
	}
	return out
}

// Acknowledge takes a person's word that an incident is known: its extensions,
// sources and destinations wake nobody more up to the level and twice the money
// it had come to, while it is open and for a day after. Anything beyond reopens it.
func (e *Engine) Acknowledge(incident, by string, now time.Time) (Result, error) {
	return e.say(incident, word{by: by}, now)
}

// Normal takes a person's word that an incident is normal here: for 90 days the
// same, up to twice its money each day, stays a notice, and is learned.
func (e *Engine) Normal(incident, by string, now time.Time) (Result, error) {
	return e.say(incident, word{by: by, normal: true}, now)
}

// Withdraw takes back what was said of an incident.
func (e *Engine) Withdraw(incident string) error {
	w := e.wordOf(incident)
	if w == nil {
		return ErrUnknownIncident
	}
	e.unsay(w)
	return nil
}

func (e *Engine) say(incident string, w word, now time.Time) (Result, error) {
	e.begin(now)
	i := e.spokenOf(incident)
	if i == nil {
		return Result{}, ErrUnknownIncident
	}
	if before := e.wordOf(incident); before != nil {
		e.unsay(before)
	}
	i.seen.spent = max(i.spent.likely, 0)
	w.marks, w.by, w.at = i.clone(), w.by[:min(len(w.by), maxName)], e.now
	w.spent, w.day, w.least = w.seen.spent, e.memory.day, LeastDoubled(e.cfg.Profile)
	switch {
	case w.normal:
		w.until = e.now.Add(normalFor)
	case i.over:
		w.until = e.now.Add(ackFor)
	}
	if len(e.words) >= maxWords {
		e.evicted.Words++
		e.unsay(e.words[0])
	}
	e.words = append(e.words, &w)
	i.word, i.asked = &w, i.level
	e.tell(i, Acknowledged)
	return Result{Alerts: e.alerts}, nil
}

func (e *Engine) wordOf(incident string) *word {
	for _, w := range e.words {
		if w.id == incident {
			return w
		}
	}
	return nil
}

// spokenOf is the incident, open or lately closed; nil when it is not known.
func (e *Engine) spokenOf(id string) *incident {
	for _, list := range [...][]*incident{e.incidents, e.past} {
		for _, i := range list {
			if i.id == id {
				return i
			}
		}
	}
	return nil
}

// keepPast keeps a closed incident, in case somebody speaks of it in the morning.
// When there is no room the least urgent gives way, the oldest of those.
func (e *Engine) keepPast(i *incident) {
	if w := i.word; w != nil && w.id == i.id && w.until.IsZero() {
		w.until = e.now.Add(ackFor)
	}
	i.seen.spent = max(i.spent.likely, 0)
	e.past = slices.DeleteFunc(e.past, func(o *incident) bool { return o == i })
	if len(e.past) >= maxPast {
		worst := 0
		for k, o := range e.past {
			if o.level < e.past[worst].level {
				worst = k
			}
		}
		e.past = slices.Delete(e.past, worst, worst+1)
	}
	e.past = append(e.past, i)
}
