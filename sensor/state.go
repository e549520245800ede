package sensor

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tollwatch/bpf"
	"tollwatch/decoder"
	"tollwatch/decoder/sip/opinion"
	"tollwatch/detect"
	"tollwatch/sensor/capture"
	"tollwatch/sensor/hep"
	"tollwatch/sensor/kpi"
)

// State is the sensor at a glance, for readers in other goroutines: a snapshot
// that nobody changes.
type State struct {
	At      time.Time // wall clock
	Books   decoder.Books
	Capture capture.Stats
	Card    uint64            // frames that the cards have lost
	Backend capture.Backend   // empty: no interface is listened to
	Cost    bpf.Cost          // of the kernel's programs; zero where that is not measured
	Kernel  map[string]uint64 // frames by what the kernel's programs did with them; nil: there are none
	Detect  detect.Snapshot
	Counts  Counts
	KPI     kpi.Figures

	Evictions map[string]uint64 // what each table forgot because it was full
	Sizes     map[string]decoder.Size
	Opinions  opinion.Counters // of the second parser
	Agents    *hep.Counters    // of the listener for capture agents; nil: off
}

// publish takes a snapshot. Only the capture loop calls it.
func (s *Sensor) publish() {
	now := &State{
		At: time.Now(), Books: s.pipeline.decoder.Books(), Capture: s.source.Stats(), Card: s.cards.look(),
		Detect: s.engine.Snapshot(), Counts: s.pipeline.Counts(), KPI: *s.pipeline.tally.Total(), Evictions: s.pipeline.Evictions(),
		Sizes: s.pipeline.decoder.Sizes(), Opinions: s.pipeline.decoder.Opinions(),
	}
	now.Kernel = s.pipeline.KernelFrames()
	if s.source.taps != nil {
		now.Backend, _ = s.source.taps.Backend()
	}
	if k := s.source.kernel(); k != nil {
		now.Evictions["kernel_endpoints"] = k.Refused()
		now.Cost = k.Cost()
	}
	if a := s.source.agents; a != nil {
		c := a.Counters()
		now.Agents = &c
	}
	s.state.Store(now)
}

// beat publishes, and every ten seconds sends the heartbeat.
func (s *Sensor) beat() {
	before := s.state.Load()
	s.publish()
	now := s.state.Load()
	s.alive(now)
	s.watchInterfaces(before.Capture, now.Capture)
	s.noteWatching(now)
	if rates := s.rates.Swap(nil); rates != nil {
		s.engine.SetRates(*rates)
	}
	s.takeReload()
	s.hear()
	s.watchAgents(now)
	if now.Counts.ClockSteps > before.Counts.ClockSteps {
		s.log.Warn("clock set back: running calls end as they stand, time begins anew", "now", s.pipeline.Now())
	}
	s.watchLoss(before, now)
	if s.delivery != nil {
		s.delivery.look(now.At)
	}
	s.sendHeartbeat(now)
}

// noteWatching keeps whether the sensor hears all there is and keeps all it
// hears: only such a time proves that a call was not here.
func (s *Sensor) noteWatching(now *State) {
	if len(now.Capture.Down) > 0 {
		s.watched.end()
		return
	}
	lost := now.Capture.KernelDrops + s.keeper.Dropped() + s.unkept.Load()
	if now.Agents != nil {
		lost += now.Agents.Full
	}
	s.watched.note(now.At, lost)
}

func sum(m map[string]uint64) uint64 {
	var n uint64
	for _, v := range m {
		n += v
	}
	return n
}

// watchInterfaces logs when an interface goes down, and when one is back. Of one
// that was removed the capture loop has spoken.
func (s *Sensor) watchInterfaces(before, now capture.Stats) {
	for _, name := range now.Down {
		if !slices.Contains(before.Down, name) && !slices.Contains(now.Away, name) {
			s.log.Warn("interface is down or without carrier: nothing is heard on it", "interface", name)
		}
	}
	for _, name := range before.Down {
		if !slices.Contains(now.Down, name) && !slices.Contains(before.Away, name) {
			s.log.Info("interface is no longer down", "interface", name)
		}
	}
	for _, name := range before.Away {
		if !slices.Contains(now.Away, name) {
			s.log.Info("interface is there again", "interface", name)
		}
	}
}

// refusalsEvery is how often refused capture agents are spoken of.
const refusalsEvery = time.Minute

// watchAgents logs that somebody was refused who sends HEP: a sender that the
// configuration forgot, or one that has no business here.
func (s *Sensor) watchAgents(now *State) {
	c := now.Agents
	if c == nil || now.At.Sub(s.refusalsTold) < refusalsEvery {
		return
	}
	refused := c.Sender + c.Key + c.NotHEP + c.Connections
	if refused > s.refusals {
		s.refusals, s.refusalsTold = refused, now.At
		s.log.Warn("capture agents refused", "not_a_sender", c.Sender, "wrong_key", c.Key, "not_hep", c.NotHEP, "connections", c.Connections)
	}
}

// Ready implements api.Status: the capture loop turns, and every interface can
// hear.
func (s *Sensor) Ready() error {
	now := s.state.Load()
	if now == nil {
		return errors.New("capture has not begun")
	}
	if idle := time.Since(now.At); idle > stalledAfter {
		return fmt.Errorf("the capture loop has not turned for %s", idle.Round(time.Second))
	}
	if len(now.Capture.Down) > 0 {
		return fmt.Errorf("down, without carrier or removed: %s", strings.Join(now.Capture.Down, ", "))
	}
	return nil
}
