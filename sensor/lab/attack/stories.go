package attack

import (
	"time"

	"tollwatch/sensor/lab/plan"
)

func probing() []Case {
	return []Case{
		story("prefixes", "a thousand prefixes before one number, none of which is served", 2*hour, func(d *dice) []Attack {
			a := d.prefixes(1000, d.called(d.prone(1)[0]))
			a.Length = 2 * hour
			return []Attack{a}
		}).reconnaissance(),
		story("prefixes-served", "prefixes before one number, until one is served; then calls", day, func(d *dice) []Attack {
			to := d.prone(1)
			number := d.called(to[0])
			probe, then := d.prefixes(300, number), d.theft(6, 20*time.Second, 4*time.Minute, append(to, number))
			probe.Preparation, probe.Answer, probe.TalkLeast, probe.TalkMost, then.After = true, 1, 5*time.Second, 20*time.Second, hour
			return []Attack{probe, then}
		}),
		story("web-probes", "somebody looks for the PBX's web pages", hour, func(d *dice) []Attack {
			return []Attack{{Kind: "web", CallsPerMinute: d.about(20), Unevenness: 1}}
		}),
		story("scan", "somebody looks for extensions, a few times a second", hour, func(d *dice) []Attack {
			return []Attack{{Kind: "scan", CallsPerMinute: d.about(300), Unevenness: .5}}
		}).reconnaissance(),
	}
}

func hijacks() []Case {
	return []Case{
		story("brute-force", "a password a minute from 200 addresses, the right one, a day of silence, then calls", 3*day, func(d *dice) []Attack {
			d.entry = plan.FromInternet.String()
			guess := Attack{Kind: "brute_force", CallsPerMinute: d.about(1), Unevenness: 1, Most: d.number(240), Addresses: 200, Length: 8 * hour, Preparation: true}
			breach := Attack{Kind: "hijack", After: 8 * hour, Most: 1, CallsPerMinute: 1, Length: hour, Preparation: true}
			then := d.theft(10, 10*time.Second, 3*time.Minute, d.prone(3))
			then.After = 32 * hour
			return []Attack{guess, breach, then}
		}).reconnaissance(),
		story("hijack", "the extension registers from elsewhere with the same user agent, and calls", day, func(d *dice) []Attack {
			d.entry = plan.FromInternet.String()
			then := d.theft(4, 30*time.Second, 6*time.Minute, d.prone(3))
			then.After = d.span(30 * time.Minute)
			return []Attack{{Kind: "hijack", CallsPerMinute: 1, Preparation: true}, then}
		}),
		story("trunk-theft", "a second binding of the site's account at the operator; the calls are made elsewhere", day, func(d *dice) []Attack {
			return []Attack{{Kind: "trunk_theft", CallsPerMinute: 1, After: d.span(10 * time.Minute)}}
		}),
		story("full-trunk", "the site's own calls are refused, because stolen ones fill the operator's channels", 4*hour, func(d *dice) []Attack {
			return []Attack{{Kind: "full_trunk", CallsPerMinute: d.about(.5), Unevenness: 1}}
		}),
	}
}

func hairpins() []Case {
	return []Case{
		story("mailbox", "PINs are tried at a mailbox, a forward is set, calls from outside go on abroad", 2*day, func(d *dice) []Attack {
			to := []string{d.called(d.prone(1)[0])}
			guess := Attack{Kind: "mailbox", CallsPerMinute: d.about(.5), Unevenness: .5, Most: 1 + d.IntN(17), Length: hour, Preparation: true}
			set := Attack{Kind: "forward", After: hour, CallsPerMinute: 1, Length: hour, Destinations: to, Preparation: true}
			then := d.hairpin(plan.Forwarded, to)
			then.After = 3 * hour
			return []Attack{guess, set, then}
		}),
		story("dial-through", "calls from outside press the keys of the mailbox or DISA and go on abroad", day, func(d *dice) []Attack {
			return []Attack{d.hairpin(plan.Dialled, d.prone(2))}
		}),
		story("redirect", "the telephone answers 302 to a number abroad", day, func(d *dice) []Attack {
			return []Attack{d.hairpin(plan.Redirected, d.prone(2))}
		}),
		story("refer", "calls from outside are transferred abroad", day, func(d *dice) []Attack {
			return []Attack{d.hairpin(plan.Transferred, d.prone(2))}
		}),
	}
}

func baits() []Case {
	return []Case{
		story("wangiri", "calls that ring once at every telephone; one person in twenty calls back", 2*day, func(d *dice) []Attack {
			a := d.theft(1, 30*time.Second, 4*time.Minute, d.prone(1))
			a.Kind, a.Answer, a.Numbers = "wangiri", .05, d.number(20)
			return []Attack{a}
		}),
		story("pumping", "the site's toll-free number is called from ever other numbers, for exactly a minute: the site pays", day, func(d *dice) []Attack {
			return []Attack{{Kind: "pumping", CallsPerMinute: d.about(2), Unevenness: .1}}
		}),
	}
}

// prefixes are most tries, within an hour.
func (d *dice) prefixes(most int, number string) Attack {
	return Attack{Kind: "prefixes", CallsPerMinute: d.about(60), Unevenness: .3, Most: d.number(most), Destinations: []string{number}, Length: hour}
}

func (d *dice) hairpin(how plan.How, destinations []string) Attack {
	a := d.theft(1, time.Minute, 20*time.Minute, destinations)
	a.Kind, a.From = "hairpin", how.String()
	return a
}
