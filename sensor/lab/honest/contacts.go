package honest

import (
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"tollwatch/sensor/lab/plan"
)

// contacts are the numbers that a site calls and is called by, the first of
// each list most often.
type contacts struct {
	site         *plan.Site
	traffic      *Traffic
	home, abroad []string
	homeSums     []float64
	abroadSums   []float64
	week         int          // year and number
	from         []plan.Range // of its guests
	premium      []string
	dice         *rand.Rand // whether it is one of those: of its own, so that the other calls stay
}

// hotlines is how many premium numbers a site calls.
const hotlines = 8

func newContacts(site *plan.Site, t *Traffic) *contacts {
	rng := plan.NewRand(site.Seed, plan.StreamContacts)
	c := &contacts{site: site, traffic: t, home: make([]string, t.Contacts), abroad: make([]string, t.ContactsAbroad)}
	for i := range c.home {
		c.home[i] = domestic(rng)
	}
	for i := range c.abroad {
		c.abroad[i] = foreign(rng, t.Prone)
	}
	for _, number := range c.abroad {
		if r, ok := plan.Block(number); ok && !slices.Contains(site.Customary, r.Prefix) {
			site.Customary = append(site.Customary, r.Prefix)
		}
	}
	c.homeSums, c.abroadSums = zipf(len(c.home)), zipf(len(c.abroad))
	if t.Premium > 0 {
		c.dice = site.Rand(plan.StreamHabits + 7)
		own := plan.NewRand(site.Seed, plan.StreamHabits+7)
		for range hotlines {
			c.premium = append(c.premium, plan.PremiumHome()[0].Draw(own))
		}
	}
	return c
}

// orPremium is a number that somebody is about to call, or a premium one in the
// place of some of those at home.
func (c *contacts) orPremium(number string) string {
	if c.dice == nil || !strings.HasPrefix(number, plan.HomePrefix) || c.dice.Float64() >= c.traffic.Premium {
		return number
	}
	return c.premium[c.dice.IntN(len(c.premium))]
}

// ofGuests says that a number is of a country where this week's guests are from.
func (c *contacts) ofGuests(number string, at time.Time) bool {
	return slices.ContainsFunc(c.guests(at), func(r plan.Range) bool { return strings.HasPrefix(number, r.Prefix) })
}

// domestic is as often a mobile as a fixed number.
func domestic(rng *rand.Rand) string {
	home := plan.Home()
	i := rng.IntN(2 * (len(home) - 1))
	return home[min(i, len(home)-1)].Draw(rng)
}

// foreign prefers the neighbours, which stand first; of prone countries none.
func foreign(rng *rand.Rand, prone float64) string {
	if prone > 0 && rng.Float64() < prone {
		abroad := plan.Abroad(true)
		return abroad[rng.IntN(len(abroad))].Draw(rng)
	}
	abroad := plan.Abroad(false)
	return abroad[min(rng.IntN(len(abroad)), rng.IntN(len(abroad)))].Draw(rng)
}

// draw is whom somebody calls, or is called by, at a time.
func (c *contacts) draw(rng *rand.Rand, at time.Time) string {
	t := c.traffic
	if rng.Float64() >= t.International {
		return c.home[pick(rng, c.homeSums)]
	}
	if t.Guests > 0 && rng.Float64() < t.Guests {
		guests := c.guests(at)
		return guests[rng.IntN(len(guests))].Draw(rng)
	}
	if rng.Float64() < t.NewCountry {
		return foreign(rng, t.Prone)
	}
	return c.abroad[pick(rng, c.abroadSums)]
}

// guests are the countries of the week's guests: three to eight of all.
func (c *contacts) guests(at time.Time) []plan.Range {
	year, week := at.ISOWeek()
	if key := year*100 + week; key != c.week {
		c.week = key
		rng := c.site.Rand(plan.StreamGuests + uint64(key)<<16)
		all := append(plan.Abroad(false), plan.Abroad(true)...)
		rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		c.from = all[:3+rng.IntN(6)]
	}
	return c.from
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
