package scenario

import (
	"tollwatch/sensor/lab/attack"
	"tollwatch/sensor/lab/plan"
)

func theirs(name, meaning string, least, most float64, of func(*attack.Attack) any) Key {
	return Key{Name: attackSection + "." + name, Meaning: meaning, Least: least, Most: most,
		of: func(_ *Parameters, a *attack.Attack) any { return of(a) }}
}

// The keys of an attack that a case has a meaning of its own for.
const (
	caseKey   = attackSection + ".case"
	kindKey   = attackSection + ".kind"
	afterKey  = attackSection + ".after"
	lengthKey = attackSection + ".length"
	leastKey  = attackSection + ".talk_least"
	mostKey   = attackSection + ".talk_most"
)

func attackKeys() []Key {
	return append(activityKeys(), thiefKeys()...)
}

func activityKeys() []Key {
	return []Key{
		theirs("label", "name of the attack in the truth", 0, 0, func(a *attack.Attack) any { return &a.Label }),
		theirs("case", "one of the [cases](#cases): its activities and their parameters are drawn by the seed, and what else stands here holds for all of them. "+
			"`after` is then the beginning of the first, `length` what goes on no longer", 0, 0, func(a *attack.Attack) any { return &a.Case }),
		theirs("kind", "what is done: one of the [kinds](#kinds)", 0, 0, func(a *attack.Attack) any { return &a.Kind }).choice(attack.Names()...),
		theirs("after", "its beginning, from the scenario's start", 0, decade, func(a *attack.Attack) any { return &a.After }),
		theirs("length", "how long calls begin", 1, decade, func(a *attack.Attack) any { return &a.Length }),
		theirs("preparation", "steals nothing yet", 0, 0, func(a *attack.Attack) any { return &a.Preparation }),
		theirs("calls_per_minute", "calls, or requests, that begin in a minute", 1e-5, 60000, func(a *attack.Attack) any { return &a.CallsPerMinute }),
		theirs("unevenness", "0 = as a clock; 1 = the gap between two calls is anything from 0 to twice the mean", 0, 1, func(a *attack.Attack) any { return &a.Unevenness }),
		theirs("growth", "of the calls a minute in a week: 0.1 = a tenth more", -.5, 10, func(a *attack.Attack) any { return &a.Growth }),
		theirs("most", "calls, or requests, in all; 0 = as many as there is time for", 0, 1e9, func(a *attack.Attack) any { return &a.Most }),
		theirs("talk_least", "shortest talk", 0.1, day, func(a *attack.Attack) any { return &a.TalkLeast }),
		theirs("talk_most", "longest talk", 0.1, day, func(a *attack.Attack) any { return &a.TalkMost }),
		theirs("human", "talks are lognormal; one in ten is shorter than `talk_least` or longer than `talk_most`", 0, 0, func(a *attack.Attack) any { return &a.Human }),
		theirs("answer", "share of its calls that are answered, or of people who call back; above 0, the last of `most` prefixes is served", 0, 1, func(a *attack.Attack) any { return &a.Answer }),
	}
}

func thiefKeys() []Key {
	ways := []string{plan.FromPhone.String(), plan.FromInternet.String(), plan.FromPBX.String(), plan.FromStranger.String()}
	for h := plan.Forwarded; h <= plan.Dialled; h++ {
		ways = append(ways, h.String())
	}
	return []Key{
		theirs("extension", "the stolen extension; empty = drawn by the seed", 0, 0, func(a *attack.Attack) any { return &a.Extension }),
		theirs("extensions", "how many are stolen: it and those behind it, in turn", 1, 100, func(a *attack.Attack) any { return &a.Extensions }),
		theirs("parallel", "calls at once of each stolen extension; 0 = any number", 0, 10000, func(a *attack.Attack) any { return &a.Parallel }),
		theirs("from", "where its calls come from: the extension's own `phone`; an address in the `internet` that has its password; the `pbx` itself; a `stranger` without "+
			"password. Of a hairpin, how the site passes the call on", 0, 0, func(a *attack.Attack) any { return &a.From }).choice(ways...),
		theirs("addresses", "of the thief, in turn; more than four are in as many networks", 1, 130000, func(a *attack.Attack) any { return &a.Addresses }),
		theirs("user_agent", "of the thief; empty = as a telephone, or a scanner", 0, 0, func(a *attack.Attack) any { return &a.UserAgent }),
		theirs("destinations", "prefixes, each the beginning of a block of [numbers](#numbers), or whole numbers, called equally often", 0, 0, func(a *attack.Attack) any { return &a.Destinations }),
		theirs("new", "how many of the destinations are called, those first where the site does not call anyway; 0 = all", 0, 1000, func(a *attack.Attack) any { return &a.New }),
		theirs("customary", "call where the site calls most abroad, instead", 0, 0, func(a *attack.Attack) any { return &a.Customary }),
		theirs("numbers", "how many numbers of each destination are called in turn", 1, 1000, func(a *attack.Attack) any { return &a.Numbers }),
		theirs("range_minutes", "talked to one destination in a day; 0 = any number", 0, 1e6, func(a *attack.Attack) any { return &a.RangeMinutes }),
		theirs("forged_bye", "each call is followed by a BYE that somebody else sends", 0, 0, func(a *attack.Attack) any { return &a.ForgedBye }),
	}
}
