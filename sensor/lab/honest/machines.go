package honest

import (
	"math/rand/v2"
	"time"

	"tollwatch/sensor/lab/plan"
)

// clockwork makes items one after the other: each says when the next is.
type clockwork struct {
	now, end time.Time
	make     func(at time.Time) (it plan.Item, next time.Time)
}

// At is the time of the next item.
func (c *clockwork) At() (time.Time, bool) { return c.now, c.now.Before(c.end) }

// Take makes it.
func (c *clockwork) Take() (plan.Item, bool) {
	it, next := c.make(c.now)
	it.At = c.now
	c.now = next
	return it, it.Call != nil || it.Probe != nil || it.Registration != nil
}

const (
	hour = 3600.0 // seconds
	day  = 24 * hour
	week = 7 * day
)

// span is a time of so many seconds, to the millisecond and no more than a
// century: what is as rare as that does not happen.
func span(seconds float64) time.Duration {
	const century = 36525 * day
	return time.Duration(min(seconds, century) * float64(time.Second)).Round(time.Millisecond)
}

// midnight is the beginning of a day at the site, n days after that of t.
func midnight(site *plan.Site, t time.Time, n int) time.Time {
	y, m, d := t.In(site.Zone).Date()
	return time.Date(y, m, d+n, 0, 0, 0, 0, site.Zone)
}

// wallClock is when clocks show a time of day at the site, n days after that of
// t: on the day on which they are changed, an hour from where counting leads.
func wallClock(site *plan.Site, t time.Time, n int, timeOfDay time.Duration) time.Time {
	y, m, d := t.In(site.Zone).Date()
	return time.Date(y, m, d+n, 0, 0, int(timeOfDay/time.Second), int(timeOfDay%time.Second), site.Zone)
}

func machineCall(site *plan.Site, at time.Time, phone int, number string, talk time.Duration) *plan.Call {
	c := &plan.Call{Start: at, Direction: plan.Outbound, Entry: plan.FromPhone, RingAfter: time.Second, AnswerAfter: 3 * time.Second,
		Outcome: plan.Answered, Duration: talk}
	c.From(phone)
	c.To(site, number)
	return c
}

// newAlarm calls its centre at the same times of each day, for half a minute.
func newAlarm(site *plan.Site, t *Traffic, _ *contacts) plan.Source {
	own := plan.NewRand(site.Seed, plan.StreamHabits+1)
	centre := domestic(own)
	if t.AlarmsAway {
		centre = foreign(own, 0)
	}
	every := max(span(day/t.Alarms).Round(time.Minute), time.Minute)
	first := midnight(site, site.Start, 0).Add(time.Duration(own.IntN(24*60)) * time.Minute)
	for first.Before(site.Start) {
		first = first.Add(every)
	}
	rng := site.Rand(plan.StreamHabits + 1)
	return &clockwork{now: first, end: site.End(), make: func(at time.Time) (plan.Item, time.Time) {
		c := machineCall(site, at, site.Extensions-1, centre, plan.Between(rng, 20*time.Second, 40*time.Second))
		return c.Begin(), at.Add(every).Add(plan.Between(rng, -2*time.Second, 2*time.Second))
	}}
}

// newFax sends a batch in the evening of each working day, one after the other.
func newFax(site *plan.Site, t *Traffic, c *contacts) plan.Source {
	rng := site.Rand(plan.StreamHabits + 2)
	left := 0
	return &clockwork{now: midnight(site, site.Start, 0).Add(19 * time.Hour), end: site.End(), make: func(at time.Time) (plan.Item, time.Time) {
		if left == 0 {
			left = 1 + int(t.Faxes*(.5+rng.Float64()))
		}
		left--
		next := at.Add(3 * time.Minute)
		if left == 0 {
			next = wallClock(site, at, 1, 18*time.Hour+plan.Between(rng, 0, 2*time.Hour))
		}
		if at.Before(site.Start) || t.share(at.In(site.Zone)) < .5 {
			return plan.Item{}, next
		}
		f := machineCall(site, at, site.Extensions-1, c.home[rng.IntN(len(c.home))], plan.Between(rng, 40*time.Second, 150*time.Second))
		f.Media = plan.Fax
		return f.Begin(), next
	}}
}

// newConference calls three to ten partners within two minutes, from one
// telephone, and talks for an hour.
func newConference(site *plan.Site, t *Traffic, c *contacts) plan.Source {
	rng := site.Rand(plan.StreamHabits + 3)
	left := 0
	var end time.Time
	return &clockwork{now: workday(site, t, rng, site.Start, t.Conferences), end: site.End(), make: func(at time.Time) (plan.Item, time.Time) {
		if left == 0 {
			left, end = 3+rng.IntN(8), at.Add(plan.Between(rng, 20*time.Minute, 80*time.Minute))
		}
		left--
		next := at.Add(plan.Between(rng, 5*time.Second, 25*time.Second))
		if left == 0 {
			next = workday(site, t, rng, end, t.Conferences)
		}
		return machineCall(site, at, 0, c.draw(rng, at), max(end.Sub(at), time.Minute)).Begin(), next
	}}
}

