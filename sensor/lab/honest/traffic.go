// Package honest makes what the people and machines of a site do of their own
// will: calls out, in and inside, at the hours, of the lengths and to the
// places that [Traffic] says.
package honest

import (
	"time"

	"tollwatch/sensor/lab/plan"
)

// Traffic is what a site does on its own.
type Traffic struct {
	Outbound, Inbound, Internal float64 // calls of a working day
	Opens, Closes               time.Duration
	Weekend, Night              float64
	DaySpread                   float64
	Answer                      float64
	TalkMedian                  time.Duration
	TalkSigma                   float64
	TalkMost                    time.Duration
	International               float64
	NewCountry                  float64
	Contacts, ContactsAbroad    int
	Voicemail                   float64
	Digits                      float64
}

// Sources are all that is honest at the site.
func Sources(site *plan.Site, t *Traffic) []plan.Source {
	c := newContacts(site, t)
	return []plan.Source{
		newPeople(site, t, plan.Outbound, c),
		newPeople(site, t, plan.Inbound, c),
		newPeople(site, t, plan.Internal, c),
	}
}
