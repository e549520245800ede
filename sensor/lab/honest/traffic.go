// Package honest makes what the people and machines of a site do of their own
// will: calls out, in and inside, at the hours, of the lengths and to the
// places that [Traffic] says.
package honest

import (
	"time"

	"tollwatch/sensor/lab/plan"
)

// Traffic is what a site does on its own. Shares are between 0 and 1.
type Traffic struct {
	Outbound, Inbound, Internal float64 // calls of a working day
	Opens, Closes               time.Duration
	Weekend, Night              float64
	DaySpread                   float64
	Holidays                    bool    // public ones are as Sundays, and the days between Christmas and New Year
	Vacations                   float64 // of a day's calls, that are not made in school holidays
	Season                      float64 // summer has so much more than the mean, winter so much less

	Answer     float64
	TalkMedian time.Duration
	TalkSigma  float64
	TalkMost   time.Duration

	International            float64
	NewCountry               float64
	Prone                    float64 // of calls abroad, to countries where stolen calls often go
	Guests                   float64 // of calls abroad, to where this week's guests are from
	Contacts, ContactsAbroad int
	Voicemail                float64
	Digits                   float64

	habits
	machines
	trade
	NoBye float64 // of answered calls, whose end is not signalled or not seen
}

// habits are what people do beside plain calls.
type habits struct {
	Redial      float64 // of calls that are busy or not answered, tried again
	CallBack    float64 // of inbound calls that nobody took, called back
	Consult     float64 // of answered calls out, held while a colleague or partner is called
	RingGroup   float64 // of inbound calls, ring at several telephones
	Twinning    float64 // of inbound calls, go on to the mobile of the called
	Misdial     float64 // of calls out, with a digit too much or too few
	Conferences float64 // a week: one extension calls three to ten partners at once
	Projects    float64 // a year: a new customer or campaign, in one country for one to three weeks
	Travels     float64 // a year: an extension is used from abroad for a week
	Overdial    float64 // calls that a dialler makes for each that somebody talks on, less one
}

// machines are what calls by itself.
type machines struct {
	Alarms     float64 // calls a day of alarm and lift diallers, at fixed times
	AlarmsAway bool    // their centre is abroad
	Faxes      float64 // of an evening's batch
	Probes     float64 // requests a day of the Internet's scanners
	Analogue   float64 // of the telephones, that speak no SIP
	Migration  time.Duration
}

// trade is what some kinds of site have beside what all have.
type trade struct {
	Premium      float64 // of calls at home, to premium numbers
	GuestsLonger float64 // talks with guests' countries are so much longer: 0.5 = by half
	Evening      float64 // of a day's calls, around a quarter to nine in the evening
	FaxesIn      float64 // of a working day, from outside
	Terminals    float64 // calls of a working day by payment terminals, to one number
	Lifts        float64 // each calls its centre every third night
	Cleaning     float64 // calls of a working day's evening by those who clean
	Monitoring   float64 // requests a day by somebody who asks whether the PBX is there
}

// AnalogueOf is how many of the extensions have a telephone that speaks no SIP.
func (t *Traffic) AnalogueOf(extensions int) int { return int(t.Analogue * float64(extensions)) }

// Sources are all that is honest at the site.
func Sources(site *plan.Site, t *Traffic) []plan.Source {
	site.Analogue = t.AnalogueOf(site.Extensions)
	if t.Migration > 0 {
		site.Migration = site.Start.Add(t.Migration)
	}
	later := &plan.Pending{}
	c := newContacts(site, t)
	sources := []plan.Source{
		newPeople(site, t, plan.Outbound, c, later),
		newPeople(site, t, plan.Inbound, c, later),
		newPeople(site, t, plan.Internal, c, later),
		later,
	}
	return append(sources, others(site, t, c)...)
}

// others are the sources that most sites lack.
func others(site *plan.Site, t *Traffic, c *contacts) []plan.Source {
	var sources []plan.Source
	for _, s := range []struct {
		amount float64
		source func(*plan.Site, *Traffic, *contacts) plan.Source
	}{
		{t.Alarms, newAlarm}, {t.Faxes, newFax}, {t.Conferences, newConference}, {t.Projects, newProject},
		{t.Travels, newTravel}, {t.Probes, newProbes}, {t.FaxesIn, newFaxIn}, {t.Terminals, newTerminals},
		{t.Lifts, newLifts}, {t.Cleaning, newCleaning}, {t.Monitoring, newMonitoring},
	} {
		if s.amount > 0 {
			sources = append(sources, s.source(site, t, c))
		}
	}
	return sources
}
