package detect

import (
	"math/bits"
	"time"

	"tollwatch/detect/window"
)

// origins knows which numbers the site shows on its trunks, and whether a
// telephone's own leg was seen before such calls.
type origins struct {
	table        *window.LRU[string, seenLegs] // by the number shown
	calls, fresh window.Decay                  // calls learned; of them the first of a number
	all          seenLegs                      // of the site
	alone        time.Time                     // when the PBX was last seen to make a call itself
}

// seenLegs says of the last 50 calls whether the telephone was seen.
type seenLegs struct {
	bits uint64 // the latest lowest
	n    int
}

// When a missing telephone, or a number that is shown, is strange.
const (
	lastOrigins     = 50
	enoughOrigins   = 20
	originWait      = 5 * time.Second // a telephone's leg that comes later is another call
	originsHalfLife = 7 * 24 * time.Hour
	originsCalls    = 200  // learned before a number can be strange
	originsFresh    = 0.02 // share of new numbers at a site that shows whatever it likes
)

func newOrigins() origins {
	return origins{table: window.NewLRU[string, seenLegs](maxExtensions),
		calls: window.Decay{HalfLife: originsHalfLife}, fresh: window.Decay{HalfLife: originsHalfLife}}
}

func (s *seenLegs) add(seen bool) {
	s.bits <<= 1
	if seen {
		s.bits |= 1
	}
	s.n = min(s.n+1, lastOrigins)
}

// of counts those of the last calls, n at most, whose telephone was seen.
func (s *seenLegs) of(n int) int { return bits.OnesCount64(s.bits & (1<<min(n, s.n) - 1)) }

// cli is the number that an outbound call shows on its trunk; empty where it
// has none, or came from outside.
func (c *ongoing) cli() string {
	if s := c.legs[0].side; s != fromPhone && s != toTrunk {
		return ""
	}
	for i := range c.legs {
		if l := &c.legs[i]; l.side == toTrunk {
			return named(l.asserted, l.from.User)
		}
	}
	return ""
}

// learn takes an ordinary call.
func (o *origins) learn(c *ongoing, now time.Time) {
	cli := c.cli()
	if cli == "" {
		return
	}
	known := put(o.table, cli)
	if known.n == 0 {
		o.fresh.Add(now, 1)
	}
	o.calls.Add(now, 1)
	known.add(c.phones)
	o.all.add(c.phones)
}

// lookAtOrigin says whether the PBX may have made the call itself, and whether
// it shows a number that is none of the site's.
func (e *Engine) lookAtOrigin(c *ongoing) (noTelephone, strangeNumber bool) {
	if !c.watched() {
		return false, false
	}
	o, cli := &e.origins, c.cli()
	if cli == "" {
		return false, false
	}
	known := o.table.Get(cli)
	if known == nil {
		calls := o.calls.Value(e.now)
		return false, calls >= originsCalls && o.fresh.Value(e.now) < originsFresh*calls
	}
	usual := known.n >= enoughOrigins && 100*known.of(lastOrigins) >= 95*known.n
	if c.phones || !usual || 4*o.all.of(enoughOrigins) <= enoughOrigins {
		return false, false
	}
	if e.now.Sub(c.start) >= originWait {
		o.alone = e.now
		return true, false
	}
	return !o.alone.IsZero() && e.now.Sub(o.alone) <= rateWindow, false // the next need not wait
}

// restart forgets what depends on the clock.
func (o *origins) restart() {
	o.calls, o.fresh = window.Decay{HalfLife: originsHalfLife}, window.Decay{HalfLife: originsHalfLife}
	o.alone = time.Time{}
}

func (w *writer) origins(o *origins) {
	w.decay(&o.calls)
	w.decay(&o.fresh)
	w.seenLegs(&o.all)
	w.int(int64(o.table.Len()))
	for cli, x := range o.table.OldestFirst() {
		w.string(cli)
		w.seenLegs(x)
	}
}

func (r *reader) origins(o *origins) {
	r.decay(&o.calls)
	r.decay(&o.fresh)
	r.seenLegs(&o.all)
	for range r.count(maxExtensions) {
		r.seenLegs(put(o.table, r.string()))
	}
}

func (w *writer) seenLegs(s *seenLegs) {
	w.hash(s.bits)
	w.int(int64(s.n))
}

func (r *reader) seenLegs(s *seenLegs) {
	s.bits = r.hash()
	s.n = int(r.count(lastOrigins))
}
