package scenario

import (
	"slices"
	"time"

	"tollwatch/sensor/lab/attack"
	"tollwatch/sensor/lab/honest"
	"tollwatch/sensor/lab/plan"
)

// Summary is a scenario that has a name, in one line.
type Summary struct{ Name, Text string }

// Named lists the scenarios that have a name.
func Named() []Summary {
	named := []Summary{
		{"office-day", "a working day of an office with 15 extensions: 60 calls out, 28 in, 12 inside"},
		{"court-a", "the court's case, read as billed by the second: 25 short calls a minute to the Cayman Islands and Niger"},
		{"court-b", "the court's case, read as billed by the started minute: 3.3 short calls a minute"},
		{"office-court-a", "the office from Friday 08:00, then ten minutes of court-a on Saturday at 02:00"},
		{"office-court-b", "the office from Friday 08:00, then ten minutes of court-b on Saturday at 02:00"},
		{"example", "the capture in docs/example: office-court-a with one minute of the attack and its media alone"},
	}
	for _, p := range honest.Profiles() {
		named = append(named, Summary{p.Name, p.Text + ": a site that its seed draws, for 30 days from a Monday"})
	}
	return named
}

// Lookup returns the parameters of a named scenario.
func Lookup(name string) (Parameters, bool) {
	if !slices.ContainsFunc(Named(), func(s Summary) bool { return s.Name == name }) {
		return Parameters{}, false
	}
	p := base()
	p.Name = name
	if profile, ok := honest.Lookup(name); ok {
		p.Start, p.Length = localTime(2026, time.February, 2, 0), 30*24*time.Hour
		p.Extensions, p.Honest, p.Vary, p.Wire.Media, p.Wire.Makes, p.Wire.Forms = profile.Extensions, profile.Traffic, .5, "none", "drawn", "drawn"
		return p, true
	}
	switch name {
	case "office-day":
		p.Start, p.Length = localTime(2026, time.March, 3, 0), 24*time.Hour
	case "court-a", "court-b":
		p.Start, p.Length = localTime(2026, time.March, 7, 2), 10*time.Minute
		p.Honest.Outbound, p.Honest.Inbound, p.Honest.Internal = 0, 0, 0
		p.Attacks = []attack.Attack{attack.Court(name, 0)}
	case "office-court-a", "office-court-b":
		p.Attacks = []attack.Attack{attack.Court(name[len("office-"):], 18*time.Hour)}
	case "example":
		p.Length = 18*time.Hour + time.Minute
		p.Wire.Media = "attack"
		p.Attacks = []attack.Attack{attack.Court("court-a", 18*time.Hour)}
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
			View: "full", Transport: "udp", Makes: "usual", Forms: "fixed", Trunks: 1, TrunkAddress: "public", IP: 4, Media: "all", Retransmit: .01,
			OutsidePrefix: "0", TrunkFormat: string(plan.E164),
			RegisterEvery: time.Hour, KeepaliveEvery: time.Minute,
		},
		Honest: honest.Traffic{
			Outbound: 60, Inbound: 28, Internal: 12,
			Opens: 8*time.Hour + 30*time.Minute, Closes: 19 * time.Hour,
			Weekend: .05, Night: .02, DaySpread: .25,
			Answer: .70, TalkMedian: 114 * time.Second, TalkSigma: 1, TalkMost: 2 * time.Hour,
			International: .05, NewCountry: .10, Contacts: 60, ContactsAbroad: 12,
			Voicemail: .5, Digits: .05,
		},
	}
}

// localTime is in winter: Paris is an hour ahead of UTC.
func localTime(year int, month time.Month, day, hour int) time.Time {
	return time.Date(year, month, day, hour, 0, 0, 0, time.FixedZone("", 3600))
}
