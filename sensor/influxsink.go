package sensor

import (
	"strings"
	"time"

	"tollwatch/sensor/output/influx"
	"tollwatch/sensor/record"
)

// influxSink turns objects into points. The output behind it has a queue of
// its own and never waits.
type influxSink struct{ out *influx.Output }

// Put implements Sink.
func (s influxSink) Put(o record.Object) error {
	switch o := o.(type) {
	case *record.Call:
		s.out.Call(callPoint(o))
	case *record.Alert:
		s.out.Alert(alertPoint(o))
	}
	return nil
}

func callPoint(c *record.Call) influx.Call {
	p := influx.Call{
		ID: c.CallID, Group: c.CallGroup, End: time.Time(c.End), Trunk: c.Trunk, Direction: c.Direction,
		Class: c.DestClass, Country: c.DestCountry, State: c.State, Extension: c.Extension, Number: c.Number,
		Status: c.Status, Attempts: c.Invites, Score: c.Score,
		CostEUR: known(c.CostEUR), MOS: known(c.MOS), Duration: time.Duration(known(c.Duration) * float64(time.Second)),
	}
	if !c.Ringing.IsZero() {
		p.Ringing = time.Time(c.Ringing).Sub(time.Time(c.Start))
	}
	return p
}

func alertPoint(a *record.Alert) influx.Alert {
	p := influx.Alert{
		Incident: a.Incident, Event: a.Event, Time: time.Time(a.Time), Level: a.Level, Scheme: a.Scheme, Trunk: a.Trunk,
		Extension: a.Extension, Source: a.Source, Text: sentence(a.Reasons), Drill: a.Drill, Score: a.Score,
		Calls: a.Calls, Concurrent: a.Concurrent, Answered: a.Answered,
		SpentEUR: a.SpentEUR, SpentLowEUR: a.SpentLowEUR, SpentHighEUR: a.SpentHighEUR,
		BurnEURPerHour: a.BurnEURPerHour, ForecastEUR: known(a.ForecastEUR),
	}
	if len(a.Destinations) > 0 {
		p.Number, p.Country = a.Destinations[0].Number, a.Destinations[0].Country
	}
	return p
}

// sentence joins the reasons for a person.
func sentence(reasons []record.Reason) string {
	texts := make([]string, len(reasons))
	for i, r := range reasons {
		texts[i] = r.Text
	}
	return strings.Join(texts, "; ")
}

// known is the value, 0 where it is not known.
func known(x *float64) float64 {
	if x == nil {
		return 0
	}
	return *x
}
