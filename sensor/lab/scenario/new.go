package scenario

import (
	"math"
	"math/rand/v2"
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
	if p.Wire.Forms == "drawn" {
		p.Wire.drawForms(seed)
	}
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

// drawForms draws how a site writes numbers and speaks, where that is not said.
// Zero for the outside line and E.164 on the trunk are the commonest.
func (w *Wire) drawForms(seed uint64) {
	usual := base().Wire
	rng := plan.NewRand(seed, plan.StreamDraws+1)
	w.Forms = "fixed"
	draw(rng, &w.OutsidePrefix, usual.OutsidePrefix, "0", "0", "0", "", "9", "8")
	draw(rng, &w.TrunkFormat, usual.TrunkFormat, string(plan.E164), string(plan.E164), string(plan.International00), string(plan.National))
	draw(rng, &w.Trunks, usual.Trunks, 1, 1, 1, 2)
	draw(rng, &w.Transport, usual.Transport, "udp", "udp", "udp", "tcp")
}

// draw chooses in place of the usual.
func draw[T comparable](rng *rand.Rand, v *T, usual T, choices ...T) {
	if i := rng.IntN(len(choices)); *v == usual {
		*v = choices[i]
	}
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
		Trunks: p.Wire.Trunks, Shared: p.Wire.TrunkAddress == "shared",
		Seed: seed, Run: plan.Repeat(seed, p.Repeat), Desks: plan.NewDesks(p.Extensions),
	}
	sources := honest.Sources(site, &p.Honest)
	for i := range p.Attacks {
		sources = append(sources, attack.Sources(site, &p.Attacks[i], i)...)
	}
	return plan.New(site, sources), nil
}
