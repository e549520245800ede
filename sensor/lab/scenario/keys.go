package scenario

import "strings"

// Key is one parameter: its name in a file and for --set, and what it means.
type Key struct {
	Name    string // with "attack." or "office." before those of a section
	Meaning string
	Choices []string // of a text
	Least   float64  // of a number, or of seconds
	Most    float64

	of func(*Parameters, *Attack) any // points at the value
}

// Sections of a scenario file; attack is a list.
const (
	officeSection = "office"
	attackSection = "attack"
)

const (
	day    = 86400.0
	decade = 3650 * day
)

func site(name, meaning string, least, most float64, of func(*Parameters) any) Key {
	return Key{Name: name, Meaning: meaning, Least: least, Most: most, of: func(p *Parameters, _ *Attack) any { return of(p) }}
}

func office(name, meaning string, least, most float64, of func(*Office) any) Key {
	return Key{Name: officeSection + "." + name, Meaning: meaning, Least: least, Most: most,
		of: func(p *Parameters, _ *Attack) any { return of(&p.Office) }}
}

func wire(name, meaning string, least, most float64, of func(*Wire) any) Key {
	return Key{Name: name, Meaning: meaning, Least: least, Most: most,
		of: func(p *Parameters, _ *Attack) any { return of(&p.Wire) }}
}

func attack(name, meaning string, least, most float64, of func(*Attack) any) Key {
	return Key{Name: attackSection + "." + name, Meaning: meaning, Least: least, Most: most,
		of: func(_ *Parameters, a *Attack) any { return of(a) }}
}

func (k Key) choice(words ...string) Key {
	k.Choices = words
	return k
}

// Keys lists every parameter, in the order of the manual.
func Keys() []Key {
	return append(append(siteKeys(), wireKeys()...), append(officeKeys(), attackKeys()...)...)
}

func siteKeys() []Key {
	return []Key{
		site("start", "date and time of the first moment, with its offset", 0, 0, func(p *Parameters) any { return &p.Start }),
		site("length", "how long calls begin; those that run then are finished", 1, decade, func(p *Parameters) any { return &p.Length }),
		site("timezone", "of the opening hours", 0, 0, func(p *Parameters) any { return &p.Timezone }),
		site("extensions", "telephones of the site: 201, 202 …", 2, 100, func(p *Parameters) any { return &p.Extensions }),
	}
}

func wireKeys() []Key {
	return []Key{
		wire("view", "what the tap sees: `full`, phones and trunk; `trunk-only`, what passes between PBX and trunk", 0, 0,
			func(w *Wire) any { return &w.View }).choice("full", "trunk-only"),
		wire("transport", "of the signalling between phones and PBX", 0, 0,
			func(w *Wire) any { return &w.Transport }).choice("udp", "tcp"),
		wire("ip", "version of IP: 4 or 6", 4, 6, func(w *Wire) any { return &w.IP }).choice("4", "6"),
		wire("media", "whose RTP the capture holds: `all`; `attack`, of labelled calls alone, as a tap would show that misses the media of the rest; `none`", 0, 0,
			func(w *Wire) any { return &w.Media }).choice("all", "attack", "none"),
		wire("loss", "share of RTP packets that never reach the tap", 0, .5, func(w *Wire) any { return &w.Loss }),
		wire("duplicate", "share of RTP packets that are sent twice", 0, .2, func(w *Wire) any { return &w.Duplicate }),
		wire("reorder", "share of RTP packets that come behind their successor", 0, .2, func(w *Wire) any { return &w.Reorder }),
		wire("retransmit", "share of SIP requests and answers over UDP that are sent a second time", 0, .5, func(w *Wire) any { return &w.Retransmit }),
		wire("outside_prefix", "digits that phones dial for an outside line", 0, 0, func(w *Wire) any { return &w.OutsidePrefix }),
		wire("trunk_format", "how numbers are written on the trunk", 0, 0, func(w *Wire) any { return &w.TrunkFormat }).
			choice(string(E164), string(International00), string(National)),
		wire("register_every", "time between two registrations of a phone; 0s = never", 0, day, func(w *Wire) any { return &w.RegisterEvery }),
		wire("keepalive_every", "time between two OPTIONS on the trunk; 0s = never", 0, day, func(w *Wire) any { return &w.KeepaliveEvery }),
		wire("nanoseconds", "write the pcap with nanoseconds", 0, 0, func(w *Wire) any { return &w.Nanoseconds }),
	}
}

