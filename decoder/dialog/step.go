package dialog

import (
	"net/netip"
	"time"

	"tollwatch/decoder/call"
)

// The legs of a call go in step: what the called side says on the later leg, the
// B2BUA says on the earlier one, a moment later. With what else speaks for it
// that tells which of several calls a leg belongs to.
const (
	// stepTime is how far apart two such answers are: what a B2BUA takes.
	stepTime = 25 * time.Millisecond
	// blindStep holds where nothing but the steps speaks for it.
	blindStep = 20 * time.Millisecond
	// dialTime is what a B2BUA takes to call on, where nothing else tells.
	dialTime = 5 * time.Second
	// settleTime is how long a leg waits for a better partner than the only one.
	settleTime = 500 * time.Millisecond
	// fewRivals are so few that it does not happen that two of them take a step at
	// the same moment, and that those of both of their partners were lost.
	fewRivals = 16
	// maxDoubts bounds the legs that wait so.
	maxDoubts = 4096
)

// stage is a moment in the life of a leg that the other legs of its call share.
type stage uint8

const (
	rang stage = iota
	picked
)

func (l *leg) at(s stage) time.Time {
	if s == rang {
		return l.Ringing
	}
	return l.Answer
}

// together says that both legs took a step at the same time, up to a delay.
func together(a, b *leg, s stage, most time.Duration) bool {
	if a.at(s).IsZero() || b.at(s).IsZero() {
		return false
	}
	d := a.at(s).Sub(b.at(s))
	return d <= most && d >= -most
}

// apart says that one leg rang long before the other.
func apart(a, b *leg) bool {
	return !a.Ringing.IsZero() && !b.Ringing.IsZero() && !together(a, b, rang, stepTime)
}

// steps looks for the partners of a leg that has just taken a step. The B2BUA
// repeats what it hears at once, so that a first leg finds the later one; that
// one waits, since its own first leg is yet to follow.
func (t *Tracker) steps(l *leg, s stage) {
	if l.behind == 0 {
		t.follow(l, down, s)
	} else {
		t.paced(l, s)
	}
	if s == picked {
		t.blind(l)
	} else {
		t.ringing(l)
	}
	t.wait(l)
}

// ringing makes a leg without a partner known by its address alone.
func (t *Tracker) ringing(l *leg) {
	if l.behind == 0 {
		t.list(l, came, hashAddr(l.Dst.Addr())|1)
	}
	if l.prior == 0 {
		t.list(l, sent, hashAddr(l.Src.Addr())|1)
	}
}

func (t *Tracker) follow(l *leg, w way, s stage) {
	if l.at(s).IsZero() {
		return
	}
	most := t.most(l.b2bua(w))
	inStep := func(a, b *leg) bool { return together(a, b, s, most) && !apart(a, b) }
	t.pair(l, w, inStep, inStep, func(a, l *leg) bool {
		possible := t.possible(a, l)
		t.note(a, l, s) // in any case: the B2BUA may have become slower
		return possible
	})
}

// possible says that nothing speaks against two legs in step. Where both INVITEs
// were seen, the later did not follow out of all time. Where others could be the
// partner of either, nothing else that they did is far apart; where many could,
// one moment in common is not enough: chance makes it.
func (t *Tracker) possible(a, l *leg) bool {
	if a.Attempts > 0 && l.Attempts > 0 && !t.prompt(a, l) {
		return false
	}
	shared, apart := t.moments(a, l)
	if shared > 1 && apart == 0 {
		return true
	}
	rivals := t.rivals(a, l)
	return rivals == 0 || rivals <= fewRivals && shared > 0 && apart == 0
}

// moments counts what the legs did together, and what apart: the one INVITE after
// the other, and their steps.
func (t *Tracker) moments(a, l *leg) (shared, apart int) {
	if a.Attempts > 0 && l.Attempts > 0 {
		switch d := l.Start.Sub(a.asked); {
		case t.usual(a, d):
			shared++
		case !t.usual(a, d-timerT1): // sent again, which says little
			apart++
		}
	}
	most := t.most(a.Dst.Addr())
	for s := rang; s <= picked; s++ {
		if a.at(s).IsZero() || l.at(s).IsZero() {
			continue
		}
		if d := a.at(s).Sub(l.at(s)); d >= 0 && d <= most {
			shared++
		} else {
			apart++
		}
	}
	return shared, apart
}

// rivals counts in how many other ways the legs could have partners: as a first
// leg, or as a later one, whichever are more.
func (t *Tracker) rivals(a, l *leg) int {
	first, later := 0, 0
	t.partners(l, up, func(y *leg) bool { return y != a }, func(*leg, evidence) { first++ })
	t.partners(a, down, func(y *leg) bool { return y != l }, func(*leg, evidence) { later++ })
	return max(first, later)
}

// b2bua is where the partner of a leg is to be found.
func (l *leg) b2bua(w way) netip.Addr {
	if w == up {
		return l.Src.Addr()
	}
	return l.Dst.Addr()
}

