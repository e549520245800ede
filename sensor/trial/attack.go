package trial

import (
	"time"

	"tollwatch/detect"
	"tollwatch/sensor/lab/attack"
	"tollwatch/sensor/lab/plan"
	"tollwatch/sensor/lab/score"
)

// lead is how long the site is watched before an attack begins, and grace how
// long after its last sign an alert may still come.
const (
	lead  = 12 * time.Hour
	grace = time.Hour
)

// Attack lets an attack happen, twelve hours after what was learned, or to an
// engine that learned nothing. n tells the attacks upon one site apart.
func (s *Site) Attack(c attack.Case, from Learned, n int) (score.Result, Cost, error) {
	engine, err := s.engine()
	if err != nil {
		return score.Result{}, Cost{}, err
	}
	if from.State != nil && !c.FromStart {
		if err := engine.LoadState(from.State); err != nil {
			return score.Result{}, Cost{}, err
		}
	}
	p, err := s.parameters()
	if err != nil {
		return score.Result{}, Cost{}, err
	}
	p.Repeat = n
	p.Attacks = c.Draw(plan.NewRand(plan.Repeat(s.Seed, n), plan.StreamDraws), p.Stealable())
	before := lead
	if c.FromStart {
		before = 0
	}
	p.Start, p.Length = from.At.Add(lead-before), before+c.Length
	for i := range p.Attacks {
		p.Attacks[i].After += before
	}
	j := judge{attack: score.NewAttack(c.Name, c.Name), decoy: c.Decoy, recon: c.Reconnaissance, paged: map[string]detect.Level{}, calls: map[uint64]bool{}, extensions: map[string]bool{}, sources: map[string]bool{}}
	w, err := s.watch(engine, p, j.heard, j.alert)
	if err != nil {
		return score.Result{}, Cost{}, err
	}
	began := time.Now()
	w.Run(p.Start.Add(p.Length+grace), j.attack.Found)
	return j.attack.Result(), Cost{w.Events, time.Since(began)}, nil
}

// judge says which alerts are about the attack.
type judge struct {
	attack     *score.Attack
	calls      map[uint64]bool // of the attack
	extensions map[string]bool // that it used
	sources    map[string]bool // addresses that it came from
	decoy      bool            // a page about the preparation is what the thief wants
	recon      bool            // any alert will do until the thief is inside
	inside     bool            // a password was right, or a call was served
	stealing   bool
	paged      map[string]detect.Level // incidents that somebody knows of
}

func (j *judge) heard(it *plan.Item) {
	switch {
	case it.Call != nil && it.Call.Label != "":
		c := it.Call
		j.calls[c.ID], j.extensions[c.Extension] = true, true
		if c.Address.IsValid() {
			j.sources[c.Address.String()] = true
		}
		j.stealing = j.stealing || !c.Preparation
		j.inside = j.inside || c.Outcome == plan.Answered
		j.attack.Call(c)
	case it.Registration != nil && it.Registration.Label != "":
		j.extensions[it.Registration.Extension] = true
		j.inside = j.inside || it.Registration.Accepted
		j.sources[it.Registration.Address.String()] = true
		j.attack.Sign(it.At, it.Registration.Preparation)
	case it.Probe != nil && it.Probe.Label != "":
		j.sources[it.Probe.Address.String()] = true
		j.attack.Sign(it.At, it.Probe.Preparation)
	}
}

// alert counts what wakes somebody: an incident that pages for the first time,
// or more loudly than before, or anew after a person took it for known. Of reconnaissance any alert counts until a
// password was right or a call was served: nobody is woken for what happens to every PBX.
func (j *judge) alert(a *detect.Alert) {
	seen := a.Level.Pages() || j.recon && !j.inside
	if !seen || !j.about(a) || j.paged[a.Incident] >= a.Level && a.Event != detect.Reopened || a.Event == detect.Acknowledged {
		return
	}
	j.paged[a.Incident] = a.Level
	if j.stealing || !j.decoy {
		j.attack.Page(a.Time)
	}
}

// about says that an alert names a call of the attack or, where it names none,
// the attack's extension or source.
func (j *judge) about(a *detect.Alert) bool {
	for _, callID := range a.CallIDs {
		if id, ok := PlanID(callID); ok && j.calls[id] {
			return true
		}
	}
	return len(a.CallIDs) == 0 && (j.extensions[a.Extension] || j.sources[a.Source.Addr().String()])
}