func officeKeys() []Key {
	return []Key{
		office("outbound", "calls to the outside on a mean working day", 0, 1e5, func(o *Office) any { return &o.Outbound }),
		office("inbound", "calls from the outside on a mean working day", 0, 1e5, func(o *Office) any { return &o.Inbound }),
		office("internal", "calls between extensions on a mean working day", 0, 1e5, func(o *Office) any { return &o.Internal }),
		office("opens", "opening time, from midnight", 0, day, func(o *Office) any { return &o.Opens }),
		office("closes", "closing time, from midnight", 0, day, func(o *Office) any { return &o.Closes }),
		office("weekend", "calls of a Saturday or Sunday, as a share of a working day's", 0, 1, func(o *Office) any { return &o.Weekend }),
		office("night", "share of a day's calls outside the opening hours", 0, 1, func(o *Office) any { return &o.Night }),
		office("day_spread", "sigma of the lognormal factor between days", 0, 1, func(o *Office) any { return &o.DaySpread }),
		office("answer", "share of calls that somebody answers", 0, 1, func(o *Office) any { return &o.Answer }),
		office("talk_median", "median of the lognormal length of a talk", 1, day, func(o *Office) any { return &o.TalkMedian }),
		office("talk_sigma", "sigma of the lognormal length of a talk", 0, 3, func(o *Office) any { return &o.TalkSigma }),
		office("talk_most", "no talk is longer", 1, day, func(o *Office) any { return &o.TalkMost }),
		office("international", "share of outbound calls that go abroad", 0, 1, func(o *Office) any { return &o.International }),
		office("new_country", "share of calls abroad that go to no contact but anywhere", 0, 1, func(o *Office) any { return &o.NewCountry }),
		office("contacts", "numbers at home that the site calls, by Zipf's law", 1, 10000, func(o *Office) any { return &o.Contacts }),
		office("contacts_abroad", "numbers abroad that the site calls, by Zipf's law", 1, 10000, func(o *Office) any { return &o.ContactsAbroad }),
		office("voicemail", "share of unanswered inbound calls that the mailbox takes", 0, 1, func(o *Office) any { return &o.Voicemail }),
		office("digits", "share of answered outbound calls in which keys are pressed", 0, 1, func(o *Office) any { return &o.Digits }),
	}
}

func attackKeys() []Key {
	return []Key{
		attack("label", "name of the attack in the truth", 0, 0, func(a *Attack) any { return &a.Label }),
		attack("after", "its beginning, from the scenario's start", 0, decade, func(a *Attack) any { return &a.After }),
		attack("length", "how long calls begin", 1, decade, func(a *Attack) any { return &a.Length }),
		attack("calls_per_minute", "calls that begin in a minute", 1e-4, 6000, func(a *Attack) any { return &a.CallsPerMinute }),
		attack("unevenness", "0 = as a clock; 1 = the gap between two calls is anything from 0 to twice the mean", 0, 1, func(a *Attack) any { return &a.Unevenness }),
		attack("talk_least", "shortest talk", 0.1, day, func(a *Attack) any { return &a.TalkLeast }),
		attack("talk_most", "longest talk", 0.1, day, func(a *Attack) any { return &a.TalkMost }),
		attack("answer", "share of its calls that are answered", 0, 1, func(a *Attack) any { return &a.Answer }),
		attack("extension", "the stolen extension; empty = drawn by the seed", 0, 0, func(a *Attack) any { return &a.Extension }),
		attack("from", "where its calls come from: the extension's own `phone`, or an address in the `internet` that has its password", 0, 0,
			func(a *Attack) any { return &a.From }).choice(FromPhone.String(), FromInternet.String()),
		attack("destinations", "prefixes, each the beginning of a block of [numbers](#numbers), called equally often", 0, 0, func(a *Attack) any { return &a.Destinations }),
		attack("numbers", "how many numbers of each destination are called in turn", 1, 100, func(a *Attack) any { return &a.Numbers }),
	}
}

// Value is the value of the key, as a file or --set would write it; of the
// given attack for an attack's key.
func (k Key) Value(p *Parameters, attack int) string {
	if !k.OfAttack() {
		return format(k.of(p, nil))
	}
	return format(k.of(p, &p.Attacks[attack]))
}

// OfAttack says that each attack of a scenario has a value of its own.
func (k Key) OfAttack() bool { return k.section() == attackSection }

// section is "" for the keys at the top of a file.
func (k Key) section() string {
	section, _, ok := strings.Cut(k.Name, ".")
	if !ok {
		return ""
	}
	return section
}

func findKey(name string) (Key, bool) {
	for _, k := range Keys() {
		if k.Name == name {
			return k, true
		}
	}
	return Key{}, false
}
