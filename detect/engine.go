package detect

import (
	"fmt"
	"time"

	"tollwatch/decoder/call"
	"tollwatch/detect/numbering"
	"tollwatch/detect/window"
)

// Engine judges the calls of one site. It belongs to one goroutine.
type Engine struct {
	cfg    Config
	prior  prior
	plan   *numbering.Plan
	roles  roles
	memory memory
	rates  map[string]float64 // EUR a minute, by row of the table of numbers

	now    time.Time // the latest event or tick; only Restart sets it back
	calls  *window.LRU[call.ID, *ongoing]
	spare  []*ongoing // to be used again
	looks  []look     // at running calls, the earliest first
	costly int        // running calls to costly destinations
	lately

	caps     meters
	trail    trail
	unread   Unread
	holders  holders
	health   health
	bindings bindings
	origins  origins
	sound    sound

	incidents    []*incident // open, oldest first
	past         []*incident // closed ones that a person may still speak of, oldest first
	words        []*word     // of people, oldest first
	maintenance  maintenance
	sign         sign // being judged
	signDecision Decision

	verdict Verdict
	alerts  []Alert
	evicted Evictions
}

// New makes an engine that has learned nothing.
func New(cfg Config) (*Engine, error) {
	if err := cfg.defaults(); err != nil {
		return nil, err
	}
	table, err := numbering.Default()
	if err != nil {
		return nil, fmt.Errorf("read the embedded table of numbers: %w", err)
	}
	plan, err := numbering.NewPlan(table, numbering.PlanConfig{Country: cfg.Country, OutsidePrefix: cfg.OutsidePrefix})
	if err != nil {
		return nil, err
	}
	return &Engine{
		cfg: cfg, prior: priors[cfg.Profile], plan: plan, roles: newRoles(&cfg), memory: newMemory(),
		calls: window.NewLRU[call.ID, *ongoing](maxCalls), lately: newLately(),
		caps: newMeters(cfg.Caps), trail: newTrail(), holders: newHolders(), health: newHealth(),
		bindings: newBindings(), origins: newOrigins(), sound: newSound(),
	}, nil
}

// SetRates gives prices that are known better than the embedded table knows
// them: EUR a minute, by [numbering.Number.Prefix]. They hold for calls from now
// on, and the map is the engine's.
func (e *Engine) SetRates(rates map[string]float64) { e.rates = rates }

// Observe takes one event. Events are taken in the order of their time; one
// that is late is judged at the engine's time.
func (e *Engine) Observe(ev call.Event) Result {
	e.begin(ev.Time)
	if r := ev.Registration; ev.Kind == call.EventBinding && r != nil {
		e.observeBinding(r)
	}
	if ev.Kind == call.EventMessage && ev.Message != nil {
		e.observeMessage(ev.Message)
	}
	if ev.Stream != nil {
		e.observeStream(ev.Kind, ev.Stream)
	}
	if ev.Leg == nil || ev.Kind == call.EventReleased || e.copies(ev.Leg) {
		return Result{Alerts: e.alerts}
	}
	c := e.observeLeg(&ev)
	e.observeInvite(ev.Kind, ev.Leg, c)
	e.judgement(c, ev.Leg)
	return Result{Verdict: &e.verdict, Alerts: e.alerts}
}

// Advance moves the time to now, every second of packet time: running calls
// are judged anew, quiet incidents close.
func (e *Engine) Advance(now time.Time) Result {
	e.begin(now)
	e.forgetAged()
	e.forgetWords()
	e.lookAtRunning()
	e.watchIncidents()
	return Result{Alerts: e.alerts}
}

// look is when a running call is to be judged anew.
type look struct {
	call call.ID
	at   time.Time
}

// lookLater plans the next look at a running call. Each is as far ahead as any
// other, so that they stand in the order of their times.
func (e *Engine) lookLater(id call.ID, c *ongoing) {
	c.next = e.now.Add(runningEvery)
	e.looks = append(e.looks, look{id, c.next})
}

