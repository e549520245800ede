package sensor

import (
	"time"

	"tollwatch/decoder"
	"tollwatch/decoder/call"
	"tollwatch/detect"
	"tollwatch/sensor/capture"
	"tollwatch/sensor/kpi"
	"tollwatch/sensor/record"
)

// Sink takes what the pipeline found, in the order of packet time.
type Sink interface {
	Put(o record.Object) error
}

// tick is the grid of packet time on which timers run.
const tick = time.Second

// maxIdle bounds the ticks of one silence: after a day without a frame every
// timer has expired, and a forged time stamp must not cost an hour of ticking.
const maxIdle = 25 * time.Hour

// streamGrace is how long an ended call waits for the figures of its streams,
// which outlive the BYE by the packets that were under way.
const streamGrace = 3 * time.Second

// maxRoutes is more than the decoder has legs.
const maxRoutes = 1 << 17

// maxWaiting bounds the calls that wait for their streams.
const maxWaiting = 8192

// A clock that was set back makes every frame older than what was seen before:
// that many in a row, by that much. Single ones are late, or of an interface
// whose clock differs.
const (
	setBackFrames = 100
	setBackBy     = time.Minute
)

// Pipeline is the way of one tap from frames to objects.
type Pipeline struct {
	decoder *decoder.Decoder
	engine  *detect.Engine
	sink    Sink
	stamp   func(*record.Alert) // adds what only a live sensor knows; nil in a replay

	packet      decoder.Packet
	now         time.Time // the latest packet or tick, never backwards
	next        time.Time // the next tick
	behind      int       // frames in a row that are older than now by setBackBy
	first, last time.Time // of the frames
	measured    time.Time // when the share of TLS was
	waiting     []ended   // calls that wait for their streams, oldest first
	byLeg       map[call.LegID]*record.Call
	routes      map[call.LegID]route // of legs that live
	counts      Counts
	tally       *kpi.Tally
	meter       *meter    // nil: nobody asks for traffic
	counting    *counting // nil: every frame comes here
	err         error     // of the sink; the first one ends the pipeline
}

// route is what detection says so far of a leg that lives: its streams may end
// before it does.
type route struct{ trunk, direction string }

type ended struct {
	call *record.Call
	at   time.Time
}

// Counts is what the pipeline has put out.
type Counts struct {
	Calls, Answered, Streams, Registrations, Alerts uint64

	ClockSteps uint64 // times that the clock of the capture was set back
}

// NewPipeline joins a decoder, an engine and a sink.
func NewPipeline(d *decoder.Decoder, e *detect.Engine, s Sink) *Pipeline {
	return &Pipeline{decoder: d, engine: e, sink: s, byLeg: map[call.LegID]*record.Call{}, routes: map[call.LegID]route{}, tally: kpi.New()}
}

// Observe takes one frame. The error is the sink's.
func (p *Pipeline) Observe(f *capture.Frame) error {
	if p.first.IsZero() {
		p.first = f.Time
	}
	if f.Time.After(p.last) {
		p.last = f.Time
	}
	p.keepTime(f.Time)
	p.Advance(f.Time)
	p.packet = decoder.Packet{Data: f.Data, Time: f.Time, WireLength: f.WireLength, Link: f.Link}
	p.judge(p.decoder.Observe(&p.packet))
	p.notify()
	return p.err
}

// keepTime begins time anew when the clock of the capture was set back: timers
// would stand still until it is as late again. What lives ends as it stands.
func (p *Pipeline) keepTime(t time.Time) {
	if p.now.Sub(t) <= setBackBy {
		p.behind = 0
		return
	}
	if p.behind++; p.behind < setBackFrames {
		return
	}
	p.behind = 0
	p.counts.ClockSteps++
	p.judge(p.decoder.Flush(p.now))
	p.release(p.now.Add(tick))
	p.alert(p.engine.Restart(t))
	p.now, p.next = t, t.Truncate(tick).Add(tick)
}

// Advance runs every tick up to now. Time that runs backwards does nothing.
func (p *Pipeline) Advance(now time.Time) error {
	if !now.After(p.now) {
		return p.err
	}
	p.now = now
	if p.next.IsZero() {
		p.next = now.Truncate(tick).Add(tick)
		return p.err
	}
	if p.next.After(now) {
		return p.err
	}
	p.count(now)
	end := p.next.Add(maxIdle)
	for !p.next.After(now) {
		if p.next.After(end) {
			p.next = now.Truncate(tick)
		}
		p.step(p.next)
		p.next = p.next.Add(tick)
	}
	p.forget()
	p.notify()
	return p.err
}

func (p *Pipeline) step(now time.Time) {
	p.measureTLS(now)
	p.judge(p.decoder.Advance(now))
	p.alert(p.engine.Advance(now))
	p.release(now.Add(-streamGrace))
	p.measureTraffic(now)
}

