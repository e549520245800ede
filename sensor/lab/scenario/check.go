package scenario

import (
	"fmt"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // the same opening hours where a machine has no zones of its own

	"tollwatch/sensor/lab/attack"
	"tollwatch/sensor/lab/plan"
)

// fault is a value that cannot work beside another.
type fault struct {
	place
	text string
}

// Check finds values that each may stand alone but cannot work together.
func (p *Parameters) Check() error {
	if f := p.check(); f != nil {
		return fmt.Errorf("%s: %s", f.key, f.text)
	}
	return nil
}

func (p *Parameters) check() *fault {
	if _, err := time.LoadLocation(p.Timezone); err != nil || p.Timezone == "" {
		return &fault{place{key: "timezone"}, fmt.Sprintf("%q: want a name like Europe/Paris", p.Timezone)}
	}
	if p.Honest.Opens >= p.Honest.Closes {
		return &fault{place{key: "honest.closes"}, fmt.Sprintf("%s: want more than honest.opens, %s", p.Honest.Closes, p.Honest.Opens)}
	}
	if strings.Trim(p.Wire.OutsidePrefix, "0123456789") != "" || len(p.Wire.OutsidePrefix) > 4 {
		return &fault{place{key: "outside_prefix"}, fmt.Sprintf("%q: want at most four digits", p.Wire.OutsidePrefix)}
	}
	if n := len(p.Attacks); n > maxAttacks {
		return &fault{place{"attack.label", maxAttacks}, fmt.Sprintf("attack %d: want at most %d", n, maxAttacks)}
	}
	for i := range p.Attacks {
		if f := p.checkAttack(i); f != nil {
			return f
		}
	}
	return nil
}

// maxAttacks have a stream of random numbers each.
const maxAttacks = 256

func (p *Parameters) checkAttack(i int) *fault {
	a := &p.Attacks[i]
	if _, ok := attack.LookupCase(a.Case); !ok && a.Case != "" {
		return &fault{place{"attack.case", i}, fmt.Sprintf("%q: there are %s", a.Case, strings.Join(attack.CaseNames(), ", "))}
	}
	if a.Case != "" && slices.Contains(a.Given, kindKey) {
		return &fault{place{kindKey, i}, "an attack of a case has its kinds"}
	}
	if a.Label == "" && a.Case == "" {
		return &fault{place{"attack.label", i}, "an attack without a name would count as honest"}
	}
	drawn := a.Case != "" && !(slices.Contains(a.Given, leastKey) && slices.Contains(a.Given, mostKey))
	if a.TalkLeast > a.TalkMost && !drawn {
		return &fault{place{"attack.talk_most", i}, fmt.Sprintf("%s: want at least attack.talk_least, %s", a.TalkMost, a.TalkLeast)}
	}
	if _, ok := plan.PhoneOf(a.Extension, p.Extensions); !ok && a.Extension != "" {
		return &fault{place{"attack.extension", i}, fmt.Sprintf("%q: the site has %s to %s", a.Extension, plan.ExtensionName(0), plan.ExtensionName(p.Extensions-1))}
	}
	if k, _ := attack.LookupKind(a.Kind); k.Dials && len(a.Destinations) == 0 {
		return &fault{place{"attack.destinations", i}, "want at least one prefix"}
	}
	for _, d := range a.Destinations {
		if _, ok := plan.RangeOf(d); !ok && !plan.Whole(d) {
			return &fault{place{"attack.destinations", i}, fmt.Sprintf("%q: no block of numbers for fiction begins so; the blocks: %s", d, prefixes())}
		}
	}
	return nil
}

func prefixes() string {
	var s []string
	for _, r := range plan.Ranges() {
		s = append(s, r.Prefix)
	}
	return strings.Join(s, ", ")
}

// Set sets one parameter by its name. A key of an attack is set in every
// attack of the scenario.
func (p *Parameters) Set(name, value string) error {
	k, ok := findKey(name)
	if !ok {
		return fmt.Errorf("%s: %s", name, unknown(name))
	}
	if !k.OfAttack() {
		return k.setNamed(k.of(p, nil), value)
	}
	if len(p.Attacks) == 0 {
		return fmt.Errorf("%s: scenario %s has no attack", name, p.Name)
	}
	for i := range p.Attacks {
		k.given(&p.Attacks[i])
		if err := k.setNamed(k.of(p, &p.Attacks[i]), value); err != nil {
			return err
		}
	}
	return nil
}

func (k Key) setNamed(v any, text string) error {
	if err := k.set(v, text); err != nil {
		return fmt.Errorf("%s: %w", k.Name, err)
	}
	return nil
}
