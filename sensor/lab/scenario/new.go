package scenario

import (
	"math"
	"time"

	"tollwatch/sensor/lab/attack"
	"tollwatch/sensor/lab/honest"
	"tollwatch/sensor/lab/plan"
)

// Draw gives the parameters of the site of a seed: those that vary are
// multiplied, each by a draw of its own, and cases become attacks.
func Draw(p Parameters, seed uint64) Parameters {
	p = varied(p, seed)
	p.Attacks = activities(&p, seed)
	return p
}

func varied(p Parameters, seed uint64) Parameters {
	vary := p.Vary
	p.Vary = 0
	if vary == 0 {
		return p
	}
	rng := plan.NewRand(seed, plan.StreamDraws)
	for _, k := range Keys() {
		if factor := 1 + vary*(2*rng.Float64()-1); k.Varies {
			k.scale(k.of(&p, nil), factor)
		}
	}
	return p
}

// scale multiplies, within the limits of the key.
func (k Key) scale(v any, factor float64) {
	switch v := v.(type) {
	case *int:
		*v = int(min(max(math.Round(float64(*v)*factor), k.Least), k.Most))
	case *float64:
		*v = min(*v*factor, k.Most)
	case *time.Duration:
		*v = time.Duration(min(v.Seconds()*factor, k.Most) * float64(time.Second)).Round(time.Millisecond)
	}
}

// New plans what the parameters and the seed give.
func New(p Parameters, seed uint64) (*plan.Plan, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	p = Draw(p, seed)
	if err := p.Check(); err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(p.Timezone)
	if err != nil {
		return nil, err
	}
	site := &plan.Site{
		Start: p.Start, Length: p.Length, Zone: zone, Extensions: p.Extensions,
		OutsidePrefix: p.Wire.OutsidePrefix, TrunkFormat: plan.TrunkFormat(p.Wire.TrunkFormat),
		Seed: seed, Run: plan.Repeat(seed, p.Repeat), Desks: plan.NewDesks(p.Extensions),
	}
	sources := honest.Sources(site, &p.Honest)
	for i := range p.Attacks {
		sources = append(sources, attack.Sources(site, &p.Attacks[i], i)...)
	}
	return plan.New(site, sources), nil
}
