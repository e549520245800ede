package dialog

// way is where a search goes: to what led to a leg, or to what it led to.
type way bool

const (
	up   way = true
	down way = false
)

// partner is what a search found: the leg with the most evidence.
type partner struct {
	*leg
	evidence evidence
	only     bool // no other leg has as much
}

// seeker is one list of a search.
type seeker struct {
	slot slot
	hash uint64
}

// seekers are the lists in which partners of x lie.
func (x *leg) seekers(w way) (list [4]seeker) {
	if w == up {
		k := x.keysAt(x.Src.Addr())
		if !isShort(x.Request.User) {
			k.caller = 0
		}
		return [4]seeker{{cameNumber, k.number}, {cameCaller, k.caller}, {cameSession, k.session}, {cameMedia, mediaHash(x.offered)}}
	}
	k := x.keysAt(x.Dst.Addr())
	return [4]seeker{{sentNumber, k.number}, {sentCaller, k.caller}, {sentMedia, mediaHash(x.offered)}}
}

// partner looks for the leg that led to x, or that x led to, among those that
// pass. It is not the only one where others could not all be looked at.
func (t *Tracker) partner(x *leg, w way, passes func(y *leg) bool) (best partner) {
	best.only = true
	for _, list := range x.seekers(w) {
		n := 0
		var next *leg
		for y := t.first(list.slot, list.hash, &n); y != nil; y = next {
			next = y.following(list.slot, &n)
			if t.stale(y) {
				n--
				t.delist(y, cameNumber, sent)
				continue
			}
			a, l := y, x
			if w == down {
				a, l = x, y
			}
			best.weigh(y, t.evidence(a, l), passes)
		}
		best.only = best.only && n <= maxSearch
	}
	best.only = best.only && best.leg != nil
	return best
}

func (p *partner) weigh(y *leg, e evidence, passes func(y *leg) bool) {
	switch {
	case e == none || y == p.leg || e < p.evidence || passes != nil && !passes(y):
	case e == p.evidence:
		p.only = false
	default:
		*p = partner{y, e, true}
	}
}

// stale says that a leg was answered too long ago to get a partner.
func (t *Tracker) stale(l *leg) bool {
	return l.answered() && t.now.Sub(l.Answer) >= t.cfg.JoinWindow
}

// certain is the one leg that led to l, where there is no doubt: no other could
// have, and it could have led to no other.
func (t *Tracker) certain(l *leg) *leg {
	a := t.partner(l, up, nil)
	if !a.only {
		return nil
	}
	rival := t.partner(a.leg, down, func(y *leg) bool { return y != l })
	if rival.leg != nil && rival.evidence >= a.evidence {
		return nil
	}
	return a.leg
}
