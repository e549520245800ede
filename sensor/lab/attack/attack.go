// Package attack makes what is done to a site: calls that are stolen, and what
// thieves do before them. It knows nothing of any detector.
package attack

import (
	"fmt"
	"time"

	"tollwatch/sensor/lab/plan"
)

// Attack is a burst of calls from a stolen extension.
type Attack struct {
	Label          string
	After          time.Duration // from the scenario's start
	Length         time.Duration
	CallsPerMinute float64
	Unevenness     float64
	TalkLeast      time.Duration
	TalkMost       time.Duration
	Answer         float64
	Extension      string // empty = drawn
	From           string // phone | internet
	Destinations   []string
	Numbers        int
}

// Court is the burst of the ruling: 240 hours in three days are 3.3 calls at a
// time, either many that are billed by the second or fewer that are each
// billed a full minute.
func Court(label string, after time.Duration) Attack {
	a := Attack{
		Label: label, After: after, Length: 10 * time.Minute,
		CallsPerMinute: 25, Unevenness: .5,
		TalkLeast: 4 * time.Second, TalkMost: 12 * time.Second, Answer: 1,
		From: plan.FromPhone.String(), Destinations: []string{"+1345", "+227"}, Numbers: 10,
	}
	if label == "court-b" {
		a.CallsPerMinute = 3.3
	}
	return a
}

// ID tells the attacks of a scenario apart; i counts them from 0.
func (a *Attack) ID(i int) string { return fmt.Sprintf("%s-%d", a.Label, i+1) }

// Sources are those of the i-th attack of a scenario.
func Sources(site *plan.Site, a *Attack, i int) []plan.Source {
	return []plan.Source{newBurst(site, a, i)}
}
