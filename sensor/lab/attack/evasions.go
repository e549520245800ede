package attack

import "time"

// covers drown a theft in noise.
func covers() []Case {
	return []Case{
		story("storm", "200 messages a second of a scan, and the court's case under them", 30*time.Minute, func(d *dice) []Attack {
			scan := Attack{Kind: "scan", CallsPerMinute: d.about(12000), Unevenness: .5, Addresses: 3, Preparation: true}
			then := d.theft(25, 4*time.Second, 12*time.Second, d.prone(2))
			then.After = d.span(5 * time.Minute)
			return []Attack{scan, then}
		}),
		story("wiped", "a theft of some minutes, and a flood from everywhere that would have the evidence forgotten", 30*time.Minute, func(d *dice) []Attack {
			theft := d.theft(10, 20*time.Second, 2*time.Minute, d.prone(2))
			theft.Length = d.span(5 * time.Minute)
			flood := Attack{Kind: "wipe", After: time.Minute, CallsPerMinute: d.about(6000), Unevenness: .5, Addresses: d.number(50_000), Destinations: d.prone(5),
				Length: 20 * time.Minute, Preparation: true}
			return []Attack{theft, flood}
		}),
		story("forged", "forged calls teach a country and fake ends of the stolen calls", 2*day, func(d *dice) []Attack {
			to := d.prone(1)
			fake := d.theft(.1, time.Minute, 5*time.Minute, to)
			fake.Kind, fake.Preparation, fake.Length = "forged", true, day
			then := d.theft(5, time.Minute, 6*time.Minute, to)
			then.After, then.ForgedBye = day, true
			return []Attack{fake, then}
		}),
	}
}

// evasions are of thieves who know what watches them.
func evasions() []Case {
	return []Case{
		story("decoy", "a small loud theft from one extension, and an hour later the large one from another", day, func(d *dice) []Attack {
			decoy := d.theft(10, 5*time.Second, 10*time.Second, d.prone(1))
			decoy.Most, decoy.Preparation, decoy.Length = d.number(12), true, 30*time.Minute
			then := d.theft(10, time.Minute, 5*time.Minute, d.prone(2))
			then.After, then.Extension = hour, d.other()
			return []Attack{decoy, then}
		}).decoy(),
		story("acknowledged", "something odd that a person declares to be in order, then the theft from the same extension", 2*day, func(d *dice) []Attack {
			odd := d.theft(2, 20*time.Second, time.Minute, d.midCost(1))
			odd.Most, odd.Preparation, odd.Length = d.number(8), true, hour
			then := d.theft(10, time.Minute, 5*time.Minute, d.prone(2))
			then.After = 26 * hour
			return []Attack{odd, {Kind: "acknowledge", After: hour, CallsPerMinute: 1, Length: hour, Preparation: true}, then}
		}).decoy(),
		story("hacked-before", "four weeks of theft, in which the sensor learns: it comes late", 4*week, func(d *dice) []Attack {
			return []Attack{d.slow(4, d.prone(3))}
		}).fromStart(),
		story("taught", "one unanswered call a week to a country, for six weeks; then the theft there", 6*week+day, func(d *dice) []Attack {
			to := d.prone(1)
			teach := d.theft(1.0/(7*24*60), time.Second, 2*time.Second, to)
			teach.Answer, teach.Preparation, teach.Unevenness, teach.Length = 0, true, .05, 6*week
			then := d.theft(10, time.Minute, 5*time.Minute, to)
			then.After = 6 * week
			return []Attack{teach, then}
		}),
		story("ratchet", "one call an hour to begin with, a tenth more each week", 6*week, func(d *dice) []Attack {
			a := d.slow(1, d.midCost(3))
			a.Growth = d.about(.10)
			return []Attack{a}
		}),
		story("two-each", "two calls at once on each of ten extensions", 2*day, func(d *dice) []Attack {
			a := d.slow(300, d.prone(6))
			a.Extensions, a.Parallel = 10, 2
			return []Attack{a}
		}),
	}
}
