package sensor

import (
	"encoding/json"
	"fmt"
	"time"

	"tollwatch/sensor/reconcile"
	"tollwatch/sensor/store"
)

// watchedState is the name under which the store keeps when the sensor watched
// and lost nothing.
const watchedState = "watched"

// maxPeriods bounds what is kept; the oldest go first. maxPause is the longest
// time between two notes of one period: the loop notes every second, unless the
// machine slept, its clock was set, or it hung.
const (
	maxPeriods = 5000
	maxPause   = 30 * time.Second
)

// watched is the record of the times in which the sensor watched.
type watched struct {
	periods []reconcile.Period
	open    bool   // the last one goes on
	lost    uint64 // frames and calls, when it was noted last
}

// loadWatched reads what an earlier run kept.
func loadWatched(s *store.Store) (watched, error) {
	var w watched
	b, err := s.LoadState(watchedState)
	if err != nil || b == nil {
		return w, err
	}
	if err := json.Unmarshal(b, &w.periods); err != nil {
		return watched{}, fmt.Errorf("read when the sensor watched: %w", err)
	}
	return w, nil
}

// note says that the sensor watches at a time, and how many frames and calls it
// has lost so far. A loss ends a period: nobody knows which calls it hid.
func (w *watched) note(now time.Time, lost uint64) {
	if w.open && lost == w.lost {
		last := &w.periods[len(w.periods)-1]
		if pause := now.Sub(last.Until); pause >= 0 && pause <= maxPause {
			last.Until = now
			return
		}
	}
	w.open, w.lost = true, lost
	w.add(reconcile.Period{From: now, Until: now})
}

// end says that the sensor does not watch.
func (w *watched) end() { w.open = false }

func (w *watched) add(p reconcile.Period) {
	w.periods = append(w.periods, p)
	if over := len(w.periods) - maxPeriods; over > 0 {
		w.periods = append(w.periods[:0], w.periods[over:]...)
	}
}

func (w *watched) save(s *store.Store) error {
	b, err := json.Marshal(w.periods)
	if err != nil {
		return err
	}
	return s.SaveState(watchedState, b)
}

// Watched is when a store's sensors watched, and its replays' captures ran, as
// far back as the calls of that time are still kept.
func Watched(s *store.Store) ([]reconcile.Period, error) {
	w, err := loadWatched(s)
	if err != nil {
		return nil, err
	}
	whole, err := s.WholeSince()
	if err != nil {
		return nil, err
	}
	var kept []reconcile.Period
	for _, p := range w.periods {
		if p.From.Before(whole) {
			p.From = whole
		}
		if p.Until.After(p.From) {
			kept = append(kept, p)
		}
	}
	return kept, nil
}
