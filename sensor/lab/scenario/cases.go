package scenario

import (
	"slices"
	"time"

	"tollwatch/sensor/lab/attack"
	"tollwatch/sensor/lab/plan"
)

// activities puts those that the seed draws in the place of each attack that
// names a case.
func activities(p *Parameters, seed uint64) []attack.Attack {
	var all []attack.Attack
	for i := range p.Attacks {
		a := &p.Attacks[i]
		c, ok := attack.LookupCase(a.Case)
		if !ok {
			all = append(all, *a)
			continue
		}
		rng := plan.NewRand(plan.Repeat(seed, p.Repeat), plan.StreamCases+uint64(i))
		for _, drawn := range c.Draw(rng, p.Stealable()) {
			if drawn, ok := overridden(drawn, a); ok {
				all = append(all, drawn)
			}
		}
	}
	return all
}

// overridden is an activity with what the scenario says of its case; false when
// it begins too late.
func overridden(drawn attack.Attack, a *attack.Attack) (attack.Attack, bool) {
	for _, k := range attackKeys() {
		switch {
		case !slices.Contains(a.Given, k.Name):
		case k.Name == lengthKey:
			drawn.Length = min(drawn.Length, a.Length-drawn.After)
		case k.Name != caseKey && k.Name != afterKey:
			_ = k.set(k.of(nil, &drawn), format(k.of(nil, a))) // it was taken once
		}
	}
	if slices.Contains(a.Given, leastKey) {
		drawn.TalkMost = max(drawn.TalkMost, drawn.TalkLeast)
	}
	drawn.TalkLeast = min(drawn.TalkLeast, drawn.TalkMost)
	drawn.After += a.After
	return drawn, drawn.Length >= time.Second
}

// given notes that the scenario itself says so.
func (k Key) given(a *attack.Attack) {
	if k.OfAttack() && !slices.Contains(a.Given, k.Name) {
		a.Given = append(slices.Clip(a.Given), k.Name)
	}
}
