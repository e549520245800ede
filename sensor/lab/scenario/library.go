package scenario

import (
	"slices"
	"time"
)

// Summary is a scenario that has a name, in one line.
type Summary struct{ Name, Text string }

// Named lists the scenarios that have a name.
func Named() []Summary {
	return []Summary{
		{"office-day", "a working day of an office with 15 extensions: 60 calls out, 28 in, 12 inside"},
		{"court-a", "the court's case, read as billed by the second: 25 short calls a minute to the Cayman Islands and Niger"},
		{"court-b", "the court's case, read as billed by the started minute: 3.3 short calls a minute"},
		{"office-court-a", "the office from Friday 08:00, then ten minutes of court-a on Saturday at 02:00"},
		{"office-court-b", "the office from Friday 08:00, then ten minutes of court-b on Saturday at 02:00"},
		{"example", "the capture in docs/example: office-court-a with one minute of the attack and its media alone"},
	}
}

// Lookup returns the parameters of a named scenario.
func Lookup(name string) (Parameters, bool) {
	if !slices.ContainsFunc(Named(), func(s Summary) bool { return s.Name == name }) {
		return Parameters{}, false
	}
	p := base()
	p.Name = name
	switch name {
	case "office-day":
		p.Start, p.Length = localTime(2026, time.March, 3, 0), 24*time.Hour
	case "court-a", "court-b":
		p.Start, p.Length = localTime(2026, time.March, 7, 2), 10*time.Minute
		p.Office.Outbound, p.Office.Inbound, p.Office.Internal = 0, 0, 0
		p.Attacks = []Attack{court(name, 0)}
	case "office-court-a", "office-court-b":
		p.Attacks = []Attack{court(name[len("office-"):], 18*time.Hour)}
	case "example":
		p.Length = 18*time.Hour + time.Minute
		p.Wire.Media = "attack"
		p.Attacks = []Attack{court("court-a", 18*time.Hour)}
		p.Attacks[0].Length = time.Minute
	}
	return p, true
}

// base is the office of fifteen people from Friday morning to Saturday 02:10.
func base() Parameters {
	return Parameters{
		Start:      localTime(2026, time.March, 6, 8),
		Length:     18*time.Hour + 10*time.Minute,
		Timezone:   "Europe/Paris",
		Extensions: 15,
		Wire: Wire{
			View: "full", Transport: "udp", IP: 4, Media: "all", Retransmit: .01,
			OutsidePrefix: "0", TrunkFormat: string(E164),
			RegisterEvery: time.Hour, KeepaliveEvery: time.Minute,
		},
		Office: Office{
			Outbound: 60, Inbound: 28, Internal: 12,
			Opens: 8*time.Hour + 30*time.Minute, Closes: 19 * time.Hour,
			Weekend: .05, Night: .02, DaySpread: .25,
			Answer: .70, TalkMedian: 114 * time.Second, TalkSigma: 1, TalkMost: 2 * time.Hour,
			International: .05, NewCountry: .10, Contacts: 60, ContactsAbroad: 12,
			Voicemail: .5, Digits: .05,
		},
	}
}

// court is the burst of the ruling: 240 hours in three days are 3.3 calls at a
// time, either many that are billed by the second or fewer that are each
// billed a full minute.
func court(label string, after time.Duration) Attack {
	a := Attack{
		Label: label, After: after, Length: 10 * time.Minute,
		CallsPerMinute: 25, Unevenness: .5,
		TalkLeast: 4 * time.Second, TalkMost: 12 * time.Second, Answer: 1,
		From: FromPhone.String(), Destinations: []string{"+1345", "+227"}, Numbers: 10,
	}
	if label == "court-b" {
		a.CallsPerMinute = 3.3
	}
	return a
}

// localTime is in winter: Paris is an hour ahead of UTC.
func localTime(year int, month time.Month, day, hour int) time.Time {
	return time.Date(year, month, day, hour, 0, 0, 0, time.FixedZone("", 3600))
}
