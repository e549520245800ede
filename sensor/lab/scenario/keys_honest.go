package scenario

import (
	"slices"

	"tollwatch/sensor/lab/attack"
	"tollwatch/sensor/lab/honest"
)

func ours(name, meaning string, least, most float64, of func(*honest.Traffic) any) Key {
	return Key{Name: honestSection + "." + name, Meaning: meaning, Least: least, Most: most,
		of: func(p *Parameters, _ *attack.Attack) any { return of(&p.Honest) }}
}

func honestKeys() []Key {
	return slices.Concat(timeKeys(), talkKeys(), habitKeys(), machineKeys(), tradeKeys())
}

func timeKeys() []Key {
	return []Key{
		ours("outbound", "calls to the outside on a mean working day", 0, 1e5, func(o *honest.Traffic) any { return &o.Outbound }).vary(),
		ours("inbound", "calls from the outside on a mean working day", 0, 1e5, func(o *honest.Traffic) any { return &o.Inbound }).vary(),
		ours("internal", "calls between extensions on a mean working day", 0, 1e5, func(o *honest.Traffic) any { return &o.Internal }).vary(),
		ours("opens", "opening time, from midnight", 0, day, func(o *honest.Traffic) any { return &o.Opens }),
		ours("closes", "closing time, from midnight", 0, day, func(o *honest.Traffic) any { return &o.Closes }),
		ours("weekend", "calls of a Saturday or Sunday, as a share of a working day's", 0, 1, func(o *honest.Traffic) any { return &o.Weekend }).vary(),
		ours("night", "share of a day's calls outside the opening hours", 0, 1, func(o *honest.Traffic) any { return &o.Night }).vary(),
		ours("day_spread", "sigma of the lognormal factor between days", 0, 1, func(o *honest.Traffic) any { return &o.DaySpread }).vary(),
		ours("holidays", "public holidays (France) are as Sundays, and so are the days between Christmas and New Year", 0, 0, func(o *honest.Traffic) any { return &o.Holidays }),
		ours("vacations", "share of a day's calls that are not made in school holidays", 0, 1, func(o *honest.Traffic) any { return &o.Vacations }),
		ours("season", "summer has so much more than the mean, winter so much less", 0, 1, func(o *honest.Traffic) any { return &o.Season }).vary(),
	}
}

func talkKeys() []Key {
	return []Key{
		ours("answer", "share of calls that somebody answers", 0, 1, func(o *honest.Traffic) any { return &o.Answer }),
		ours("talk_median", "median of the lognormal length of a talk", 1, day, func(o *honest.Traffic) any { return &o.TalkMedian }).vary(),
		ours("talk_sigma", "sigma of the lognormal length of a talk", 0, 3, func(o *honest.Traffic) any { return &o.TalkSigma }),
		ours("talk_most", "no talk is longer", 1, day, func(o *honest.Traffic) any { return &o.TalkMost }),
		ours("international", "share of outbound calls that go abroad", 0, 1, func(o *honest.Traffic) any { return &o.International }).vary(),
		ours("new_country", "share of calls abroad that go to no contact but anywhere", 0, 1, func(o *honest.Traffic) any { return &o.NewCountry }).vary(),
		ours("prone", "share of numbers abroad that are of prone countries", 0, 1, func(o *honest.Traffic) any { return &o.Prone }).vary(),
		ours("guests", "share of calls abroad that go where this week's guests are from: three to eight countries", 0, 1, func(o *honest.Traffic) any { return &o.Guests }).vary(),
		ours("contacts", "numbers at home that the site calls, by Zipf's law", 1, 10000, func(o *honest.Traffic) any { return &o.Contacts }),
		ours("contacts_abroad", "numbers abroad that the site calls, by Zipf's law", 1, 10000, func(o *honest.Traffic) any { return &o.ContactsAbroad }),
		ours("voicemail", "share of unanswered inbound calls that the mailbox takes", 0, 1, func(o *honest.Traffic) any { return &o.Voicemail }),
		ours("digits", "share of answered outbound calls in which keys are pressed", 0, 1, func(o *honest.Traffic) any { return &o.Digits }),
		ours("no_bye", "share of answered calls whose end nobody signals, or nobody sees", 0, 1, func(o *honest.Traffic) any { return &o.NoBye }),
	}
}

