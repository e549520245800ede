package scenario

import (
	"tollwatch/sensor/lab/attack"
	"tollwatch/sensor/lab/plan"
)

func theirs(name, meaning string, least, most float64, of func(*attack.Attack) any) Key {
	return Key{Name: attackSection + "." + name, Meaning: meaning, Least: least, Most: most,
		of: func(_ *Parameters, a *attack.Attack) any { return of(a) }}
}

func attackKeys() []Key {
	return []Key{
		theirs("label", "name of the attack in the truth", 0, 0, func(a *attack.Attack) any { return &a.Label }),
		theirs("after", "its beginning, from the scenario's start", 0, decade, func(a *attack.Attack) any { return &a.After }),
		theirs("length", "how long calls begin", 1, decade, func(a *attack.Attack) any { return &a.Length }),
		theirs("calls_per_minute", "calls that begin in a minute", 1e-4, 6000, func(a *attack.Attack) any { return &a.CallsPerMinute }),
		theirs("unevenness", "0 = as a clock; 1 = the gap between two calls is anything from 0 to twice the mean", 0, 1, func(a *attack.Attack) any { return &a.Unevenness }),
		theirs("talk_least", "shortest talk", 0.1, day, func(a *attack.Attack) any { return &a.TalkLeast }),
		theirs("talk_most", "longest talk", 0.1, day, func(a *attack.Attack) any { return &a.TalkMost }),
		theirs("answer", "share of its calls that are answered", 0, 1, func(a *attack.Attack) any { return &a.Answer }),
		theirs("extension", "the stolen extension; empty = drawn by the seed", 0, 0, func(a *attack.Attack) any { return &a.Extension }),
		theirs("from", "where its calls come from: the extension's own `phone`, or an address in the `internet` that has its password", 0, 0,
			func(a *attack.Attack) any { return &a.From }).choice(plan.FromPhone.String(), plan.FromInternet.String()),
		theirs("destinations", "prefixes, each the beginning of a block of [numbers](#numbers), called equally often", 0, 0, func(a *attack.Attack) any { return &a.Destinations }),
		theirs("numbers", "how many numbers of each destination are called in turn", 1, 100, func(a *attack.Attack) any { return &a.Numbers }),
	}
}