// lookAtRunning judges the running calls whose time has come. A look that a
// later one replaced, or whose call is over, is none.
func (e *Engine) lookAtRunning() {
	n := 0
	for ; n < len(e.looks) && !e.now.Before(e.looks[n].at); n++ {
		l := e.looks[n]
		slot := e.calls.Get(l.call)
		if slot == nil || !(*slot).running() || !(*slot).next.Equal(l.at) {
			continue
		}
		if e.aged(*slot) {
			e.age(l.call, *slot)
			continue
		}
		e.lookLater(l.call, *slot)
		e.decide(*slot, WhileRunning)
	}
	if n > 0 {
		e.looks = append(e.looks[:0], e.looks[n:]...)
	}
}

// forgetAged drops calls whose end was never seen. Those that do not run have
// not been touched for longer than all others.
func (e *Engine) forgetAged() {
	for id, slot := e.calls.Oldest(); slot != nil && e.aged(*slot); id, slot = e.calls.Oldest() {
		e.age(id, *slot)
	}
}

func (e *Engine) aged(c *ongoing) bool { return e.now.Sub(c.start) > maxAge }

func (e *Engine) age(id call.ID, c *ongoing) {
	e.evicted.AgedCalls++
	e.drop(id, c)
}

func (e *Engine) begin(now time.Time) {
	e.alerts = e.alerts[:0]
	if now.After(e.now) {
		e.now = now
	}
	e.memory.begin(e.now, e.cfg.Location)
	e.caps.begin(e.now, e.cfg.Location)
}

func (e *Engine) observeBinding(r *call.Registration) {
	if r.Src.IsValid() && (r.Change == call.BindingNew || r.Change == call.BindingRefreshed) {
		e.roles.observeRegistration(r.User, r.Src.Addr(), r.Dst.Addr())
	}
	switch {
	case !e.isHolder(r):
		e.observeLogin(r)
		e.observeTelephone(r)
	case r.Change == call.BindingRefused:
		e.observeRefusal(r)
	default:
		e.observeHolder(r)
	}
}

// observeLeg brings the event to its call and judges it. Afterwards the call
// may have left the table; it stays whole until the engine's next call.
func (e *Engine) observeLeg(ev *call.Event) *ongoing {
	l := ev.Leg
	if ev.Kind == call.EventJoined {
		e.undo(ev.Former, l)
	}
	c, known := e.callOf(l)
	if !known && ev.Kind == call.EventEnded {
		return e.stranger(c, l)
	}
	stage := e.enter(c, l)
	e.observeDeflection(c, ev)
	if c.knocks && c.served(l) {
		c.knocks = false
		e.know(c)
		stage = AtAttempt
	}
	switch ev.Kind {
	case call.EventProgress, call.EventRinging, call.EventMedia, call.EventForwarded, call.EventTransfer:
		stage = e.hear(c, stage)
	case call.EventAnswered:
		e.hear(c, 0)
		stage = AtAnswer
	case call.EventEnded:
		if l.Live() { // the capture ends, the call does not
			stage = WhileRunning
			break
		}
		e.hearSound(c, ev)
		stage = e.end(c, l)
	}
	if !l.Answer.IsZero() && l.Live() {
		e.answered(c, l)
	}
	e.observeInward(c, ev)
	e.observeInbound(c, ev)
	e.observeForwardCode(c, ev)
	e.observeHealth(c, ev)
	switch stage {
	case 0:
	case AtEnd:
		e.drop(l.Call, c)
	default:
		e.decide(c, stage)
	}
	return c
}

// stranger names a leg that ends without a call: its call was forgotten, or
// was over before. It is no attempt.
func (e *Engine) stranger(c *ongoing, l *call.Leg) *ongoing {
	c.add(l)
	e.identify(c)
	e.calls.Delete(l.Call)
	e.spare = append(e.spare, c)
	return c
}

// callOf finds the call of a leg, or makes it.
func (e *Engine) callOf(l *call.Leg) (c *ongoing, known bool) {
	if c := e.calls.Get(l.Call); c != nil {
		return *c, true
	}
	if e.calls.Len() >= maxCalls {
		_, oldest := e.calls.Oldest()
		e.letGo(*oldest)
	}
	if n := len(e.spare); n > 0 {
		c, e.spare = e.spare[n-1], e.spare[:n-1]
	} else {
		c = &ongoing{}
	}
	c.reset(l.Call, l)
	c.knocks = e.atGate(l.Src.Addr(), l.Dst.Addr())
	*put(e.calls, l.Call) = c
	return c, false
}

