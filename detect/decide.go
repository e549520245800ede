package detect

import (
	"time"

	"tollwatch/detect/rules"
	"tollwatch/detect/window"
)

// runningEvery is how often a running call is judged anew.
const runningEvery = 5 * time.Second

// count enters the call among the attempts, once. When a later leg names
// another number or caller, the old entry is undone first.
func (e *Engine) count(c *ongoing) {
	number, key := c.shown(), c.key()
	if k := &c.counted; k.yes {
		same := k.number == number && k.extension.name == c.extension && c.scored()
		if same && (k.group == nil || k.group.key == key) {
			return
		}
		e.uncount(c)
	}
	if !c.scored() {
		return
	}
	x := e.memory.extension(c.extension)
	k := counted{yes: true, number: number, extension: x, costly: rules.Costly(c.number.Class, c.number.Rate)}
	k.redial = x.lastNumber != "" && x.lastNumber == number
	if c.watched() {
		k.group = e.memory.group(key)
		k.fresh = !k.group.known(e.memory.day)
	}
	c.counted = k
	e.tally(c, 1)
	if k.group != nil && !k.redial {
		k.group.recent.add(c.start)
		e.watched.add(c.start)
		if k.fresh {
			e.memory.fresh.recent.add(c.start)
		}
	}
	e.fill(c)
}

// uncount undoes count.
func (e *Engine) uncount(c *ongoing) {
	k := &c.counted
	if !k.yes {
		return
	}
	e.tally(c, -1)
	e.withdraw(c)
	c.counted = counted{}
}

// withdraw takes the call's attempt out of the rates.
func (e *Engine) withdraw(c *ongoing) {
	k := &c.counted
	if k.group == nil || k.redial {
		return
	}
	k.group.recent.remove(c.start)
	e.watched.remove(c.start)
	if k.fresh {
		e.memory.fresh.recent.remove(c.start)
	}
}

// tally moves the counters of calls at once.
func (e *Engine) tally(c *ongoing, by int) {
	c.counted.extension.legs += by
	if c.counted.costly {
		c.counted.extension.costly += by
		e.costly += by
	}
}

// fill writes the inputs that stay what they were at the attempt.
func (e *Engine) fill(c *ongoing) {
	m, k, n := &e.memory, &c.counted, &c.number
	x := k.extension
	in := rules.Inputs{
		Class: n.Class, Country: n.Country, Number: k.number, Rate: n.Rate,
		Warmup: m.warmup(e.now), Exposure: m.exposure(), PriorRate: e.prior.rate, PriorNew: e.prior.newRate,
		Watched:       min(e.now.Sub(m.since).Hours()/24, 90),
		NewCaller:     !x.callsAbroad(m.day),
		LoneAttempt:   e.watched.within(c.start, rateWindow) <= 1,
		ExtensionLegs: x.legs, ExtensionUsual: m.many(&x.all, e.prior.extensionLegs),
		ExtensionCostly: x.costly, ExtensionCostlyUsual: m.many(&x.dear, e.prior.extensionCostly),
		TrunkCostly: e.costly, TrunkCostlyUsual: m.trunkUsual(e.prior.trunkCostly),
	}
	at := c.start.In(e.cfg.Location)
	in.WeekHour, in.Closed = window.HourOfWeek(at), len(e.cfg.Hours.Week) > 0 && !e.cfg.Hours.Open(at)
	if len(e.cfg.Hours.Week) == 0 {
		in.OffHours, in.WeekShare = m.offHours(at)
	}
	if g := k.group; g != nil {
		in.NewDestination, in.EarlyDestination = k.fresh, g.early(m.day) && m.days(e.now) >= warmDays
		in.Calls2, in.NewCalls2 = g.recent.within(c.start, quickWindow), m.fresh.recent.within(c.start, quickWindow)
		in.Calls10, in.LearnedG = g.recent.within(c.start, rateWindow), g.decayed(m.day)
		in.NewCalls10, in.LearnedNew = m.fresh.recent.within(c.start, rateWindow), m.fresh.decayed(m.day)
		t := &g.train
		if k.fresh {
			t = &m.fresh.train
		}
		in.ShortOfLast5, in.ShortIn10 = t.short(e.now)
		in.Durations, in.Intervals = t.n, max(t.n-1, 0)
		in.DurationSpread, in.IntervalsSpread = t.spread()
		in.MuteOfLast5, in.QuickOfLast5 = t.tone.ofLast5()
		if !e.sound.heard(e.now) {
			in.MuteOfLast5 = 0
		}
	}
	if !c.phones { // everybody may share the identity that the trunk shows
		in.ExtensionCostlyUsual = max(in.ExtensionCostlyUsual, in.TrunkCostlyUsual)
	}
	e.fillOnward(c, &in)
	in.Hijack = e.hijack(c)
	in.CostNotice, in.CostLimit = m.callLimit(k.group, e.prior.callLimit)
	c.decision.Inputs = in
}