// workday draws a moment in opening hours: so many come in a week.
func workday(site *plan.Site, t *Traffic, rng *rand.Rand, after time.Time, aWeek float64) time.Time {
	at := after.Add(span(rng.ExpFloat64() / aWeek * week))
	for range 400 {
		if t.share(at.In(site.Zone)) >= .5 || t.Weekend >= .5 {
			break
		}
		at = at.Add(24 * time.Hour)
	}
	opening := wallClock(site, at, 0, t.Opens+plan.Between(rng, 0, t.Closes-t.Opens))
	if !opening.After(after) {
		opening = opening.Add(24 * time.Hour)
	}
	return opening
}

// newProject is a new customer or campaign: ten to sixty calls a working day to
// one country where nobody called before, for one to three weeks.
func newProject(site *plan.Site, t *Traffic, _ *contacts) plan.Source {
	rng := site.Rand(plan.StreamHabits + 4)
	var where plan.Range
	var until time.Time
	perDay, phone := 0.0, 0
	const weeks = 52
	return &clockwork{now: workday(site, t, rng, site.Start, t.Projects/weeks), end: site.End(), make: func(at time.Time) (plan.Item, time.Time) {
		if at.After(until) {
			all := append(plan.Abroad(false), plan.Abroad(true)...)
			where, phone = all[rng.IntN(len(all))], rng.IntN(site.Extensions)
			perDay = 10 + 50*rng.Float64()
			until = at.Add(plan.Between(rng, 7*24*time.Hour, 21*24*time.Hour))
		}
		who := (phone + rng.IntN(min(4, site.Extensions))) % site.Extensions
		c := machineCall(site, at, who, where.Draw(rng), lognormal(rng, t.TalkMedian, t.TalkSigma, t.TalkMost))
		if rng.Float64() >= t.Answer {
			c.Outcome, c.AnswerAfter, c.Duration = plan.Cancelled, plan.Between(rng, 5*time.Second, 30*time.Second), 0
		}
		open := t.Closes - t.Opens
		next := at.Add(span(rng.ExpFloat64()/perDay*open.Seconds()) + time.Millisecond)
		if local := next.In(site.Zone); next.Sub(midnight(site, next, 0)) > t.Closes || t.share(local) < .5 && t.Weekend < .5 {
			next = workday(site, t, rng, midnight(site, next, 1), 1e9)
		}
		if next.After(until) {
			next = workday(site, t, rng, until, t.Projects/weeks)
		}
		return c.Begin(), next
	}}
}

// newTravel takes one extension abroad for a week: it registers and calls from
// a hotel's address.
func newTravel(site *plan.Site, t *Traffic, c *contacts) plan.Source {
	rng := site.Rand(plan.StreamHabits + 5)
	var until time.Time
	phone, host := 0, 0
	const weeks = 52
	return &clockwork{now: workday(site, t, rng, site.Start, t.Travels/weeks), end: site.End(), make: func(at time.Time) (plan.Item, time.Time) {
		if at.After(until) {
			phone, host, until = rng.IntN(site.Extensions), 1+rng.IntN(250), at.Add(7*24*time.Hour)
			return plan.Item{Registration: &plan.Registration{Extension: plan.ExtensionName(phone), Address: plan.Elsewhere(host), Accepted: true, Expires: time.Hour}},
				at.Add(plan.Between(rng, time.Minute, 2*time.Hour))
		}
		call := machineCall(site, at, phone, c.draw(rng, at), lognormal(rng, t.TalkMedian, t.TalkSigma, t.TalkMost))
		call.Entry, call.Address = plan.FromInternet, plan.Elsewhere(host)
		next := at.Add(plan.Between(rng, time.Hour, 12*time.Hour))
		if next.After(until) {
			next = workday(site, t, rng, until, t.Travels/weeks)
		}
		return call.Begin(), next
	}}
}

// newProbes is the noise of the Internet: scanners that ask and go on. They
// come in bursts of one source.
func newProbes(site *plan.Site, t *Traffic, _ *contacts) plan.Source {
	rng := site.Rand(plan.StreamHabits + 6)
	left, host := 0, 0
	const burst = 20
	pause := burst / t.Probes * day
	agents := []string{"friendly-scanner", "pplsip", "Cisco-SIPGateway/IOS-12.x", "VaxSIPUserAgent/3.1", "sipcli/v1.8"}
	return &clockwork{now: site.Start.Add(span(rng.ExpFloat64() * pause)), end: site.End(), make: func(at time.Time) (plan.Item, time.Time) {
		if left == 0 {
			left, host = 1+rng.IntN(2*burst-1), 1+rng.IntN(250)
		}
		left--
		p := &plan.Probe{Address: plan.Elsewhere(host), Method: []string{"OPTIONS", "REGISTER", "INVITE"}[rng.IntN(3)], User: plan.Digits(rng, 3+rng.IntN(2)),
			UserAgent: agents[host%len(agents)], Status: 401}
		if p.Method == "OPTIONS" {
			p.Status = 200
		}
		next := at.Add(plan.Between(rng, 200*time.Millisecond, 5*time.Second))
		if left == 0 {
			next = at.Add(span(rng.ExpFloat64() * pause))
		}
		return plan.Item{Probe: p}, next
	}}
}
