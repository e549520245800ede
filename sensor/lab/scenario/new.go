package scenario

import (
	"time"

	"tollwatch/sensor/lab/attack"
	"tollwatch/sensor/lab/honest"
	"tollwatch/sensor/lab/plan"
)

// New plans what the parameters and the seed give.
func New(p Parameters, seed uint64) (*plan.Plan, error) {
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
