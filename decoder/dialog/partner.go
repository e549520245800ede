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
	h := hashAddr(x.b2bua(w))
	if w == down {
		return [4]seeker{{sentNumber, x.numberAt(h)}, {sentCaller, x.callerAt(h)}, {sentMedia, mediaHash(x.offered)}}
	}
	caller := uint64(0)
	if isShort(x.Request.User) {
		caller = x.callerAt(h)
	}
	return [4]seeker{{cameNumber, x.numberAt(h)}, {cameCaller, caller}, {cameSession, x.sessionAt(h)}, {cameMedia, mediaHash(x.offered)}}
}

// partner looks for the leg that led to x, or that x led to, among those that
// pass.
func (t *Tracker) partner(x *leg, w way, passes func(y *leg) bool) (best partner) {
	all := t.partners(x, w, passes, func(y *leg, e evidence) {
		switch {
		case y == best.leg || e < best.evidence:
		case e == best.evidence:
			best.only = false
		default:
			best = partner{y, e, true}
		}
	})
	best.only = best.only && all
	return best
}

// partners visits the legs that can have led to x, or that x can have led to, and
// that pass. It says whether it could look at all; a media endpoint that many
// share tells nothing.
func (t *Tracker) partners(x *leg, w way, passes func(y *leg) bool, visit func(y *leg, e evidence)) (all bool) {
	all = true
	for _, list := range x.seekers(w) {
		n := 0
		var next *leg
		for y := t.first(list.slot, list.hash, &n); y != nil; y = next {
			next = t.following(y, list.slot, &n)
			if t.stale(y) {
				n--
				t.delist(y, cameNumber, sent)
				continue
			}
			if !passes(y) {
				continue
			}
			a, l := y, x
			if w == down {
				a, l = x, y
			}
			if e := t.evidence(a, l); e != none {
				visit(y, e)
			}
		}
		all = all && (n <= maxSearch || list.slot == cameMedia || list.slot == sentMedia)
	}
	return all
}

// stale says that a leg was answered too long ago to get a partner.
func (t *Tracker) stale(l *leg) bool {
	return l.answered() && t.now.Sub(l.Answer) >= t.cfg.JoinWindow
}

func anyLeg(*leg) bool { return true }

// certain is the one leg that led to l, where there is no doubt: no other could
// have, and it could have led to no other.
func (t *Tracker) certain(l *leg) *leg {
	a := t.partner(l, up, anyLeg)
	if !a.only || a.vague || a.evidence < byMedia && !t.prompt(a.leg, l) {
		return nil
	}
	rival := t.partner(a.leg, down, func(y *leg) bool { return y != l })
	if rival.leg != nil && rival.evidence >= a.evidence {
		return nil
	}
	return a.leg
}
