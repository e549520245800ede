package detect

import (
	"time"

	"tollwatch/decoder/call"
	"tollwatch/detect/rules"
)

// onward remembers for seconds who was told to call where, or pressed so many
// keys that a number may have been among them.
type onward struct {
	told      [64]deflection
	nextTold  int
	keyed     [16]keyed
	nextKeyed int
}

// deflection is a number that a 302 or a REFER named.
type deflection struct {
	at       time.Time
	by       call.ID
	number   string // E.164 with +, else as told
	transfer bool
}

// keyed is a call from outside in which many keys were pressed.
type keyed struct {
	call call.ID
	at   time.Time // of the latest
}

// onwardWithin is how soon a call follows what caused it.
const onwardWithin = 10 * time.Second

func (o *onward) dialled(id call.ID, now time.Time) {
	for i := range o.keyed {
		if o.keyed[i].call == id {
			o.keyed[i].at = now
			return
		}
	}
	o.keyed[o.nextKeyed] = keyed{id, now}
	o.nextKeyed = (o.nextKeyed + 1) % len(o.keyed)
}

// observeDeflection notes a 302 of the site and a REFER of anybody.
func (e *Engine) observeDeflection(c *ongoing, ev *call.Event) {
	s := c.leg(ev.Leg.ID)
	transfer := ev.Kind == call.EventTransfer
	if ev.Target == "" || s == nil || !transfer && (ev.Kind != call.EventForwarded || s.side == toTrunk) {
		return
	}
	number := e.plan.Resolve(ev.Target, "").E164
	if number == "" {
		number = ev.Target
	}
	o := &e.onward
	o.told[o.nextTold] = deflection{e.now, c.id, number, transfer}
	o.nextTold = (o.nextTold + 1) % len(o.told)
}

// deflected is the latest deflection to the number, nil when there is none.
func (o *onward) deflected(number string, now time.Time) *deflection {
	var latest *deflection
	for i := range o.told {
		d := &o.told[i]
		if !d.at.IsZero() && d.number == number && now.Sub(d.at) <= onwardWithin && (latest == nil || d.at.After(latest.at)) {
			latest = d
		}
	}
	return latest
}

// fillOnward writes of what other call this one is the way on.
func (e *Engine) fillOnward(c *ongoing, in *rules.Inputs) {
	if !c.watched() {
		return
	}
	d := e.onward.deflected(c.shown(), e.now)
	in.Transferred = d != nil && d.transfer
	in.Forwarded = d != nil && !d.transfer || e.diverted(c)
	in.Customary = e.memory.customary(e.hash(in.Number))
	in.BaitAge = e.baits.age(in.Number, e.now)
	from := e.cameBy(c, d)
	if from == nil {
		return
	}
	in.Hairpin, in.HairpinFrom, in.Guessed = true, from.caller(), e.guessed(from)
	if k := &from.keys; k.pressed >= manyKeys && e.now.Sub(k.last) <= onwardWithin {
		in.HairpinKeys = k.pressed
	}
}

// diverted says that a leg to the trunk bears a Diversion, and that nobody of
// the site dialled its number.
func (e *Engine) diverted(c *ongoing) bool {
	for i := range c.legs {
		if l := &c.legs[i]; l.side == toTrunk && l.diverted {
			return !c.phones || e.resolve(&c.legs[0]).E164 != c.number.E164
		}
	}
	return false
}

// cameBy is the call from outside that goes on as c: it itself, or one that is
// up and that just told, or keyed in, where to call. A telephone that dials is
// no way on.
func (e *Engine) cameBy(c *ongoing, d *deflection) *ongoing {
	if c.comesFromOutside() {
		return c
	}
	if d != nil {
		if from := e.up(d.by, c); from != nil {
			return from
		}
	}
	for i := range e.onward.keyed {
		if k := &e.onward.keyed[i]; !c.phones && k.call != 0 && e.now.Sub(k.at) <= onwardWithin {
			if from := e.up(k.call, c); from != nil {
				return from
			}
		}
	}
	return nil
}

// up is the call from outside with the ID, other than c, while it runs.
func (e *Engine) up(id call.ID, c *ongoing) *ongoing {
	slot := e.calls.Get(id)
	if slot == nil || *slot == c || !(*slot).comesFromOutside() || !(*slot).legs[0].live {
		return nil
	}
	return *slot
}
