package sensor

import (
	"sync/atomic"
	"time"

	"tollwatch/sensor/kpi"
	"tollwatch/sensor/output/points"
	"tollwatch/sensor/store"
)

// latestTraffic keeps the latest figures for readers in other goroutines, and
// hands them on.
type latestTraffic struct {
	next Points // nil: nobody
	last atomic.Pointer[points.Traffic]
}

// Put implements Points.
func (l *latestTraffic) Put(p points.Point) error {
	if t, ok := p.(*points.Traffic); ok {
		kept := *t
		l.last.Store(&kept)
	}
	if l.next == nil {
		return nil
	}
	return l.next.Put(p)
}

// trafficEvery is the grid of traffic, on the pipeline's clock: whole tens of
// seconds, so that a replay gives the same points again.
const trafficEvery = 10 * time.Second

// meter makes the figures of each ten seconds.
type meter struct {
	out   Points
	where *time.Location // of the site: its hours have habits
	hour  kpi.Hour
	usual *kpi.Usual
	last  time.Time // of the latest point
}

// MeasureTraffic has the figures of every ten seconds handed to out. What is usual
// is learned there.
func (p *Pipeline) MeasureTraffic(out Points, where *time.Location, usual *kpi.Usual) {
	p.meter = &meter{out: out, where: where, usual: usual}
}

// measureTraffic is called with every tick.
func (p *Pipeline) measureTraffic(now time.Time) {
	if p.meter == nil || now.Unix()%int64(trafficEvery/time.Second) != 0 {
		return
	}
	running := p.tally.Running()
	p.meter.put(now, p)
	p.meter.usual.Observe(now.In(p.meter.where), running)
}

// finishTraffic hands out what was counted since the last point, at the time when
// the capture ends: a sensor that is started anew has the next tens for itself.
func (p *Pipeline) finishTraffic() {
	if p.meter == nil || p.now.IsZero() {
		return
	}
	at := p.now
	if soonest := p.meter.last.Add(time.Millisecond); at.Before(soonest) && soonest.Sub(at) < trafficEvery {
		at = soonest
	}
	p.meter.put(at, p)
}

func (m *meter) put(now time.Time, p *Pipeline) {
	f := p.tally.Take()
	m.hour.Observe(now, &f)
	m.last = now
	site := p.engine.Snapshot()
	err := m.out.Put(&points.Traffic{
		Time: now, Calls: p.tally.Running(), CallsPeak: f.PeakCalls, CPSPeak: f.PeakCPS, UsualCalls: m.usual.At(now.In(m.where)),
		Attempts: f.Attempts, Ended: f.Ended, Answered: f.Answered, Effective: f.Effective, Rang: f.PDD.N(),
		TalkSeconds: f.Talk.Sum(), PDDSeconds: f.PDD.Sum(),
		ASR: m.hour.ASR(), NER: m.hour.NER(), ACD: m.hour.ACD(), PDD: m.hour.PDD(),
		Registered: p.decoder.Bindings(), SpentTodayEUR: site.EURToday, SpentHourEUR: site.EURHour, UsualDayEUR: site.UsualDayEUR,
	})
	if p.err == nil {
		p.err = err
	}
}

// usualState is the name under which the store keeps how many calls are usual.
const usualState = "usual_calls"

// loadUsual gives what was learned, or a beginning.
func loadUsual(s *store.Store) (*kpi.Usual, error) {
	u := &kpi.Usual{}
	b, err := s.LoadState(usualState)
	if err == nil && len(b) > 0 {
		err = u.UnmarshalBinary(b)
	}
	return u, err
}

func saveUsual(s *store.Store, u *kpi.Usual) error {
	b, err := u.AppendBinary(nil)
	if err != nil {
		return err
	}
	return s.SaveState(usualState, b)
}
