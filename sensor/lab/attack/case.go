package attack

import (
	"math"
	"math/rand/v2"
	"time"

	"tollwatch/sensor/lab/plan"
)

// Family is what cases have in common, for sums over them.
type Family string

// The families.
const (
	BurstFamily   Family = "burst"   // many calls from the first minute on
	SlowFamily    Family = "slow"    // what could be a person's calls
	SingleFamily  Family = "single"  // one call, or one at a time
	ProbingFamily Family = "probing" // somebody tries what works
	HijackFamily  Family = "hijack"  // an extension or the trunk is in other hands
	HairpinFamily Family = "hairpin" // calls from outside go on to the outside
	BaitFamily    Family = "bait"    // calls from outside that the site pays for
	CoverFamily   Family = "cover"   // noise around a theft
	EvasiveFamily Family = "evasive" // who knows what watches him
)

// Case is a whole story: what a thief does from the first probe to the last
// call, with parameters that are drawn each time.
type Case struct {
	Name, Text string
	Family     Family
	Length     time.Duration // from its first activity to its last
	FromStart  bool          // it goes on when the sensor comes: there was no honest time before
	// Reconnaissance that steals nothing, or nothing yet: an alert of any level finds it.
	Reconnaissance bool
	Decoy          bool // an alert about its preparation is what the thief wants
	draw           func(*dice) []Attack
}

// story is a case of no family yet.
func story(name, text string, length time.Duration, draw func(*dice) []Attack) Case {
	return Case{Name: name, Text: text, Length: length, draw: draw}
}

func (c Case) decoy() Case {
	c.Decoy = true
	return c
}

func (c Case) reconnaissance() Case {
	c.Reconnaissance = true
	return c
}

func (c Case) fromStart() Case {
	c.FromStart = true
	return c
}

// of puts cases into a family.
func of(f Family, cases ...Case) []Case {
	for i := range cases {
		cases[i].Family = f
	}
	return cases
}

// Draw makes the attacks of the case upon a site, from the scenario's start on.
// All bear the case's name; one of the site's first so many extensions is
// stolen, at least two.
func (c *Case) Draw(rng *rand.Rand, extensions int) []Attack {
	d := &dice{Rand: rng, extensions: extensions, stolen: plan.ExtensionName(rng.IntN(extensions)), entry: plan.FromPhone.String()}
	if rng.IntN(2) == 0 {
		d.entry = plan.FromInternet.String()
	}
	attacks := c.draw(d)
	for i := range attacks {
		a := &attacks[i]
		a.Label = c.Name
		if a.Kind == "" {
			a.Kind = Burst
		}
		if a.From == "" {
			a.From = d.entry
		}
		if a.Extension == "" {
			a.Extension = d.stolen
		}
		a.Extensions, a.Addresses, a.Numbers = max(a.Extensions, 1), max(a.Addresses, 1), max(a.Numbers, 1)
		if a.Length == 0 {
			a.Length = c.Length - a.After
		}
	}
	return attacks
}

// CaseNames lists the cases, for a message.
func CaseNames() []string {
	var names []string
	for _, c := range Cases() {
		names = append(names, c.Name)
	}
	return names
}

// LookupCase finds a case by its name.
func LookupCase(name string) (Case, bool) {
	for _, c := range Cases() {
		if c.Name == name {
			return c, true
		}
	}
	return Case{}, false
}

// dice draws parameters.
type dice struct {
	*rand.Rand
	extensions int
	stolen     string // the extension of the case
	entry      string // where its calls come from
}

// about is x, give or take two fifths.
func (d *dice) about(x float64) float64 { return x * math.Exp((d.Float64()*2-1)*math.Log(1.4)) }

func (d *dice) span(x time.Duration) time.Duration {
	return time.Duration(d.about(x.Seconds()) * float64(time.Second)).Round(time.Millisecond)
}

func (d *dice) number(x int) int { return max(int(math.Round(d.about(float64(x)))), 1) }

// prone draws n blocks of prone countries, abroad n of all others.
func (d *dice) prone(n int) []string { return d.blocks(plan.Abroad(true), n) }

// midCost draws n blocks abroad that cost between a tenth and half a euro a minute.
func (d *dice) midCost(n int) []string {
	var some []plan.Range
	for _, prone := range []bool{false, true} {
		for _, r := range plan.Abroad(prone) {
			if r.Rate >= .10 && r.Rate <= .60 {
				some = append(some, r)
			}
		}
	}
	return d.blocks(some, n)
}

func (d *dice) blocks(from []plan.Range, n int) []string {
	d.Shuffle(len(from), func(i, j int) { from[i], from[j] = from[j], from[i] })
	prefixes := make([]string, 0, n)
	for _, r := range from[:min(n, len(from))] {
		prefixes = append(prefixes, r.Prefix)
	}
	return prefixes
}

// theft is a burst: so many calls a minute of so long.
func (d *dice) theft(perMinute float64, least, most time.Duration, destinations []string) Attack {
	least = d.span(least)
	return Attack{CallsPerMinute: d.about(perMinute), Unevenness: .2 + .6*d.Float64(), TalkLeast: least, TalkMost: max(d.span(most), least),
		Answer: .7 + .3*d.Float64(), Destinations: destinations, Numbers: d.number(8)}
}

// other draws an extension that is not stolen.
func (d *dice) other() string {
	stolen, _ := plan.PhoneOf(d.stolen, d.extensions)
	return plan.ExtensionName((stolen + 1 + d.IntN(d.extensions-1)) % d.extensions)
}

// called draws a whole number of a block.
func (d *dice) called(prefix string) string {
	r, _ := plan.RangeOf(prefix)
	return r.Draw(d.Rand)
}

// slow is a theft that passes for a person's calls.
func (d *dice) slow(perHour float64, destinations []string) Attack {
	a := d.theft(perHour/60, 40*time.Second, 12*time.Minute, destinations)
	a.Human, a.Unevenness, a.Numbers, a.Answer = true, 1, d.number(125), .4+.3*d.Float64()
	return a
}
