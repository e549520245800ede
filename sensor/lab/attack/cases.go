package attack

import (
	"time"

	"tollwatch/sensor/lab/plan"
)

const hour, day, week = time.Hour, 24 * time.Hour, 7 * 24 * time.Hour

// Cases are the stories of the trial, the best known first. The figures of
// those that happened are what was published of them.
func Cases() []Case {
	return append(append(bursts(), humans()...), append(stories(), evasions()...)...)
}

func bursts() []Case {
	return []Case{
		{"court-a", "the court's case, read as billed by the second", 3 * day, func(d *dice) []Attack {
			return []Attack{d.theft(25, 4*time.Second, 12*time.Second, []string{"+1345", "+227"})}
		}, false, false},
		{"court-b", "the court's case, read as billed by the started minute", 3 * day, func(d *dice) []Attack {
			return []Attack{d.theft(3.3, 4*time.Second, 12*time.Second, []string{"+1345", "+227"})}
		}, false, false},
		{"court-ten", "the court's case, spread over ten extensions", 3 * day, func(d *dice) []Attack {
			a := d.theft(25, 4*time.Second, 12*time.Second, d.prone(2))
			a.Extensions = 10
			return []Attack{a}
		}, false, false},
		{"parallel-120", "120 calls at once to Qatar: 4,200 € in half an hour (Moers 2014)", hour, func(d *dice) []Attack {
			a := d.theft(120, 5*time.Minute, 30*time.Minute, []string{"+974"})
			a.Parallel = d.number(120)
			return []Attack{a}
		}, false, false},
		{"weekend", "a call every 2.67 s, of 10 to 70 minutes, for a weekend (a foundation, 2014)", day, func(d *dice) []Attack {
			return []Attack{d.theft(60/2.67, 10*time.Minute, 70*time.Minute, []string{"+220", "+221", "+960"})}
		}, false, false},
		{"latvia-somalia", "11,000 calls in 46 hours to Latvia and Somalia", 2 * day, func(d *dice) []Attack {
			return []Attack{d.theft(4, 30*time.Second, 8*time.Minute, []string{"+371", "+252"})}
		}, false, false},
		{"falkland", "a call of a second every three minutes (2014)", day, func(d *dice) []Attack {
			a := d.theft(1.0/3, time.Second, 2*time.Second, []string{"+500"})
			a.Unevenness, a.Numbers = .05, 2
			return []Attack{a}
		}, false, false},
		{"one-long-call", "one call of ten hours to Cuba (2016)", 12 * hour, func(d *dice) []Attack {
			a := d.theft(1, 8*time.Hour, 10*time.Hour, []string{"+53"})
			a.Most, a.Answer = 1, 1
			return []Attack{a}
		}, false, false},
		{"web-page", "calls that the PBX's web page or a call file originates", day, func(d *dice) []Attack {
			a := d.theft(6, 20*time.Second, 4*time.Minute, d.prone(3))
			a.From = plan.FromPBX.String()
			return []Attack{a}
		}, false, false},
	}
}

func humans() []Case {
	return []Case{
		{"slow-6", "six calls an hour of human length to four new countries", 14 * day, func(d *dice) []Attack {
			return []Attack{d.slow(6, d.midCost(4))}
		}, false, false},
		{"slow-1", "one call an hour of human length to four new countries", 14 * day, func(d *dice) []Attack {
			return []Attack{d.slow(1, d.midCost(4))}
		}, false, false},
		{"customary", "six calls an hour to the country that the site calls most", 14 * day, func(d *dice) []Attack {
			a := d.slow(6, d.midCost(1))
			a.Customary = true
			return []Attack{a}
		}, false, false},
		{"capped", "twenty ranges, each for no more than some 500 minutes a day", 3 * day, func(d *dice) []Attack {
			a := d.theft(1.5, 3*time.Minute, 9*time.Minute, d.prone(20))
			a.RangeMinutes = d.about(500)
			return []Attack{a}
		}, false, false},
		{"resold", "thirty calls at once of human length to many numbers: somebody's customers", 2 * day, func(d *dice) []Attack {
			a := d.slow(600, d.midCost(6))
			a.Parallel = d.number(30)
			return []Attack{a}
		}, false, false},
		{"ratchet", "one call an hour to begin with, a tenth more each week", 6 * week, func(d *dice) []Attack {
			a := d.slow(1, d.midCost(3))
			a.Growth = d.about(.10)
			return []Attack{a}
		}, false, false},
		{"two-each", "two calls at once on each of ten extensions", 2 * day, func(d *dice) []Attack {
			a := d.slow(300, d.prone(6))
			a.Extensions, a.Parallel = 10, 2
			return []Attack{a}
		}, false, false},
	}
}
