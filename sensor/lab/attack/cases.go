package attack

import (
	"slices"
	"time"

	"tollwatch/sensor/lab/plan"
)

const hour, day, week = time.Hour, 24 * time.Hour, 7 * 24 * time.Hour

// Cases are the stories of the trial, the best known first. The figures of
// those that happened are what was published of them.
func Cases() []Case {
	return slices.Concat(
		of(BurstFamily, bursts()...), of(SingleFamily, singles()...), of(SlowFamily, slows()...),
		of(ProbingFamily, probing()...), of(HijackFamily, hijacks()...), of(HairpinFamily, hairpins()...), of(BaitFamily, baits()...),
		of(CoverFamily, covers()...), of(EvasiveFamily, evasions()...))
}

func bursts() []Case {
	court := []string{"+1345", "+227"}
	return []Case{
		story("court-a", "the court's case, read as billed by the second", 3*day, func(d *dice) []Attack {
			return []Attack{d.theft(25, 4*time.Second, 12*time.Second, court)}
		}),
		story("court-b", "the court's case, read as billed by the started minute", 3*day, func(d *dice) []Attack {
			return []Attack{d.theft(3.3, 4*time.Second, 12*time.Second, court)}
		}),
		story("court-ten", "the court's case, spread over ten extensions", 3*day, func(d *dice) []Attack {
			a := d.theft(25, 4*time.Second, 12*time.Second, d.prone(2))
			a.Extensions = 10
			return []Attack{a}
		}),
		story("parallel-120", "120 calls at once to Qatar: 4,200 € in half an hour (Moers 2014)", hour, func(d *dice) []Attack {
			a := d.theft(120, 5*time.Minute, 30*time.Minute, []string{"+974"})
			a.Parallel = d.number(120)
			return []Attack{a}
		}),
		story("weekend", "a call every 2.67 s, of 10 to 70 minutes, up to 568 at once, for a weekend (a foundation, 2014)", 2*day, func(d *dice) []Attack {
			a := d.theft(60/2.67, 10*time.Minute, 70*time.Minute, []string{"+220", "+221", "+960"})
			a.Parallel = d.number(568)
			return []Attack{a}
		}),
		story("latvia-somalia", "11,000 calls in 46 hours to Latvia and Somalia", 2*day, func(d *dice) []Attack {
			return []Attack{d.theft(4, 30*time.Second, 8*time.Minute, []string{"+371", "+252"})}
		}),
		story("capped", "twenty ranges, each for no more than some 500 minutes a day", 3*day, func(d *dice) []Attack {
			a := d.theft(1.5, 3*time.Minute, 9*time.Minute, d.prone(20))
			a.RangeMinutes = d.about(500)
			return []Attack{a}
		}),
		story("test-call", "one short call, a week of silence, then the burst", week+day, func(d *dice) []Attack {
			to := d.prone(2)
			number := d.called(to[0])
			test, then := d.theft(1, 5*time.Second, 20*time.Second, []string{number}), d.theft(10, 20*time.Second, 3*time.Minute, append(to, number))
			test.Most, test.Answer, test.Preparation, test.Length, then.After = 1, 1, true, hour, week
			return []Attack{test, then}
		}),
		story("web-page", "calls that the PBX's web page or a call file originates", day, func(d *dice) []Attack {
			a := d.theft(6, 20*time.Second, 4*time.Minute, d.prone(3))
			a.From = plan.FromPBX.String()
			return []Attack{a}
		}),
		story("open-relay", "a stranger without any password calls, and the PBX serves him", day, func(d *dice) []Attack {
			a := d.theft(3, 10*time.Second, 3*time.Minute, d.prone(3))
			a.From = plan.FromStranger.String()
			return []Attack{a}
		}),
	}
}

func singles() []Case {
	return []Case{
		story("one-long-call", "one call of ten hours to Cuba (2016)", 12*hour, func(d *dice) []Attack {
			a := d.theft(1, 8*time.Hour, 10*time.Hour, []string{"+53"})
			a.Most, a.Answer = 1, 1
			return []Attack{a}
		}),
		story("falkland", "a call of a second every three minutes (2014)", day, func(d *dice) []Attack {
			a := d.theft(1.0/3, time.Second, 2*time.Second, []string{"+500"})
			a.Unevenness, a.Numbers = .05, 2
			return []Attack{a}
		}),
	}
}

// candidates is how many countries a thief looks at to find four where the
// site does not call.
const candidates = 16

func slows() []Case {
	slow := func(perHour float64) func(d *dice) []Attack {
		return func(d *dice) []Attack {
			a := d.slow(perHour, d.midCost(candidates))
			a.New = 4
			return []Attack{a}
		}
	}
	return []Case{
		story("slow-6", "six calls an hour of human length to four new countries", 2*week, slow(6)),
		story("slow-1", "one call an hour of human length to four new countries", 2*week, slow(1)),
		story("customary", "six calls an hour to the country that the site calls most", 2*week, func(d *dice) []Attack {
			a := d.slow(6, d.midCost(1))
			a.Customary = true
			return []Attack{a}
		}),
		story("resold", "thirty calls at once of human length to many numbers: somebody's customers", 2*day, func(d *dice) []Attack {
			a := d.slow(600, d.midCost(6))
			a.Parallel = d.number(30)
			return []Attack{a}
		}),
	}
}
