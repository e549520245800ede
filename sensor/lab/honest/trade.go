package honest

import (
	"math/rand/v2"
	"time"

	"tollwatch/sensor/lab/plan"
)

// daily makes calls at the hours of the site's people.
type daily struct {
	*arrivals
	call func(at time.Time) *plan.Call
}

// Take makes the call.
func (d *daily) Take() (plan.Item, bool) {
	at := d.now
	d.advance()
	return d.call(at).Begin(), true
}

// newFaxIn is what arrives on the fax, from those who call anyway.
func newFaxIn(site *plan.Site, t *Traffic, c *contacts) plan.Source {
	rng := site.Rand(plan.StreamHabits + 8)
	phone := site.Extensions - 1
	return &daily{newArrivals(site, t, 8, t.FaxesIn), func(at time.Time) *plan.Call {
		f := &plan.Call{Start: at, Direction: plan.Inbound, Entry: plan.FromPhone, Media: plan.Fax, Outcome: plan.Answered,
			RingAfter: 200 * time.Millisecond, AnswerAfter: 4 * time.Second, Duration: plan.Between(rng, 40*time.Second, 150*time.Second)}
		f.Extension, f.Number = plan.ExtensionName(phone), c.home[rng.IntN(len(c.home))]
		f.CLI, f.Trunk = f.Number, site.TrunkOf(f.Number)
		f.SentToTrunk = plan.Written(plan.ExtensionNumber(phone), site.TrunkFormat)
		return f
	}}
}

// newTerminals are payment terminals: calls of some seconds to the bank's one
// number, as many as there are customers.
func newTerminals(site *plan.Site, t *Traffic, _ *contacts) plan.Source {
	rng := site.Rand(plan.StreamHabits + 9)
	bank := domestic(plan.NewRand(site.Seed, plan.StreamHabits+9))
	return &daily{newArrivals(site, t, 9, t.Terminals), func(at time.Time) *plan.Call {
		return machineCall(site, at, site.Extensions-2, bank, plan.Between(rng, 8*time.Second, 25*time.Second))
	}}
}

// lifts each call their centre every third night, as EN 81-28 asks, at a time of
// its own between one and five.
type lifts struct {
	site   *plan.Site
	rng    *rand.Rand
	centre string
	times  []time.Duration // of each lift, in its three days
	now    time.Time
	call   time.Time // a moment later
}

const liftTest = 72 * time.Hour

func newLifts(site *plan.Site, t *Traffic, _ *contacts) plan.Source {
	own := plan.NewRand(site.Seed, plan.StreamHabits+10)
	l := &lifts{site: site, rng: site.Rand(plan.StreamHabits + 10), centre: domestic(own)}
	for range max(int(t.Lifts+.5), 1) {
		night := time.Duration(own.IntN(3)) * 24 * time.Hour
		l.times = append(l.times, night+time.Duration(60+own.IntN(240))*time.Minute)
	}
	l.now = site.Start
	l.advance()
	return l
}

// At is the time of the next test.
func (l *lifts) At() (time.Time, bool) { return l.call, l.call.Before(l.site.End()) }

// Take makes the call.
func (l *lifts) Take() (plan.Item, bool) {
	c := machineCall(l.site, l.call, l.site.Extensions-1, l.centre, plan.Between(l.rng, 20*time.Second, 60*time.Second))
	l.advance()
	return c.Begin(), true
}

// advance finds the earliest of all lifts' tests. Their clocks count days from
// one moment, whenever the scenario begins, and know no summer time.
func (l *lifts) advance() {
	var next time.Time
	for _, t := range l.times {
		test := l.now.Truncate(liftTest).Add(t)
		for !test.After(l.now) {
			test = test.Add(liftTest)
		}
		if next.IsZero() || test.Before(next) {
			next = test
		}
	}
	l.now = next
	l.call = next.Add(plan.Between(l.rng, 0, 2*time.Second))
}

// newCleaning is who cleans at night and calls home from the telephone of
// whoever has gone.
func newCleaning(site *plan.Site, t *Traffic, c *contacts) plan.Source {
	const begins, goesOn = 20 * time.Hour, 3 * time.Hour
	rng := site.Rand(plan.StreamHabits + 11)
	following := func(at time.Time) time.Time {
		for at.Before(site.End()) {
			evening := wallClock(site, at, 0, begins)
			if at = at.Add(time.Millisecond + span(rng.ExpFloat64()*goesOn.Seconds()/t.Cleaning)); at.Sub(evening) < goesOn {
				break
			}
			at = wallClock(site, evening, 1, begins)
		}
		return at
	}
	first := following(wallClock(site, site.Start, 0, begins))
	return &clockwork{now: first, end: site.End(), make: func(at time.Time) (plan.Item, time.Time) {
		next := following(at)
		if at.Before(site.Start) || t.share(at.In(site.Zone)) < .5 {
			return plan.Item{}, next
		}
		call := machineCall(site, at, rng.IntN(site.Extensions), c.draw(rng, at), lognormal(rng, t.TalkMedian, t.TalkSigma, t.TalkMost))
		if rng.Float64() >= t.Answer {
			call.Outcome, call.AnswerAfter, call.Duration = plan.Cancelled, plan.Between(rng, 5*time.Second, 30*time.Second), 0
		}
		return call.Begin(), next
	}}
}

// newMonitoring is a service outside that asks as a clock whether the PBX is
// there, with a program that scanners use too.
func newMonitoring(site *plan.Site, t *Traffic, _ *contacts) plan.Source {
	own := plan.NewRand(site.Seed, plan.StreamHabits+12)
	address := plan.Elsewhere(1 + own.IntN(250))
	every := span(day / t.Monitoring)
	first := site.Start.Add(plan.Between(own, 0, every))
	return &clockwork{now: first, end: site.End(), make: func(at time.Time) (plan.Item, time.Time) {
		p := &plan.Probe{Address: address, Method: "OPTIONS", User: "ping", UserAgent: "sipsak 0.9.8.1", Status: 200}
		return plan.Item{Probe: p}, at.Add(every)
	}}
}