// decide judges the call as it stands now.
func (e *Engine) decide(c *ongoing, stage Stage) {
	e.charge(c)
	e.caps.occupy(c, stage != AtEnd && c.heard && c.scored())
	if !c.counted.yes {
		return
	}
	in := &c.decision.Inputs
	in.Extension, in.Trunk, in.Phones = c.extension, c.trunk, c.phones
	in.Answered = !c.answer.IsZero()
	in.Cost = c.cost.likely
	in.NoTelephone, in.StrangeNumber = e.lookAtOrigin(c)
	if in.Answered {
		until := c.over
		if until.IsZero() {
			until = e.now
		}
		in.Minutes = max(until.Sub(c.answer).Minutes(), 0)
	}
	e.lookAtNewSpend(in)
	e.lookAtNewNumbers(c, in)
	in.SpentHour, in.BudgetHour = e.spend.Sum(e.now), e.memory.budget(e.prior.budget, e.cfg.UsualMonthlyBill)
	if c.counted.costly && c.over.IsZero() {
		in.SpentHour += max(firstMinute(&c.number, time.Second)-c.booked, 0)
	}
	e.caps.reached(c, e.now, in)
	d := &c.decision
	d.Time, d.Stage, d.Rules = e.now, stage, rules.Version
	d.Reasons, d.Score = rules.Append(d.Reasons[:0], in)
	e.attach(c)
	if in.NewLimit > 0 && in.NewSpent >= in.NewLimit && c.heard {
		e.newTold = in.NewSpent
	}
	if in.NewNumbersLimit > 0 && float64(in.NewNumbers) >= in.NewNumbersLimit && c.heard {
		e.numbersTold = in.NewNumbers
	}
}

// lookAtNewSpend compares what new destinations cost in a day with what they
// may. Once that was told, only twice as much is news, until the day is over.
func (e *Engine) lookAtNewSpend(in *rules.Inputs) {
	if !in.NewDestination {
		return
	}
	in.NewSpent, in.NewLimit = e.newSpend.Sum(e.now), e.memory.newLimit(e.now, &e.prior)
	if in.NewSpent < in.NewLimit/2 {
		e.newTold = 0
	}
	if in.NewLimit > 0 {
		in.NewLimit = max(in.NewLimit, 2*e.newTold)
	}
}

// lookAtNewNumbers does the same with how many different numbers at new costly
// destinations were reached in a day: stolen minutes are sold where they pay.
func (e *Engine) lookAtNewNumbers(c *ongoing, in *rules.Inputs) {
	if !in.NewDestination || !c.counted.costly {
		return
	}
	if c.answer.IsZero() {
		in.NewNumbers = e.newNumbers.count(e.now)
	} else {
		in.NewNumbers = e.newNumbers.observe(e.now, e.hash(c.counted.number))
	}
	in.NewNumbersLimit = e.memory.newNumbersLimit(e.now, &e.prior)
	if float64(in.NewNumbers) < in.NewNumbersLimit/2 {
		e.numbersTold = 0
	}
	if in.NewNumbersLimit > 0 {
		in.NewNumbersLimit = max(in.NewNumbersLimit, float64(2*e.numbersTold))
	}
}

// finish ends the call: it stops counting, and teaches if it was ordinary.
func (e *Engine) finish(c *ongoing) {
	if c.running() {
		c.over = e.now
	}
	if !c.heard {
		e.withdraw(c) // refused at the door: it was no attempt on the site's money
	}
	if from := e.endsWith(c); from != nil && c.counted.yes {
		in := &c.decision.Inputs
		in.Hairpin, in.EndsAlike, in.HairpinFrom, in.Guessed = true, true, from.caller, from.guessed
	}
	e.decide(c, AtEnd)
	if k := &c.counted; k.yes {
		e.tally(c, -1)
		k.extension.lastNumber = ""
		if c.answer.IsZero() {
			k.extension.lastNumber = k.number
		} else if k.group != nil {
			k.group.train.add(c.start, c.over.Sub(c.answer))
			k.group.train.tone.add(c)
			if k.fresh {
				e.memory.fresh.train.add(c.start, c.over.Sub(c.answer))
				e.memory.fresh.train.tone.add(c)
			}
		}
		e.learn(c)
		e.tested(c)
		e.keepClosed(c)
	}
	if c.incident != nil {
		c.incident.leave(c)
	}
}

// learn takes an ordinary call into memory. What is suspicious teaches nothing,
// unless a person said that it is normal here.
func (e *Engine) learn(c *ongoing) {
	if !c.incident.normal() && (c.decision.own() >= learnBelow || c.incident != nil && c.incident.suspicious()) {
		return
	}
	m, k, in := &e.memory, &c.counted, &c.decision.Inputs
	m.calls++
	e.origins.learn(c, e.now)
	at := c.start.In(e.cfg.Location)
	m.today.weekday = at.Weekday()
	m.today.hours[at.Hour()]++
	if m.days(e.now) > warmDays/2 {
		m.today.newSpent, m.today.newNumbers = max(m.today.newSpent, in.NewSpent), max(m.today.newNumbers, float64(in.NewNumbers))
	}
	k.extension.all.observe(m.day, in.ExtensionLegs)
	if k.costly {
		m.today.dearest = max(m.today.dearest, in.SpentHour)
		m.today.costly += c.cost.likely
		m.today.concurrent[min(in.TrunkCostly, histogram-1)]++
		k.extension.dear.observe(m.day, in.ExtensionCostly)
	}
	if k.group == nil || c.answer.IsZero() {
		return
	}
	m.today.calls++
	m.today.minutes += c.billed()
	m.teach(k.group.key, c.cost.likely, e.hash(k.number), k.fresh)
	m.teachNumber(e.hash(k.number))
	if k.fresh {
		m.teach(groupKey{}, 0, 0, false)
	}
	if c.number.Class.Foreign() && k.extension.abroad == 0 {
		k.extension.abroad = m.day
	}
}
