package scenario

import (
	"tollwatch/sensor/lab/attack"
	"tollwatch/sensor/lab/honest"
)

func ours(name, meaning string, least, most float64, of func(*honest.Traffic) any) Key {
	return Key{Name: honestSection + "." + name, Meaning: meaning, Least: least, Most: most,
		of: func(p *Parameters, _ *attack.Attack) any { return of(&p.Honest) }}
}

func honestKeys() []Key {
	return []Key{
		ours("outbound", "calls to the outside on a mean working day", 0, 1e5, func(o *honest.Traffic) any { return &o.Outbound }),
		ours("inbound", "calls from the outside on a mean working day", 0, 1e5, func(o *honest.Traffic) any { return &o.Inbound }),
		ours("internal", "calls between extensions on a mean working day", 0, 1e5, func(o *honest.Traffic) any { return &o.Internal }),
		ours("opens", "opening time, from midnight", 0, day, func(o *honest.Traffic) any { return &o.Opens }),
		ours("closes", "closing time, from midnight", 0, day, func(o *honest.Traffic) any { return &o.Closes }),
		ours("weekend", "calls of a Saturday or Sunday, as a share of a working day's", 0, 1, func(o *honest.Traffic) any { return &o.Weekend }),
		ours("night", "share of a day's calls outside the opening hours", 0, 1, func(o *honest.Traffic) any { return &o.Night }),
		ours("day_spread", "sigma of the lognormal factor between days", 0, 1, func(o *honest.Traffic) any { return &o.DaySpread }),
		ours("answer", "share of calls that somebody answers", 0, 1, func(o *honest.Traffic) any { return &o.Answer }),
		ours("talk_median", "median of the lognormal length of a talk", 1, day, func(o *honest.Traffic) any { return &o.TalkMedian }),
		ours("talk_sigma", "sigma of the lognormal length of a talk", 0, 3, func(o *honest.Traffic) any { return &o.TalkSigma }),
		ours("talk_most", "no talk is longer", 1, day, func(o *honest.Traffic) any { return &o.TalkMost }),
		ours("international", "share of outbound calls that go abroad", 0, 1, func(o *honest.Traffic) any { return &o.International }),
		ours("new_country", "share of calls abroad that go to no contact but anywhere", 0, 1, func(o *honest.Traffic) any { return &o.NewCountry }),
		ours("contacts", "numbers at home that the site calls, by Zipf's law", 1, 10000, func(o *honest.Traffic) any { return &o.Contacts }),
		ours("contacts_abroad", "numbers abroad that the site calls, by Zipf's law", 1, 10000, func(o *honest.Traffic) any { return &o.ContactsAbroad }),
		ours("voicemail", "share of unanswered inbound calls that the mailbox takes", 0, 1, func(o *honest.Traffic) any { return &o.Voicemail }),
		ours("digits", "share of answered outbound calls in which keys are pressed", 0, 1, func(o *honest.Traffic) any { return &o.Digits }),
	}
}
