package sensor

import (
	"encoding/json"
	"fmt"
	"time"

	"tollwatch/detect"
	"tollwatch/sensor/record"
	"tollwatch/sensor/store"
)

// closeLeftOpen closes what was open when the sensor last ended: calls do not outlive
// a restart, so nobody else would. What goes on is an incident of its own.
func (s *Sensor) closeLeftOpen(now time.Time) error {
	var open []*record.Alert
	for b, err := range s.store.Incidents(store.Filter{}) {
		a := &record.Alert{}
		if err == nil {
			err = json.Unmarshal(b, a)
		}
		if err != nil {
			return fmt.Errorf("read which incidents were open: %w", err)
		}
		if a.Closed.IsZero() && ofEngine(a.Incident) {
			open = append(open, a)
		}
	}
	for _, a := range open {
		a.Event, a.Time, a.Closed = detect.Closed.String(), record.Time(now), record.Time(now)
		s.pipeline.tell(a)
	}
	return nil
}

// ofEngine says that detection named an incident, by the time of its first call.
// Those of bills and of the way to a server begin with a word, and outlive a restart.
func ofEngine(incident string) bool {
	return incident != "" && incident[0] >= '0' && incident[0] <= '9'
}
