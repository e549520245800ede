package attack

import "time"

// evasions are of thieves who know what watches them.
func evasions() []Case {
	return []Case{
		{"decoy", "a small loud theft from one extension, and an hour later the large one from another", day, func(d *dice) []Attack {
			decoy := d.theft(10, 5*time.Second, 10*time.Second, d.prone(1))
			decoy.Most, decoy.Preparation, decoy.Length = 12, true, 30*time.Minute
			then := d.theft(10, time.Minute, 5*time.Minute, d.prone(2))
			then.After, then.Extension = hour, "201"
			if d.stolen == "201" {
				then.Extension = "202"
			}
			return []Attack{decoy, then}
		}, false, true},
		{"acknowledged", "something odd that a person declares to be in order, then the theft from the same extension", 2 * day, func(d *dice) []Attack {
			odd := d.theft(2, 20*time.Second, time.Minute, d.midCost(1))
			odd.Most, odd.Preparation, odd.Length = 8, true, hour
			then := d.theft(10, time.Minute, 5*time.Minute, d.prone(2))
			then.After = 26 * hour
			return []Attack{odd, {Kind: "acknowledge", After: hour, CallsPerMinute: 1, Length: hour, Preparation: true}, then}
		}, false, true},
		{"hacked-before", "four weeks of theft, in which the sensor learns: it comes late", 4 * week, func(d *dice) []Attack {
			return []Attack{d.slow(4, d.prone(3))}
		}, true, false},
		{"taught", "one unanswered call a week to a country, for six weeks; then the theft there", 6*week + day, func(d *dice) []Attack {
			to := d.prone(1)
			teach := d.theft(1.0/(7*24*60), time.Second, 2*time.Second, to)
			teach.Answer, teach.Preparation, teach.Unevenness, teach.Length = 0, true, .05, 6*week
			then := d.theft(10, time.Minute, 5*time.Minute, to)
			then.After = 6 * week
			return []Attack{teach, then}
		}, false, false},
		{"forged", "forged calls teach a country and fake ends of the stolen calls", 2 * day, func(d *dice) []Attack {
			to := d.prone(1)
			fake := d.theft(.1, time.Minute, 5*time.Minute, to)
			fake.Kind, fake.Preparation, fake.Length = "forged", true, day
			then := d.theft(5, time.Minute, 6*time.Minute, to)
			then.After, then.ForgedBye = day, true
			return []Attack{fake, then}
		}, false, false},
		{"wiped", "a theft of three minutes, and a flood that would have the evidence forgotten", 2 * hour, func(d *dice) []Attack {
			theft := d.theft(10, 20*time.Second, 2*time.Minute, d.prone(2))
			theft.Length = time.Hour
			flood := Attack{Kind: "wipe", CallsPerMinute: d.about(6000), Unevenness: .5, Addresses: 250, Destinations: d.prone(5), Length: 20 * time.Minute, Preparation: true}
			return []Attack{flood, theft}
		}, false, false},
	}
}
