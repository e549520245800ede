package detect

import (
	"time"

	"tollwatch/decoder/call"
	"tollwatch/detect/rules"
	"tollwatch/detect/window"
)

// baits are numbers that called the site and hung up at once.
type baits struct {
	numbers *window.LRU[string, bait]
	groups  *window.LRU[groupKey, ringing]
}

// bait is one such number.
type bait struct {
	at    time.Time
	group groupKey
}

// ringing is a country and class that such calls come from.
type ringing struct {
	rings recent
	told  time.Time // when they were last so many that it was told
}

// Bounds of the bait, and its times.
const (
	maxBaits  = 2048
	oneRing   = 6 * time.Second
	baitFor   = 72 * time.Hour
	toldAgain = 24 * time.Hour
)

func newBaits() baits {
	return baits{window.NewLRU[string, bait](maxBaits), window.NewLRU[groupKey, ringing](maxGroups)}
}

// rangOnce looks at a call from outside that was given up at once.
func (e *Engine) rangOnce(c *ongoing, l *call.Leg) {
	if l.State != call.Cancelled || l.End.Sub(l.Start) >= oneRing {
		return
	}
	n, foreign := e.foreignCaller(c)
	if !foreign {
		return
	}
	key := groupKey{n.Country, n.Class}
	*put(e.baits.numbers, n.E164) = bait{e.now, key}
	g := put(e.baits.groups, key)
	g.rings.add(e.now)
	if !g.told.IsZero() && e.now.Sub(g.told) < toldAgain {
		return
	}
	e.suspect(sign{scheme: Wangiri, caller: n.Country + n.Class.String(), trunk: c.trunk, callID: c.callID, target: n.E164,
		signs: rules.Signs{Caller: n.E164, Called: c.called(), OneRing: g.rings.within(e.now, time.Hour)}})
	if e.signDecision.Score > 0 {
		g.told = e.now
	}
}

// age is how many hours ago the number rang here as bait; 0 when it did not.
func (b *baits) age(number string, now time.Time) float64 {
	at := b.numbers.Get(number)
	if at == nil || now.Sub(at.at) > baitFor {
		return 0
	}
	if g := b.groups.Get(at.group); g == nil || g.told.IsZero() || now.Sub(g.told) > baitFor {
		return 0
	}
	return max(now.Sub(at.at), time.Minute).Hours()
}
