package scenario

import (
	"math/rand/v2"
	"time"
)

// source plans calls of one kind, in the order of their starts.
type source interface {
	// at is the start of the next call; false when there is none any more.
	at() (time.Time, bool)
	// take returns that call and plans the one behind it. It returns false
	// when the call cannot be made: nobody is free to make it.
	take() (Call, bool)
}

// Plan yields the calls of a scenario.
type Plan struct {
	sources []source
	calls   uint64
}

// New plans the calls that the parameters and the seed give.
func New(p Parameters, seed uint64) (*Plan, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(p.Timezone)
	if err != nil {
		return nil, err
	}
	desks := newDesks(p.Extensions)
	pl := &Plan{}
	for d := Outbound; d <= Internal; d++ {
		pl.sources = append(pl.sources, newHonest(&p, zone, seed, d, desks))
	}
	for i := range p.Attacks {
		pl.sources = append(pl.sources, newBurst(&p, i, seed))
	}
	return pl, nil
}

// Next returns the next call in the order of starts, false after the last.
func (pl *Plan) Next() (Call, bool) {
	for {
		s := pl.earliest()
		if s == nil {
			return Call{}, false
		}
		if c, ok := s.take(); ok {
			pl.calls++
			c.ID = pl.calls
			return c, true
		}
	}
}

// earliest is linear: a site has a handful of sources.
func (pl *Plan) earliest() source {
	var first source
	var when time.Time
	for _, s := range pl.sources {
		if t, ok := s.at(); ok && (first == nil || t.Before(when)) {
			first, when = s, t
		}
	}
	return first
}

// Streams of random numbers, so that no source disturbs another.
const (
	streamArrivals = 1 << 8
	streamCalls    = 2 << 8
	streamDays     = 3 << 8
	streamContacts = 4 << 8
	streamAttacks  = 5 << 8
)

func newRand(seed, stream uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, stream)) }

// between draws a span, to the millisecond.
func between(rng *rand.Rand, least, most time.Duration) time.Duration {
	return least + (time.Duration(rng.Float64() * float64(most-least))).Round(time.Millisecond)
}

// desks are the telephones of the site: who is talking, and until when.
type desks struct{ busy []time.Time }

func newDesks(n int) *desks { return &desks{busy: make([]time.Time, n)} }

func (d *desks) free(i int, now time.Time) bool { return !now.Before(d.busy[i]) }

func (d *desks) occupy(i int, until time.Time) { d.busy[i] = until }

// any returns a free desk other than not; false when all that are tried talk.
func (d *desks) any(rng *rand.Rand, now time.Time, not int) (int, bool) {
	for range 8 {
		if i := rng.IntN(len(d.busy)); i != not && d.free(i, now) {
			return i, true
		}
	}
	return 0, false
}
