package dialog

import (
	"net/netip"
	"time"
)

// pace is how fast a B2BUA calls on, and repeats on the first leg what it hears
// on the later one: means over the latest calls whose legs went in step.
type pace struct {
	dials, repeats time.Duration
	seen           int
}

const (
	maxPaces   = 1024
	provenPace = 8 // calls after which a pace is believed
	paceShare  = 8 // of the latest call in the means, one in so many
	paceSpread = 4 // times the mean is still in the pace
	// usualSpread is how many times more or less than the mean nearly all calls take.
	usualSpread = 3
	// leastDialing is what a B2BUA may always take: an INVITE that was lost on its
	// way is sent again after T1 (RFC 3261 §17.1.1.1).
	leastDialing = 600 * time.Millisecond
	timerT1      = 500 * time.Millisecond // RFC 3261 §17.1.1.1
)

// paced notes the pace of a first leg that has taken a step, if its later leg has.
func (t *Tracker) paced(a *leg, s stage) {
	if a.ID%paceShare != 0 {
		return // some are enough
	}
	for l := a.mate(); l != a; l = l.mate() {
		if l.prior == a.ID && together(a, l, s, stepTime) {
			t.note(a, l, s)
			return
		}
	}
}

func (t *Tracker) note(a, l *leg, s stage) {
	p := t.paces[a.Dst.Addr()]
	if p.seen == 0 && len(t.paces) >= maxPaces || a.Attempts == 0 || l.Attempts == 0 {
		return
	}
	repeats, dials := max(a.at(s).Sub(l.at(s)), 0), max(l.Start.Sub(a.asked), 0)
	if dials >= timerT1 {
		dials -= timerT1 // the INVITE was sent again
	}
	if p.seen >= provenPace {
		dials = min(dials, 2*p.dials+time.Millisecond) // one that waited tells little of the others
	}
	if p.seen++; p.seen < paceShare {
		p.repeats += (repeats - p.repeats) / time.Duration(p.seen)
		p.dials += (dials - p.dials) / time.Duration(p.seen)
	} else {
		p.seen = paceShare
		p.repeats += (repeats - p.repeats) / paceShare
		p.dials += (dials - p.dials) / paceShare
	}
	t.paces[a.Dst.Addr()] = p
}

// most is how far apart steps are that belong together at a B2BUA.
func (t *Tracker) most(b2bua netip.Addr) time.Duration {
	p := t.paces[b2bua]
	if p.seen < provenPace {
		return stepTime
	}
	return min(stepTime, paceSpread*p.repeats+time.Millisecond)
}

// prompt says that l followed a as fast as calls do there: a leg that waits for
// longer has lost its partner, and is not joined with the next that comes.
func (t *Tracker) prompt(a, l *leg) bool {
	p := t.paces[a.Dst.Addr()]
	return p.seen < provenPace || l.Start.Sub(a.asked) <= max(leastDialing, paceSpread*p.dials)
}

// usual says that the B2BUA that a went to takes so long to call on, nearly always.
func (t *Tracker) usual(a *leg, d time.Duration) bool {
	p := t.paces[a.Dst.Addr()]
	if p.seen < provenPace {
		return d >= 0 && d <= leastDialing
	}
	return d >= p.dials/usualSpread && d <= p.dials*usualSpread
}
