package dialog

import (
	"net/netip"
	"time"
)

// pace is how fast a B2BUA repeats on the first leg what it hears on the later
// one, as seen of calls whose legs were never in doubt.
type pace struct {
	longest time.Duration // it shrinks by and by
	seen    int
}

const (
	maxPaces   = 1024
	provenPace = 8 // relays after which a pace is believed
)

// paced notes the pace of a leg that has taken a step, if its later leg has.
func (t *Tracker) paced(a *leg, s stage) {
	for l := a.mate(); l != a; l = l.mate() {
		if l.prior != a.ID || l.late || !together(a, l, s, stepTime) {
			continue
		}
		p := t.paces[a.Dst.Addr()]
		if p.seen == 0 && len(t.paces) >= maxPaces {
			return
		}
		p.longest = max(a.at(s).Sub(l.at(s)), p.longest-p.longest/256)
		p.seen = min(p.seen+1, provenPace)
		t.paces[a.Dst.Addr()] = p
		return
	}
}

// most is how far apart steps are that belong together at a B2BUA: twice what
// was seen, since few were.
func (t *Tracker) most(b2bua netip.Addr) time.Duration {
	p := t.paces[b2bua]
	if p.seen < provenPace {
		return stepTime
	}
	return min(stepTime, 2*p.longest+time.Millisecond)
}
