package attack

import (
	"time"

	"tollwatch/sensor/lab/plan"
)

// stories have preparations, or ways of their own.
func stories() []Case {
	return append(append(access(), detours()...), noise()...)
}

func access() []Case {
	return []Case{
		{"test-call", "one short call, a week of silence, then the burst", 8 * day, func(d *dice) []Attack {
			to := d.prone(2)
			test, then := d.theft(1, 5*time.Second, 20*time.Second, to), d.theft(10, 20*time.Second, 3*time.Minute, to)
			test.Most, test.Preparation, test.Length, then.After = 1, true, hour, week
			return []Attack{test, then}
		}, false, false},
		{"prefixes", "a thousand prefixes before one number, none of which is served", 2 * hour, func(d *dice) []Attack {
			return []Attack{d.prefixes(1000, false)}
		}, false, false},
		{"prefixes-served", "prefixes before one number, until one is served; then calls", day, func(d *dice) []Attack {
			then := d.theft(6, 20*time.Second, 4*time.Minute, d.prone(1))
			then.After = hour
			return []Attack{d.prefixes(300, true), then}
		}, false, false},
		{"brute-force", "a password a minute from 200 addresses, the right one, a day of silence, then calls", 3 * day, func(d *dice) []Attack {
			d.entry = plan.FromInternet.String()
			guess := Attack{Kind: "brute_force", CallsPerMinute: d.about(1), Unevenness: 1, Most: d.number(240), Addresses: 200, Length: 8 * hour, Preparation: true}
			breach := Attack{Kind: "hijack", After: 8 * hour, Most: 1, CallsPerMinute: 1, Length: hour, Preparation: true}
			then := d.theft(10, 10*time.Second, 3*time.Minute, d.prone(3))
			then.After = 32 * hour
			return []Attack{guess, breach, then}
		}, false, false},
		{"hijack", "the extension registers from elsewhere with the same user agent, and calls", day, func(d *dice) []Attack {
			d.entry = plan.FromInternet.String()
			then := d.theft(4, 30*time.Second, 6*time.Minute, d.prone(3))
			then.After = 30 * time.Minute
			return []Attack{{Kind: "hijack", CallsPerMinute: 1, Preparation: true}, then}
		}, false, false},
		{"trunk-theft", "a second binding of the site's account at the operator; the calls are made elsewhere", day, func(d *dice) []Attack {
			return []Attack{{Kind: "trunk_theft", CallsPerMinute: 1, Addresses: 1}}
		}, false, false},
		{"full-trunk", "the site's own calls are refused, because stolen ones fill the operator's channels", 4 * hour, func(d *dice) []Attack {
			return []Attack{{Kind: "full_trunk", CallsPerMinute: d.about(.5), Unevenness: 1}}
		}, false, false},
	}
}

// detours lead through the site.
func detours() []Case {
	return []Case{
		{"mailbox", "PINs are tried at a mailbox, a forward is set, calls from outside go on abroad", 2 * day, func(d *dice) []Attack {
			guess := Attack{Kind: "mailbox", CallsPerMinute: d.about(.5), Unevenness: .5, Most: 1 + d.IntN(17), Length: hour, Preparation: true}
			set := Attack{Kind: "forward", After: hour, CallsPerMinute: 1, Length: hour, Destinations: d.prone(1), Preparation: true}
			then := d.hairpin("forwarded")
			then.After, then.Destinations = 3*hour, set.Destinations
			return []Attack{guess, set, then}
		}, false, false},
		{"dial-through", "calls from outside press the keys of the mailbox or DISA and go on abroad", day, func(d *dice) []Attack {
			return []Attack{d.hairpin("dialled")}
		}, false, false},
		{"redirect", "the telephone answers 302 to a number abroad", day, func(d *dice) []Attack {
			return []Attack{d.hairpin("redirected")}
		}, false, false},
		{"refer", "calls from outside are transferred abroad", day, func(d *dice) []Attack {
			return []Attack{d.hairpin("transferred")}
		}, false, false},
		{"wangiri", "calls that ring once at every telephone; one person in twenty calls back", 2 * day, func(d *dice) []Attack {
			a := d.theft(1, 30*time.Second, 4*time.Minute, d.prone(1))
			a.Kind, a.Answer, a.Numbers = "wangiri", .05, d.number(20)
			return []Attack{a}
		}, false, false},
	}
}

func noise() []Case {
	return []Case{
		{"storm", "200 messages a second of a scan, and the court's case under them", 30 * time.Minute, func(d *dice) []Attack {
			scan := Attack{Kind: "scan", CallsPerMinute: d.about(12000), Unevenness: .5, Addresses: 3, Preparation: true}
			then := d.theft(25, 4*time.Second, 12*time.Second, d.prone(2))
			then.After = 5 * time.Minute
			return []Attack{scan, then}
		}, false, false},
		{"open-relay", "a stranger without any password calls, and the PBX serves him", day, func(d *dice) []Attack {
			a := d.theft(3, 10*time.Second, 3*time.Minute, d.prone(3))
			a.From = plan.FromStranger.String()
			return []Attack{a}
		}, false, false},
		{"pumping", "the site's toll-free number is called from ever other numbers, for exactly a minute", day, func(d *dice) []Attack {
			return []Attack{{Kind: "pumping", CallsPerMinute: d.about(2), Unevenness: .1}}
		}, false, false},
		{"web-probes", "somebody looks for the PBX's web pages", hour, func(d *dice) []Attack {
			return []Attack{{Kind: "web", CallsPerMinute: d.about(20), Unevenness: 1}}
		}, false, false},
		{"scan", "somebody looks for extensions, a few times a second", hour, func(d *dice) []Attack {
			return []Attack{{Kind: "scan", CallsPerMinute: d.about(300), Unevenness: .5}}
		}, false, false},
	}
}

func (d *dice) prefixes(most int, preparation bool) Attack {
	return Attack{Kind: "prefixes", CallsPerMinute: d.about(60), Unevenness: .3, Most: d.number(most), Destinations: d.prone(1), Preparation: preparation, Length: hour}
}

func (d *dice) hairpin(how string) Attack {
	a := d.theft(1, time.Minute, 20*time.Minute, d.prone(2))
	a.Kind, a.From = "hairpin", how
	return a
}
