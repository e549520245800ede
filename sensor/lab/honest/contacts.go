package honest

import (
	"math/rand/v2"
	"slices"

	"tollwatch/sensor/lab/plan"
)

// contacts are the numbers that a site calls and is called by, the first of
// each list most often.
type contacts struct {
	traffic      *Traffic
	home, abroad []string
	homeSums     []float64
	abroadSums   []float64
}

func newContacts(site *plan.Site, t *Traffic) *contacts {
	rng := plan.NewRand(site.Seed, plan.StreamContacts)
	c := &contacts{traffic: t, home: make([]string, t.Contacts), abroad: make([]string, t.ContactsAbroad)}
	for i := range c.home {
		c.home[i] = domestic(rng)
	}
	for i := range c.abroad {
		c.abroad[i] = foreign(rng)
	}
	for _, number := range c.abroad {
		if r, ok := plan.Block(number); ok && !slices.Contains(site.Customary, r.Prefix) {
			site.Customary = append(site.Customary, r.Prefix)
		}
	}
	c.homeSums, c.abroadSums = zipf(len(c.home)), zipf(len(c.abroad))
	return c
}

// domestic is as often a mobile as a fixed number.
func domestic(rng *rand.Rand) string {
	home := plan.Home()
	i := rng.IntN(2 * (len(home) - 1))
	return home[min(i, len(home)-1)].Draw(rng)
}

// foreign prefers the neighbours, which stand first.
func foreign(rng *rand.Rand) string {
	abroad := plan.Abroad(false)
	return abroad[min(rng.IntN(len(abroad)), rng.IntN(len(abroad)))].Draw(rng)
}

func (c *contacts) draw(rng *rand.Rand) string {
	if rng.Float64() >= c.traffic.International {
		return c.home[pick(rng, c.homeSums)]
	}
	if rng.Float64() < c.traffic.NewCountry {
		return foreign(rng)
	}
	return c.abroad[pick(rng, c.abroadSums)]
}

// zipf returns the running sums of the weights 1, 1/2, 1/3 …
func zipf(n int) []float64 {
	sums := make([]float64, n)
	total := 0.0
	for i := range sums {
		total += 1 / float64(i+1)
		sums[i] = total
	}
	return sums
}

func pick(rng *rand.Rand, sums []float64) int {
	u := rng.Float64() * sums[len(sums)-1]
	i := 0
	for i < len(sums)-1 && u >= sums[i] {
		i++
	}
	return i
}