// pair joins x with its partner where each is the other's only one among those
// that pass, there and back, and the first leg fits the later one.
func (t *Tracker) pair(x *leg, w way, there, back, fits func(x, y *leg) bool) (a, l *leg) {
	p := t.partner(x, w, func(y *leg) bool { return there(x, y) })
	if !p.only {
		return nil, nil
	}
	if b := t.partner(p.leg, !w, func(y *leg) bool { return back(p.leg, y) }); !b.only || b.leg != x {
		return nil, nil
	}
	a, l = p.leg, x
	if w == down {
		a, l = x, p.leg
	}
	if !fits(a, l) || !t.attach(a, l) {
		return nil, nil
	}
	return a, l
}

// blind joins legs whose numbers the dial plan has rewritten beyond recognition:
// both rang and were answered in step, and no others did so then.
func (t *Tracker) blind(l *leg) {
	if l.prior == 0 {
		if a := t.blindPartner(l, up); a != nil && t.blindPartner(a, down) == l {
			t.attach(a, l)
		}
	}
	if l.behind == 0 {
		if n := t.blindPartner(l, down); n != nil && t.blindPartner(n, up) == l {
			t.attach(l, n)
		}
	}
}

func (t *Tracker) blindPartner(x *leg, w way) (only *leg) {
	s := came
	if w == down {
		s = sent
	}
	n := 0
	var next *leg
	for y := t.first(s, hashAddr(x.b2bua(w))|1, &n); y != nil; y = next {
		next = t.following(y, s, &n)
		a, l := y, x
		if w == down {
			a, l = x, y
		}
		switch {
		case t.stale(y):
			n--
			t.delist(y, cameNumber, sent)
		case !t.alike(a, l):
		case only != nil:
			return nil
		default:
			only = y
		}
	}
	if n > maxSearch {
		return nil
	}
	return only
}

// alike says that a and l took the same steps. Two numbers of the public network
// that differ are two calls: a forward to the outside costs money of its own.
func (t *Tracker) alike(a, l *leg) bool {
	return together(a, l, rang, blindStep) && together(a, l, picked, blindStep) &&
		(isShort(a.Request.User) || isShort(l.Request.User)) &&
		a.behind == 0 && l.prior == 0 && a.Attempts > 0 && t.mayLead(a, l) && a.leadsTo(l) && l.Start.Sub(a.asked) <= dialTime
}

// waiting is a leg whose call may yet turn out to be another's.
type waiting struct {
	id   call.LegID
	time time.Time
}

// doubts are the legs that wait, oldest first: a ring of which the oldest gives way.
type doubts struct {
	legs     []waiting
	first, n int
}

// wait has a leg looked at again when better partners have had their time.
func (t *Tracker) wait(l *leg) {
	d := &t.doubts
	if d.legs == nil {
		d.legs = make([]waiting, maxDoubts)
	}
	if d.n == maxDoubts {
		d.first, d.n = (d.first+1)%maxDoubts, d.n-1
	}
	d.legs[(d.first+d.n)%maxDoubts] = waiting{l.ID, t.now}
	d.n++
}

// decideAll looks again at the legs that have waited.
func (t *Tracker) decideAll(now time.Time) {
	d := &t.doubts
	for d.n > 0 && now.Sub(d.legs[d.first].time) >= settleTime {
		l := t.byID[d.legs[d.first].id]
		d.first, d.n = (d.first+1)%maxDoubts, d.n-1
		if l != nil && l.Live() {
			t.decide(l)
		}
	}
}

// decide joins a leg with its partner when all that could be has been seen: the
// one in step, though captured the wrong way round, else the only one that there
// is, if it has no other. What led to a leg was then seen to begin, and of the
// leg itself more was seen than what the called side says.
func (t *Tracker) decide(l *leg) {
	if l.prior == 0 {
		t.decideFirst(l)
	}
	if l.behind == 0 && l.Attempts > 0 && !l.vague {
		t.pair(l, down, func(_, n *leg) bool { return n.shown() && !n.vague }, anyone, t.prompt)
	}
}

func (t *Tracker) decideFirst(l *leg) {
	for s := picked; l.prior == 0; s-- {
		t.follow(l, up, s)
		if s == rang {
			break
		}
	}
	if l.prior == 0 && l.shown() && !l.vague {
		t.pair(l, up, func(_, a *leg) bool { return a.Attempts > 0 && !a.vague }, anyone, t.prompt)
	}
}

func anyone(_, _ *leg) bool { return true }

// shown says that the caller of a leg was seen.
func (l *leg) shown() bool { return l.Attempts > 0 || l.HeardOther }

// giveUps are first legs that were cancelled, each a moment before the B2BUA
// cancels the later one: it may have ended by then.
type giveUps struct {
	legs [8]call.LegID
	next int
}

// gaveUp looks for the first leg of one that the B2BUA cancels.
func (t *Tracker) gaveUp(l *leg) {
	if l.prior == 0 && l.shown() {
		var only *leg
		n := 0
		for _, id := range t.cancelled.legs {
			a := t.byID[id]
			if a != nil && a.joins == 0 && a.Call < l.Call && l.cancelled.Sub(a.cancelled) <= stepTime && !apart(a, l) &&
				t.evidence(a, l) != none && t.possible(a, l) {
				only = a
				n++
			}
		}
		if n == 1 {
			t.attach(only, l)
		}
	}
	if l.joins == 0 {
		t.cancelled.legs[t.cancelled.next] = l.ID
		t.cancelled.next = (t.cancelled.next + 1) % len(t.cancelled.legs)
	}
}
