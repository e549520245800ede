package score

import (
	"math"
	"time"

	"tollwatch/sensor/lab/plan"
)

// Attack follows one attack while it goes on.
type Attack struct {
	Label, ID string

	begun    time.Time // the first call that steals
	any      time.Time // the first sign of it, preparations included
	latest   time.Time
	prepared bool // something was only preparation
	calls    int
	thefts   []theft // of answered calls, until it is found
	found    bool
	page     time.Time
	at       Loss
	before   int
}

// theft is one answered call that costs money.
type theft struct {
	answer, end time.Time
	rate        float64 // euro a minute
}

// Loss is money, in euro, billed by the second and by the started minute.
type Loss struct{ BySecond, ByMinute float64 }

func (l *Loss) add(t theft, until time.Time) {
	if until.After(t.end) {
		until = t.end
	}
	if d := until.Sub(t.answer); d >= 0 {
		l.BySecond += t.rate * d.Minutes()
		l.ByMinute += t.rate * max(math.Ceil(d.Minutes()), 1)
	}
}

// NewAttack follows the attack of a name.
func NewAttack(label, id string) *Attack { return &Attack{Label: label, ID: id} }

// Call takes a call of the attack, at its start. Preparation steals nothing yet.
func (a *Attack) Call(c *plan.Call) {
	a.Sign(c.Start, c.Preparation)
	if c.Preparation {
		return
	}
	if a.begun.IsZero() {
		a.begun = c.Start
	}
	a.calls++
	if c.Outcome == plan.Answered && c.Direction == plan.Outbound {
		a.steal(c.Start.Add(c.AnswerAfter), c.Duration, plan.Rate(c.Number))
	}
	if o := c.Onward; o != nil && o.Duration > 0 {
		a.steal(c.Start.Add(o.After), o.Duration, plan.Rate(o.Number))
	}
}

// Sign takes anything else that belongs to the attack.
func (a *Attack) Sign(at time.Time, preparation bool) {
	a.prepared = a.prepared || preparation
	if a.any.IsZero() {
		a.any = at
	}
	a.latest = at
}

func (a *Attack) steal(answer time.Time, d time.Duration, rate float64) {
	a.thefts = append(a.thefts, theft{answer, answer.Add(d), rate})
}

// Page notes the first alert that wakes somebody because of the attack.
func (a *Attack) Page(at time.Time) {
	if a.found {
		return
	}
	a.found, a.page, a.before = true, at, a.calls
	a.at = a.lost(at)
	a.thefts = nil
}

// Found says that somebody was woken.
func (a *Attack) Found() bool { return a.found }

func (a *Attack) lost(until time.Time) (l Loss) {
	for _, t := range a.thefts {
		l.add(t, until)
	}
	return l
}

// Result is how one attack went.
type Result struct {
	Label   string  `json:"attack"`
	Found   bool    `json:"found"`
	Early   bool    `json:"early"`    // in its preparation
	Calls   int     `json:"calls"`    // that had begun when it was found, or in all
	Seconds float64 `json:"seconds"`  // from the first call that steals, or from the first sign where none does
	Loss    Loss    `json:"loss_eur"` // when it was found, or in all
}

// Result sums up. An attack that was not found has the seconds +Inf.
func (a *Attack) Result() Result {
	r := Result{Label: a.Label, Found: a.found, Calls: a.calls, Seconds: math.Inf(1)}
	if !a.found {
		r.Loss = a.lost(a.latest.Add(100 * 365 * 24 * time.Hour))
		return r
	}
	r.Calls, r.Loss = a.before, a.at
	since := a.begun
	if since.IsZero() {
		since = a.any
	}
	r.Early = a.prepared && a.before == 0
	r.Seconds = max(a.page.Sub(since).Seconds(), 0)
	return r
}
