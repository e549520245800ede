package detect

import (
	"time"

	"tollwatch/detect/numbering"
)

// money is a cost in EUR: likely, and the band around it.
type money struct{ likely, low, high float64 }

func (m *money) add(x money)       { m.likely += x.likely; m.low += x.low; m.high += x.high }
func (m money) less(x money) money { return money{m.likely - x.likely, m.low - x.low, m.high - x.high} }

// price of the call once it was answered for d.
func price(n *numbering.Number, d time.Duration) (m money) {
	m.low, m.likely, m.high = n.CostBand(d)
	return m
}

// firstMinute is the price with the first minute charged whole. Hourly spending
// is watched in it, and compared with hours learned in it: where the tariff is
// not known, short calls may well be billed so, and theft by the minute must
// not look cheaper than it is.
func firstMinute(n *numbering.Number, d time.Duration) float64 {
	b := n.Billing
	b.Minimum, b.Increment = max(b.Minimum, time.Minute), max(b.Increment, time.Second)
	return n.Cost(d, b)
}

// charge brings the cost of the call up to now and books the difference.
func (e *Engine) charge(c *ongoing) {
	if c.answer.IsZero() || c.direction != Outbound {
		return
	}
	until := c.over
	if until.IsZero() {
		until = e.now
	}
	cost := price(&c.number, until.Sub(c.answer))
	more := cost.less(c.cost)
	c.cost = cost
	e.memory.today.total += more.likely
	e.caps.book(c.number.Class, e.now, more.likely)
	if c.counted.fresh {
		e.newSpend.Add(e.now, e.shareOfNew(c.cost.likely)-e.shareOfNew(c.cost.likely-more.likely))
	}
	if c.counted.costly {
		whole := firstMinute(&c.number, until.Sub(c.answer))
		e.spend.Add(e.now, max(whole-c.booked, 0))
		c.booked = max(whole, c.booked)
	}
	if c.incident != nil {
		c.incident.charge(e.now, more)
	}
}

// shareOfNew is what counts of a call's cost as a day's spending on new
// destinations: a third of the limit at most. One long call is money_timer's.
func (e *Engine) shareOfNew(cost float64) float64 {
	const parts = 3
	if limit := e.memory.newLimit(e.now, &e.prior); limit > 0 {
		return min(cost, limit/parts)
	}
	return cost
}