// enter adds a leg that the call does not know yet, and says anew what the
// call is.
func (e *Engine) enter(c *ongoing, l *call.Leg) Stage {
	if c.leg(l.ID) != nil || !c.add(l) {
		return 0
	}
	e.know(c)
	return AtAttempt
}

// know identifies and counts the call.
func (e *Engine) know(c *ongoing) {
	e.identify(c)
	c.heard = c.heard || c.trunk != "" && len(c.legs) > 1 // the PBX sent it on
	if c.knocks = c.knocks && c.sentOn() == nil; c.knocks {
		return
	}
	e.count(c)
	if c.incident != nil {
		c.incident.renumber(c)
	}
}

// hear notes that the other side spoke; the first time, the call is judged again.
func (e *Engine) hear(c *ongoing, stage Stage) Stage {
	if c.heard {
		return stage
	}
	c.heard = true
	return max(stage, AtProgress)
}

// answered starts the price of the call: of the leg nearest the trunk.
func (e *Engine) answered(c *ongoing, l *call.Leg) {
	s := c.leg(l.ID)
	if s == nil || c.rated == l.ID {
		return
	}
	if rated := c.leg(c.rated); rated != nil && rated.side == toTrunk && (s.side != toTrunk || rated.live) {
		return
	}
	if first := c.answer.IsZero(); first && c.incident != nil {
		c.incident.answered++
	}
	c.rated, c.answer, c.over = l.ID, l.Answer, time.Time{}
	e.lookLater(l.Call, c)
	if e.learnAnswered(c) {
		e.know(c)
	}
}

// end notes that a leg is over. The last one ends the call.
func (e *Engine) end(c *ongoing, l *call.Leg) Stage {
	s := c.leg(l.ID)
	if s == nil {
		return 0
	}
	s.live = false
	if c.rated == l.ID && c.over.IsZero() {
		c.over = l.End
	}
	if c.live() {
		return 0
	}
	return AtEnd
}

// drop finishes a call and takes it out of the table.
func (e *Engine) drop(id call.ID, c *ongoing) {
	e.finish(c)
	e.calls.Delete(id)
	e.spare = append(e.spare, c)
}

// letGo forgets a call for which there is no room. It teaches nothing.
func (e *Engine) letGo(c *ongoing) {
	e.caps.occupy(c, false)
	if c.counted.yes {
		e.tally(c, -1)
	}
	if c.incident != nil {
		c.incident.leave(c)
	}
	e.spare = append(e.spare, c)
}

// undo takes back the attempt of a leg that proved to be part of an older call.
func (e *Engine) undo(former call.ID, l *call.Leg) {
	slot := e.calls.Get(former)
	if slot == nil || former == l.Call {
		return
	}
	c := *slot
	e.uncount(c)
	e.caps.occupy(c, false)
	if i := c.incident; i != nil {
		i.withdraw(c, e.now)
		if older := e.calls.Get(l.Call); older != nil && (*older).incident == nil {
			(*older).incident = i
			i.enter(*older, e.now)
		}
	}
	e.calls.Delete(former)
	e.spare = append(e.spare, c)
}

// judgement fills the verdict for the leg.
func (e *Engine) judgement(c *ongoing, l *call.Leg) {
	e.verdict = Verdict{Leg: l.ID, Direction: c.direction, Number: c.number, Extension: c.extension, Trunk: c.trunk,
		CostEUR: c.cost.likely, CostLow: c.cost.low, CostHigh: c.cost.high, Rated: c.rated == l.ID}
	if s := c.leg(l.ID); s != nil && s.side == fromTrunk {
		e.verdict.Direction = Inbound
	}
	if c.counted.yes {
		e.verdict.Score, e.verdict.Reasons = c.decision.Score, c.decision.Reasons
		e.verdict.Decision = &c.decision
	}
}

// hash is keyed, so that nobody outside can choose what collides.
func (e *Engine) hash(s string) uint64 { return window.HashString(e.cfg.HashKey, s) }
