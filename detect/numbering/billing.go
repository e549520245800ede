package numbering

import "time"

// Billing is how a minute becomes money (the rate is the number's own).
type Billing struct {
	Fee       float64       // EUR an answered call
	Minimum   time.Duration // billed at least
	Increment time.Duration // billed in steps of
}

// BillingFor is the billing assumed until the site's own tariff is known: by
// the second, without fee or minimum, for every class. It is the lowest of
// what operators do; [Number.CostBand] covers the first minute charged whole,
// which in the case that tollwatch was made for is the difference between
// 20 and 3 calls a minute (29,733 EUR either way).
func BillingFor(Class) Billing { return Billing{Minimum: time.Second, Increment: time.Second} }

// Cost is the price in EUR of a call that has been answered for d:
//
//	fee + rate · max(minimum, ⌈d/increment⌉ · increment)
//
// A call that was not answered (d ≤ 0) costs nothing.
func (n *Number) Cost(d time.Duration, b Billing) float64 {
	if d <= 0 || n.Class == Emergency || n.Class == Internal {
		return 0
	}
	if b.Increment > 0 {
		steps := (d-1)/b.Increment + 1
		if billed := steps * b.Increment; billed >= d { // no overflow
			d = billed
		}
	}
	return b.Fee + n.Rate*max(d, b.Minimum).Minutes()
}

// CostBand is Cost with its uncertainty, of which a price list has none. Else low is half of it (a wholesale-like
// price), high is twice it, or the first minute charged whole where that is
// more.
func (n *Number) CostBand(d time.Duration) (low, likely, high float64) {
	if n.Tariff == Customer {
		likely = n.Cost(d, n.Billing)
		return likely, likely, likely
	}
	b := BillingFor(n.Class)
	likely = n.Cost(d, b)
	b.Minimum = max(b.Minimum, time.Minute)
	return likely / 2, likely, max(2*likely, n.Cost(d, b))
}