func habitKeys() []Key {
	return []Key{
		ours("redial", "share of busy or unanswered calls that are tried again, up to four times", 0, 1, func(o *honest.Traffic) any { return &o.Redial }).vary(),
		ours("call_back", "share of inbound calls that nobody took which are called back", 0, 1, func(o *honest.Traffic) any { return &o.CallBack }).vary(),
		ours("consult", "share of answered calls out that are held while another is called", 0, 1, func(o *honest.Traffic) any { return &o.Consult }).vary(),
		ours("ring_group", "share of inbound calls that ring at several telephones", 0, 1, func(o *honest.Traffic) any { return &o.RingGroup }).vary(),
		ours("twinning", "share of answered inbound calls that go on to the mobile of the called", 0, 1, func(o *honest.Traffic) any { return &o.Twinning }).vary(),
		ours("misdial", "share of calls out that go abroad by mistake", 0, 1, func(o *honest.Traffic) any { return &o.Misdial }).vary(),
		ours("conferences", "a week: one telephone calls three to ten partners at once", 0, 100, func(o *honest.Traffic) any { return &o.Conferences }).vary(),
		ours("projects", "a year: ten to sixty calls a day to one new country, for one to three weeks", 0, 50, func(o *honest.Traffic) any { return &o.Projects }).vary(),
		ours("travels", "a year: an extension registers and calls from abroad for a week", 0, 50, func(o *honest.Traffic) any { return &o.Travels }).vary(),
		ours("overdial", "calls that a dialler makes beside each that somebody talks on", 0, 3, func(o *honest.Traffic) any { return &o.Overdial }).vary(),
	}
}

func machineKeys() []Key {
	return []Key{
		ours("alarms", "calls a day of alarm and lift diallers to one number, at fixed times", 0, 1000, func(o *honest.Traffic) any { return &o.Alarms }).vary(),
		ours("alarms_away", "their centre is abroad", 0, 0, func(o *honest.Traffic) any { return &o.AlarmsAway }),
		ours("faxes", "of an evening's batch", 0, 1000, func(o *honest.Traffic) any { return &o.Faxes }).vary(),
		ours("probes", "requests a day of the Internet's scanners, in bursts", 0, 1e6, func(o *honest.Traffic) any { return &o.Probes }),
		ours("analogue", "share of the telephones that speak no SIP", 0, 1, func(o *honest.Traffic) any { return &o.Analogue }),
		ours("migration", "when a new PBX and new telephones take over, from the scenario's start; 0s = never", 0, decade, func(o *honest.Traffic) any { return &o.Migration }),
	}
}

// tradeKeys stand last: [Draw] draws key by key, so that one more of these
// changes no site.
func tradeKeys() []Key {
	return []Key{
		ours("premium", "share of calls at home that go to a hotline or another premium number", 0, 1, func(o *honest.Traffic) any { return &o.Premium }).vary(),
		ours("guests_longer", "talks with the countries of this week's guests are so much longer: 0.5 = by half", 0, 10, func(o *honest.Traffic) any { return &o.GuestsLonger }).vary(),
		ours("evening", "share of a day's calls that lie around 20:45, where the site is open then", 0, 1, func(o *honest.Traffic) any { return &o.Evening }).vary(),
		ours("faxes_in", "faxes that arrive on a mean working day", 0, 1000, func(o *honest.Traffic) any { return &o.FaxesIn }).vary(),
		ours("terminals", "calls of payment terminals to their one number on a mean working day, of 8 to 25 seconds", 0, 1e4, func(o *honest.Traffic) any { return &o.Terminals }).vary(),
		ours("lifts", "lifts, each of which calls its centre every third night", 0, 100, func(o *honest.Traffic) any { return &o.Lifts }).vary(),
		ours("cleaning", "calls of those who clean, on a working day from 20:00 to 23:00", 0, 100, func(o *honest.Traffic) any { return &o.Cleaning }).vary(),
		ours("monitoring", "requests a day of a service that asks, as a clock, whether the PBX is there", 0, 86400, func(o *honest.Traffic) any { return &o.Monitoring }).vary(),
	}
}
