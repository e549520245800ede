package sensor

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"tollwatch/detect"
	"tollwatch/sensor/order"
	"tollwatch/sensor/record"
	"tollwatch/sensor/store"
)

// hear takes up what people have ordered since the last turn. An order leaves its
// folder when what came of it is saved.
func (s *Sensor) hear() {
	letters, err := order.Waiting(s.cfg.Store.Dir)
	if err != nil {
		s.log.Error("orders not heard", "error", err)
	}
	if len(letters) == 0 || s.pipeline.Now().IsZero() {
		return
	}
	for i := range letters {
		l := &letters[i]
		if l.Err == nil {
			l.Err = s.obey(&l.Order)
		}
		write := s.log.Info
		if l.Err != nil {
			write = s.log.Error
		}
		write("order heard", "order", l.Kind, "incident", l.Incident, "by", l.By, "until", l.Until, "reason", l.Reason,
			"destinations", l.Destinations, "error", l.Err)
	}
	s.save()
	if err := s.store.Commit(); err != nil {
		s.log.Error("what was ordered is not saved", "error", err)
		return
	}
	for i := range letters {
		if err := letters[i].Discard(); err != nil {
			s.log.Error("an order stays and will be heard again", "error", err)
		}
	}
}

// obey does what is ordered, and tells the alerts that come of it.
func (s *Sensor) obey(o *order.Order) error {
	var r detect.Result
	var err error
	switch now := s.pipeline.Now(); o.Kind {
	case order.Acknowledge:
		r, err = s.engine.Acknowledge(o.Incident, o.By, now)
		if errors.Is(err, detect.ErrUnknownIncident) {
			return s.noteAcknowledged(o, now)
		}
	case order.Normal:
		r, err = s.engine.Normal(o.Incident, o.By, now)
	case order.Withdraw:
		err = s.engine.Withdraw(o.Incident)
	case order.Maintenance:
		r, err = s.engine.Maintain(o.Until, o.Reason, o.By)
	case order.Confirm:
		err = s.confirm(o.Destinations)
	default:
		err = fmt.Errorf("%q is nothing that this version can do", o.Kind)
	}
	for i := range r.Alerts {
		a := record.NewAlert(&r.Alerts[i])
		if a.Decision == nil { // the incident is of a time before a restart
			err = errors.Join(err, s.complete(a))
		}
		s.pipeline.tell(a)
	}
	return err
}

// noteAcknowledged tells who acknowledged an incident that is too old to be covered:
// the proof is in the store all the same.
func (s *Sensor) noteAcknowledged(o *order.Order, now time.Time) error {
	a, err := s.latestAlert(o.Incident)
	if a == nil {
		return cmp.Or(err, detect.ErrUnknownIncident)
	}
	a.Event, a.Time, a.WallTime = detect.Acknowledged.String(), record.Time(now), record.Time{}
	a.AcknowledgedAt, a.AcknowledgedBy, a.Until, a.Normal = record.Time(now), o.By, record.Time(now), false
	s.pipeline.tell(a)
	return nil
}

// complete gives an alert what the store knows of its incident.
func (s *Sensor) complete(a *record.Alert) error {
	was, err := s.latestAlert(a.Incident)
	if was == nil {
		return err
	}
	was.Event, was.Time, was.WallTime, was.Members = a.Event, a.Time, record.Time{}, a.Members
	was.AcknowledgedAt, was.AcknowledgedBy, was.Until, was.Normal = a.AcknowledgedAt, a.AcknowledgedBy, a.Until, a.Normal
	*a = *was
	return nil
}

// latestAlert is what the store knows of an incident; nil when it knows nothing.
func (s *Sensor) latestAlert(incident string) (*record.Alert, error) {
	for b, err := range s.store.Alerts(store.Filter{Incident: incident, Limit: 1}) {
		var a record.Alert
		if err == nil {
			err = json.Unmarshal(b, &a)
		}
		if err != nil {
			return nil, fmt.Errorf("read the incident's latest alert: %w", err)
		}
		return &a, nil
	}
	return nil, nil
}

func (s *Sensor) confirm(destinations []string) error {
	var groups []detect.Group
	for _, text := range destinations {
		g, err := detect.ParseGroup(text)
		if err != nil {
			return err
		}
		groups = append(groups, g)
	}
	return s.engine.Confirm(groups)
}
