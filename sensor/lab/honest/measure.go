package honest

import (
	"math"
	"slices"
	"time"

	"tollwatch/sensor/lab/plan"
)

// Measured is what the people of a site were counted to do, calling out.
type Measured struct {
	Calls        int
	Days         []float64 // calls of each working day
	BusiestHour  float64   // calls of a working day's busiest hour, by telephone
	Answered     float64   // share
	Talks        []float64 // seconds, sorted
	Gaps         []float64 // between two calls of a quarter of an hour, sorted: of 0 to 1 if they come by chance
	Median, Mean float64   // of the talks
}

// Measure counts the calls out of half a year, a multiple of weeks, in which
// nobody is ever busy: holidays, seasons, habits and machines are other laws.
func Measure(p Profile, seed uint64, zone *time.Location) *Measured {
	const weeks = 26
	t := p.Traffic
	t.habits, t.machines, t.trade = habits{}, machines{}, trade{}
	t.Holidays, t.Vacations, t.Season, t.NoBye = false, 0, 0, 0
	site := &plan.Site{Start: time.Date(2026, time.February, 2, 0, 0, 0, 0, zone), Zone: zone, Extensions: p.Extensions, Seed: seed, Run: seed}
	site.Length = midnight(site, site.Start, 7*weeks).Sub(site.Start)
	people := newPeople(site, &t, plan.Outbound, newContacts(site, &t), &plan.Pending{})
	m := &Measured{}
	var c counter
	for at, ok := people.At(); ok; at, ok = people.At() {
		site.Desks = plan.NewDesks(p.Extensions)
		if it, ok := people.Take(); ok {
			m.take(it.Call)
			c.take(m, at.In(zone))
		}
	}
	c.endDay(m)
	c.endQuarter(m)
	m.finish(&c, p.Extensions)
	return m
}

func (m *Measured) take(c *plan.Call) {
	m.Calls++
	if c.Outcome == plan.Answered {
		m.Talks = append(m.Talks, c.Duration.Seconds())
		m.Mean += c.Duration.Seconds()
	}
}

func (m *Measured) finish(c *counter, phones int) {
	m.Answered = float64(len(m.Talks)) / float64(m.Calls)
	m.Mean /= float64(len(m.Talks))
	slices.Sort(m.Talks)
	slices.Sort(m.Gaps)
	m.Median = m.Talks[len(m.Talks)/2]
	m.BusiestHour = slices.Max(c.hours[:]) / float64(len(m.Days)) / float64(phones)
}

// PerDay is the mean of a working day's calls.
func (m *Measured) PerDay() float64 {
	sum := 0.0
	for _, d := range m.Days {
		sum += d
	}
	return sum / float64(len(m.Days))
}

// Fano is the variance of a working day's calls by their mean: 1 of chance
// alone, more where days differ.
func (m *Measured) Fano() float64 {
	mean, variance := m.PerDay(), 0.0
	for _, d := range m.Days {
		variance += (d - mean) * (d - mean) / float64(len(m.Days)-1)
	}
	return variance / mean
}

// FanoExpected is that of Poisson counts whose means are lognormal.
func (t *Traffic) FanoExpected() float64 {
	return 1 + t.Outbound*math.Expm1(t.DaySpread*t.DaySpread)
}

// Distance is the greatest between the shares of the gaps and those of an even
// law (Kolmogorov and Smirnov), in units of one by the root of their number.
func (m *Measured) Distance() float64 {
	n, worst := float64(len(m.Gaps)), 0.0
	for i, u := range m.Gaps {
		worst = max(worst, u-float64(i)/n, float64(i+1)/n-u)
	}
	return worst * math.Sqrt(n)
}

// counter goes along with the calls.
type counter struct {
	day     time.Time // midnight; zero before the first working day
	calls   float64   // of the day
	hours   [24]float64
	quarter time.Time
	inside  []time.Duration // calls of the quarter of an hour, from its beginning
}

func (c *counter) take(m *Measured, at time.Time) {
	if q := at.Truncate(quarter); !q.Equal(c.quarter) {
		c.endQuarter(m)
		c.quarter, c.inside = q, c.inside[:0]
	}
	c.inside = append(c.inside, at.Sub(c.quarter))
	if wd := at.Weekday(); wd == time.Saturday || wd == time.Sunday {
		return
	}
	y, month, d := at.Date()
	if day := time.Date(y, month, d, 0, 0, 0, 0, at.Location()); !day.Equal(c.day) {
		c.endDay(m)
		c.day, c.calls = day, 0
	}
	c.calls++
	c.hours[at.Hour()]++
}

func (c *counter) endDay(m *Measured) {
	if !c.day.IsZero() {
		m.Days = append(m.Days, c.calls)
	}
}

// endQuarter takes the gap between the first two of k calls. Were they thrown
// into the quarter of an hour by chance, it is larger than a share x of it with
// probability (1−x)^k, which is therefore even between 0 and 1.
func (c *counter) endQuarter(m *Measured) {
	k := len(c.inside)
	if k < 2 {
		return
	}
	x := float64(c.inside[1]-c.inside[0]) / float64(quarter)
	m.Gaps = append(m.Gaps, math.Pow(1-x, float64(k)))
}
