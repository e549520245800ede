// Package attack makes what is done to a site: calls that are stolen, and what
// thieves do before them. It knows nothing of any detector.
//
// An [Attack] is one activity of one kind, with parameters; a [Case] is a whole
// story of one or more activities, whose parameters are drawn.
package attack

import (
	"fmt"
	"time"

	"tollwatch/sensor/lab/plan"
)

// Attack is one activity of a thief. Its kind says which of the parameters
// matter.
type Attack struct {
	Label       string
	Case        string        // to draw this and the other activities of; empty = none
	Given       []string      // with Case: the parameters that hold for all its activities, by their keys
	Kind        string        // one of Kinds
	After       time.Duration // from the scenario's start
	Length      time.Duration
	Preparation bool // steals nothing yet

	CallsPerMinute float64
	Unevenness     float64
	Growth         float64 // of the rate, in a week
	Most           int     // calls or requests in all; 0 = as many as there is time for
	TalkLeast      time.Duration
	TalkMost       time.Duration
	Human          bool // talks are lognormal, one in ten outside TalkLeast and TalkMost
	Answer         float64

	Extension  string // empty = drawn
	Extensions int    // stolen ones, Extension and those behind it
	Parallel   int    // calls at once of each; 0 = any number
	From       string // phone | internet | pbx | stranger
	Addresses  int    // of the thief
	UserAgent  string // of the thief; empty = a telephone's

	Destinations []string // prefixes of blocks, or whole numbers
	New          int      // how many of them are called, those first where the site does not call anyway; 0 = all
	Customary    bool     // where the site calls anyway, instead of Destinations
	Numbers      int
	RangeMinutes float64 // talked to one destination in a day; 0 = any number
	ForgedBye    bool    // each call is followed by a BYE that somebody else sends
}

// Court is the burst of the ruling: 240 hours in three days are 3.3 calls at a
// time, either many that are billed by the second or fewer that are each
// billed a full minute.
func Court(label string, after time.Duration) Attack {
	a := Attack{
		Label: label, Kind: Burst, After: after, Length: 10 * time.Minute,
		CallsPerMinute: 25, Unevenness: .5,
		TalkLeast: 4 * time.Second, TalkMost: 12 * time.Second, Answer: 1,
		From: plan.FromPhone.String(), Destinations: []string{"+1345", "+227"}, Numbers: 10, Extensions: 1, Addresses: 1,
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
	k, ok := LookupKind(a.Kind)
	if !ok {
		return nil // checked
	}
	return k.sources(newThief(site, a, i))
}