// measureEvery is how often the engine is told anew what cannot be read.
const measureEvery = 10 * time.Second

// measureTLS tells the engine which part of the signalling nobody can look into.
func (p *Pipeline) measureTLS(now time.Time) {
	if now.Sub(p.measured) < measureEvery && !now.Before(p.measured) {
		return
	}
	p.measured = now
	t := p.decoder.TLS()
	if t == nil {
		return
	}
	u := detect.Unread{Share: t.Share}
	for _, peer := range t.Peers {
		if peer.Signalling {
			u.Servers = append(u.Servers, peer.Peer.Addr().Unmap())
		}
	}
	p.engine.SetUnread(u)
}

// Finish ends the capture: what still lives is reported as it stands.
func (p *Pipeline) Finish() error {
	p.count(p.now)
	p.finishTraffic()
	p.judge(p.decoder.Flush(p.now))
	p.release(p.now.Add(tick))
	return p.err
}

// Summary is the ledger as it stands.
func (p *Pipeline) Summary() *record.Summary {
	s := record.NewSummary(p.decoder.Books(), p.first, p.last)
	s.Calls, s.Answered, s.Streams = p.counts.Calls, p.counts.Answered, p.counts.Streams
	s.KPI = record.NewKPI(p.tally.Total())
	return s
}

// Counts is what was put out so far.
func (p *Pipeline) Counts() Counts { return p.counts }

// Now is the pipeline's clock: the latest packet or tick.
func (p *Pipeline) Now() time.Time { return p.now }

// judge has every event judged and puts out what it ended.
func (p *Pipeline) judge(events []call.Event) {
	for i := range events {
		ev := &events[i]
		p.tally.Observe(ev)
		result := p.engine.Observe(*ev)
		p.alert(result)
		p.note(ev, result.Verdict)
		switch ev.Kind {
		case call.EventEnded:
			p.counts.Calls++
			if !ev.Leg.Answer.IsZero() {
				p.counts.Answered++
			}
			p.hold(record.NewCall(ev.Leg, result.Verdict), ev.Time)
		case call.EventStream:
			p.counts.Streams++
			p.put(p.heard(ev.Stream))
		case call.EventBinding:
			p.counts.Registrations++
			p.put(record.NewRegistration(ev.Time, ev.Registration))
		case call.EventQuality:
			p.put(record.NewQualityReport(ev.Time, ev.Quality))
		}
	}
}

// hold keeps an ended call until its streams are known. When more wait than
// maxWaiting the oldest go without their quality.
func (p *Pipeline) hold(c *record.Call, at time.Time) {
	c.Told = record.Time(at)
	p.waiting = append(p.waiting, ended{c, at})
	p.byLeg[c.Leg()] = c
	if len(p.waiting) > maxWaiting {
		p.releaseFirst(maxWaiting / 2)
	}
}

// note keeps the way of a leg while it lives.
func (p *Pipeline) note(ev *call.Event, v *detect.Verdict) {
	switch {
	case ev.Leg == nil:
	case ev.Kind == call.EventEnded:
		delete(p.routes, ev.Leg.ID)
	case v == nil: // the copy of a call, for a recorder
	case len(p.routes) < maxRoutes:
		p.routes[ev.Leg.ID] = route{v.Trunk, v.Direction.String()}
	}
}

// heard gives a stream's quality to the call that waits for it, and the way of the
// call to the stream.
func (p *Pipeline) heard(s *call.Stream) *record.Stream {
	r := record.NewStream(s)
	if s.Leg == 0 {
		return r
	}
	way := p.routes[s.Leg]
	if c := p.byLeg[s.Leg]; c != nil {
		c.Heard(s.MOS)
		way = route{c.Trunk, c.Direction}
	}
	r.Trunk, r.Direction = way.trunk, way.direction
	return r
}

// release puts out the calls that ended before the given time.
func (p *Pipeline) release(before time.Time) {
	n := 0
	for n < len(p.waiting) && p.waiting[n].at.Before(before) {
		n++
	}
	p.releaseFirst(n)
}

func (p *Pipeline) releaseFirst(n int) {
	for _, w := range p.waiting[:n] {
		delete(p.byLeg, w.call.Leg())
		p.put(w.call)
	}
	p.waiting = append(p.waiting[:0], p.waiting[n:]...)
}

func (p *Pipeline) alert(r detect.Result) {
	for i := range r.Alerts {
		p.tell(record.NewAlert(&r.Alerts[i]))
	}
}

func (p *Pipeline) tell(a *record.Alert) {
	p.counts.Alerts++
	if p.stamp != nil {
		p.stamp(a)
	}
	p.put(a)
}

func (p *Pipeline) put(o record.Object) {
	if p.err == nil {
		p.err = p.sink.Put(o)
	}
}
