package scenario

import (
	"strings"

	"tollwatch/sensor/lab/attack"
	"tollwatch/sensor/lab/plan"
)

// Key is one parameter: its name in a file and for --set, and what it means.
type Key struct {
	Name    string // with "attack." or "honest." before those of a section
	Meaning string
	Choices []string // of a text
	Least   float64  // of a number, or of seconds
	Most    float64
	Varies  bool // with the site, see Parameters.Vary

	of func(*Parameters, *attack.Attack) any // points at the value
}

// Sections of a scenario file; attack is a list.
const (
	honestSection = "honest"
	attackSection = "attack"
)

const (
	day    = 86400.0
	decade = 3650 * day
)

func site(name, meaning string, least, most float64, of func(*Parameters) any) Key {
	return Key{Name: name, Meaning: meaning, Least: least, Most: most, of: func(p *Parameters, _ *attack.Attack) any { return of(p) }}
}

func wire(name, meaning string, least, most float64, of func(*Wire) any) Key {
	return Key{Name: name, Meaning: meaning, Least: least, Most: most,
		of: func(p *Parameters, _ *attack.Attack) any { return of(&p.Wire) }}
}

func (k Key) choice(words ...string) Key {
	k.Choices = words
	return k
}

func (k Key) vary() Key {
	k.Varies = true
	return k
}

// Keys lists every parameter, in the order of the manual.
func Keys() []Key {
	return append(append(siteKeys(), wireKeys()...), append(honestKeys(), attackKeys()...)...)
}

func siteKeys() []Key {
	return []Key{
		site("start", "date and time of the first moment, with its offset", 0, 0, func(p *Parameters) any { return &p.Start }),
		site("length", "how long calls begin; those that run then are finished", 1, decade, func(p *Parameters) any { return &p.Length }),
		site("timezone", "of the opening hours", 0, 0, func(p *Parameters) any { return &p.Timezone }),
		site("repeat", "0, or another time at the same site: what happens is drawn anew, what the site is stays", 0, 1e6, func(p *Parameters) any { return &p.Repeat }),
		site("extensions", "telephones of the site: 201, 202 …", 2, 100, func(p *Parameters) any { return &p.Extensions }).vary(),
		site("vary", "each site differs: amounts and shares are multiplied by what its seed draws, up to so much more or less", 0, .9, func(p *Parameters) any { return &p.Vary }),
	}
}

func wireKeys() []Key {
	return []Key{
		wire("view", "what the tap sees: `full`, phones and trunk; `trunk-only`, what passes between PBX and trunk", 0, 0,
			func(w *Wire) any { return &w.View }).choice("full", "trunk-only"),
		wire("transport", "of the signalling: `udp`; `tcp` between phones and PBX; `tls` on both sides, which nobody can read", 0, 0,
			func(w *Wire) any { return &w.Transport }).choice("udp", "tcp", "tls"),
		wire("makes", "of telephones and PBX: the `usual`, or those that the seed has `drawn`", 0, 0,
			func(w *Wire) any { return &w.Makes }).choice("usual", "drawn"),
		wire("trunks", "lines to operators", 1, 2, func(w *Wire) any { return &w.Trunks }),
		wire("forms", "`fixed`, or outside prefix, trunk format, lines and the telephones' transport are `drawn` by the seed where they are not said", 0, 0,
			func(w *Wire) any { return &w.Forms }).choice("fixed", "drawn"),
		wire("trunk_address", "of the operator: `public`; `private`, a box of the operator in the local network; `shared`, both trunks at one public address", 0, 0,
			func(w *Wire) any { return &w.TrunkAddress }).choice("public", "private", "shared"),
		wire("sip_loss", "share of SIP messages that never reach the tap", 0, .5, func(w *Wire) any { return &w.SIPLoss }),
		wire("ip", "version of IP: 4 or 6", 4, 6, func(w *Wire) any { return &w.IP }).choice("4", "6"),
		wire("media", "whose RTP the capture holds: `all`; `attack`, of labelled calls alone, as a tap would show that misses the media of the rest; `none`", 0, 0,
			func(w *Wire) any { return &w.Media }).choice("all", "attack", "none"),
		wire("loss", "share of RTP packets that never reach the tap", 0, .5, func(w *Wire) any { return &w.Loss }),
		wire("duplicate", "share of RTP packets that are sent twice", 0, .2, func(w *Wire) any { return &w.Duplicate }),
		wire("reorder", "share of RTP packets that come behind their successor", 0, .2, func(w *Wire) any { return &w.Reorder }),
		wire("retransmit", "share of SIP requests and answers over UDP that are sent a second time", 0, .5, func(w *Wire) any { return &w.Retransmit }),
		wire("outside_prefix", "digits that phones dial for an outside line", 0, 0, func(w *Wire) any { return &w.OutsidePrefix }),
		wire("trunk_format", "how numbers are written on the trunk", 0, 0, func(w *Wire) any { return &w.TrunkFormat }).
			choice(string(plan.E164), string(plan.International00), string(plan.National)),
		wire("register_every", "time between two registrations of a phone; 0s = never", 0, day, func(w *Wire) any { return &w.RegisterEvery }),
		wire("keepalive_every", "time between two OPTIONS on the trunk; 0s = never", 0, day, func(w *Wire) any { return &w.KeepaliveEvery }),
		wire("nanoseconds", "write the pcap with nanoseconds", 0, 0, func(w *Wire) any { return &w.Nanoseconds }),
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
