package detect

import (
	"net/netip"
	"slices"
	"time"

	"tollwatch/detect/rules"
)

// marks are what an incident is known by, and what it has come to.
type marks struct {
	id     string
	scheme Scheme
	level  Level
	since  time.Time // the first call

	extensions []string
	groups     []groupKey
	trunks     []string
	callers    []string     // from outside
	sources    []netip.Addr // telephones and strangers; never a PBX or a trunk
	bySign     bool         // no calls of this site: what was seen is in strongest.Signs
	stranger   bool         // of those who knock at the door, see sign

	seen extent
}

// extent is how far an incident has gone: EUR, and numbers.
type extent struct {
	spent   float64 // by all its calls
	call    float64 // by the dearest of them
	hour    float64 // on costly calls in the dearest hour
	newDay  float64 // on new destinations in the dearest day
	numbers float64 // different ones at new destinations in a day
}

// see remembers how far the incident has gone.
func (m *marks) see(d *Decision) {
	in, s := &d.Inputs, &m.seen
	s.call, s.hour = max(s.call, in.Cost), max(s.hour, in.SpentHour)
	s.newDay, s.numbers = max(s.newDay, in.NewSpent), max(s.numbers, float64(in.NewNumbers))
}

func (m *marks) clone() marks {
	c := *m
	c.extensions, c.groups, c.trunks = slices.Clone(m.extensions), slices.Clone(m.groups), slices.Clone(m.trunks)
	c.callers, c.sources = slices.Clone(m.callers), slices.Clone(m.sources)
	return c
}

// word is what a person said of an incident. It covers what the incident had
// come to by then, and nothing else: whoever knows that a theft was taken for
// business gains no more by it.
type word struct {
	marks
	normal bool // this is normal here; else it is known, no more
	by     string
	at     time.Time
	until  time.Time // zero while the incident that is known is open
	spent  float64   // EUR, by what it covers: of what is normal today, else in all
	day    int32     // of spent
	least  float64   // EUR that counts as doubled
	told   bool      // nobody said it, see noteTold
	most   float64   // EUR more than seen that a told one covers
}

// How long words hold, and how many.
const (
	ackFor    = 24 * time.Hour // after the incident
	normalFor = 90 * 24 * time.Hour
	maxWords  = 64
	maxPast   = 64
)

// leastDoubled is the least sum, and the least number of numbers, that counts as
// doubled.
const leastDoubled = 1

// LeastDoubled is the least sum that counts as doubled after a person's word, EUR:
// an ordinary hour of the profile. A word is often given while the first calls ring,
// and whoever called them normal is not to be woken when they have cost three euro.
func LeastDoubled(p Profile) float64 { return priors[p].budget }

// names says that the word is about the call's extension, telephone and destination.
func (w *word) names(c *ongoing) bool {
	return !w.bySign && slices.Contains(w.extensions, c.extension) &&
		(!c.phones || slices.Contains(w.sources, c.legs[0].src)) &&
		(!c.watched() || slices.Contains(w.groups, c.key()))
}

// namesSign says the same of a sign. All strangers are one.
func (w *word) namesSign(s *sign) bool {
	if !w.bySign || w.scheme != s.scheme || w.stranger != s.stranger {
		return false
	}
	source := s.source.Addr().Unmap()
	return s.stranger ||
		(s.extension == "" || slices.Contains(w.extensions, s.extension)) &&
			(!source.IsValid() || slices.Contains(w.sources, source)) &&
			(s.caller == "" || slices.Contains(w.callers, s.caller)) &&
			(s.trunk == "" || slices.Contains(w.trunks, s.trunk))
}

// overdrawn says that twice the money was spent that had been when the word was given.
func (w *word) overdrawn() bool {
	if w == nil {
		return false
	}
	limit := max(2*w.seen.spent, w.least, leastDoubled)
	if w.told {
		limit = min(limit, w.seen.spent+w.most)
	}
	return w.spent >= limit
}

func (w *word) charge(eur float64) {
	if w != nil {
		w.spent += eur
	}
}

// bears says that no rule of money goes beyond twice of what was seen, and that
// no cap is consumed.
func (w *word) bears(d *Decision) bool {
	if w.overdrawn() || d.exhausted() {
		return false
	}
	in := &d.Inputs
	for i := range d.Reasons {
		is, seen, least := 0.0, 0.0, max(w.least, leastDoubled)
		switch d.Reasons[i].Rule {
		case rules.BurnID:
			is, seen = in.SpentHour, w.seen.hour
		case rules.MoneyTimerID:
			is, seen = in.Cost, w.seen.call
		case rules.NewSpendID:
			is, seen = in.NewSpent, w.seen.newDay
		case rules.SlowFraudID:
			is, seen, least = float64(in.NewNumbers), w.seen.numbers, leastDoubled
		default:
			continue
		}
		if is >= max(2*seen, least) {
			return false
		}
	}
	return true
}

// covering is a person's word that covers the call at the level it asks for; nil
// when there is none.
func (e *Engine) covering(c *ongoing, level Level) *word {
	for _, list := range [...][]*word{e.words, e.told} {
		for _, w := range list {
			if level <= w.level && w.names(c) && w.bears(&c.decision) {
				return w
			}
		}
	}
	return nil
}

func (e *Engine) coveringSign(s *sign, level Level) *word {
	for _, w := range e.words {
		if level <= w.level && w.namesSign(s) {
			return w
		}
	}
	return nil
}

// heed gives the level that is left of one that is asked for: what a word covers
// wakes nobody. What breaks the word under which an incident stands reopens it.
func (e *Engine) heed(i *incident, w *word, level Level, breaks bool) (left Level, reopened bool) {
	i.asked = max(i.asked, level)
	switch {
	case w != nil:
		return min(level, Notice), false
	case i.word == nil || !breaks:
		return level, false
	}
	e.reopen(i, level)
	return level, true
}

// reopen takes an incident from under its word. One that a person knows of is
// told anew, at all that was asked for.
func (e *Engine) reopen(i *incident, level Level) {
	w := i.word
	i.word, i.unlearned = nil, -1
	if w.id != i.id {
		e.raise(i, level)
		return
	}
	if !w.normal {
		e.unsay(w)
	}
	e.rise(i, max(level, i.asked))
	e.tell(i, Reopened)
}

// unsay forgets a word.
func (e *Engine) unsay(w *word) {
	e.words = slices.DeleteFunc(e.words, func(o *word) bool { return o == w })
	for _, list := range [...][]*incident{e.incidents, e.past} {
		for _, i := range list {
			if i.word == w {
				i.word = nil
			}
		}
	}
}

// forgetWords lets words end in their time, and begins the day of what is normal.
func (e *Engine) forgetWords() {
	e.told = slices.DeleteFunc(e.told, func(w *word) bool { return !e.now.Before(w.until) })
	for k := 0; k < len(e.words); {
		w := e.words[k]
		if w.normal && w.day != e.memory.day {
			w.spent, w.day = 0, e.memory.day
		}
		if !w.until.IsZero() && !e.now.Before(w.until) {
			e.unsay(w)
			continue
		}
		k++
	}
}

// restartWords moves what words know of time back with the clock.
func (e *Engine) restartWords(back time.Duration) {
	for _, w := range e.words {
		w.at = w.at.Add(-back)
		if !w.until.IsZero() {
			w.until = w.until.Add(-back)
		}
	}
	if e.maintained() {
		e.maintenance.until = e.maintenance.until.Add(-back)
	}
}

// normal says that the incident is what a person called normal.
func (i *incident) normal() bool { return i != nil && i.word != nil && i.word.normal }
