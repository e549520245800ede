package sensor

import (
	"math"
	"strings"
	"time"

	"tollwatch/sensor/output/points"
	"tollwatch/sensor/record"
)

// Points takes points. A live sensor's has a queue of its own and never waits.
type Points interface{ Put(p points.Point) error }

// PointSink turns objects into points, as far as there is room for them.
type PointSink struct {
	out     Points
	budgets budgets
}

// NewPointSink is a sink in front of out.
func NewPointSink(out Points) *PointSink { return &PointSink{out: out} }

// OverBudget is how many objects became no point.
func (s *PointSink) OverBudget() uint64 {
	if s == nil {
		return 0 // no output is set up
	}
	return s.budgets.over.Load()
}

// Put implements Sink.
func (s *PointSink) Put(o record.Object) error {
	if !s.budgets.allow(o) {
		return nil
	}
	switch o := o.(type) {
	case *record.Call:
		return s.out.Put(callPoint(o))
	case *record.Stream:
		return s.out.Put(streamPoint(o))
	case *record.Registration:
		return s.out.Put(registrationPoint(o))
	case *record.Alert:
		return s.out.Put(alertPoint(o))
	}
	return nil
}

func callPoint(c *record.Call) *points.Call {
	p := &points.Call{
		ID: c.CallID, Group: c.CallGroup, End: time.Time(c.End), Trunk: c.Trunk, Direction: c.Direction,
		Class: c.DestClass, Country: c.DestCountry, State: c.State, Extension: c.Extension, Number: c.Number,
		Src: c.Src, Dst: c.Dst, UserAgent: c.UserAgent, Status: c.Status, Attempts: c.Invites, EndBy: c.EndBy, OneWay: c.OneWay, Score: c.Score,
		CostEUR: orNaN(c.CostEUR), MOS: known(c.MOS), Duration: time.Duration(known(c.Duration) * float64(time.Second)),
	}
	if c.End.IsZero() {
		p.End = time.Time(c.Told) // it lives on
	}
	if !c.Ringing.IsZero() {
		p.Ringing = time.Time(c.Ringing).Sub(time.Time(c.Start))
	}
	return p
}

func streamPoint(s *record.Stream) *points.Stream {
	return &points.Stream{
		Group: s.CallGroup, CallID: s.CallID, SSRC: s.SSRC, Start: time.Time(s.Start), End: time.Time(s.End), Codec: s.Codec,
		Trunk: s.Trunk, Direction: s.Direction,
		Src: s.Src, Dst: s.Dst, PayloadType: s.PayloadType, Packets: s.Packets, Lost: s.Lost, Duplicates: s.Duplicates, Reordered: s.Reordered,
		JitterMeanMS: orNaN(s.JitterMeanMS), JitterMaxMS: orNaN(s.JitterMaxMS), RFactor: orNaN(s.RFactor), MOS: orNaN(s.MOS),
		MeasuredAt: s.MeasuredAt, Withheld: s.MOSWithheld, Encrypted: s.Encrypted,
	}
}

func registrationPoint(r *record.Registration) *points.Registration {
	return &points.Registration{Time: time.Time(r.Time), Event: r.Event, AoR: r.AoR, Contact: r.Contact, Src: r.Src,
		UserAgent: r.UserAgent, Failures: r.Failures}
}

func alertPoint(a *record.Alert) *points.Alert {
	p := &points.Alert{
		Incident: a.Incident, Event: a.Event, Time: time.Time(a.Time), Since: time.Time(a.Since), Level: a.Level, Scheme: a.Scheme, Trunk: a.Trunk,
		Extension: a.Extension, Source: a.Source, Text: sentence(a.Reasons), Drill: a.Drill, Normal: a.Normal, By: a.AcknowledgedBy,
		Open: a.Closed.IsZero(), Pages: a.Pages(), Visibility: a.Visibility, Tariff: a.Tariff, Score: a.Score,
		Calls: a.Calls, Concurrent: a.Concurrent, Answered: a.Answered,
		SpentEUR: a.SpentEUR, SpentLowEUR: a.SpentLowEUR, SpentHighEUR: a.SpentHighEUR,
		BurnEURPerHour: a.BurnEURPerHour, UsualEURPerHour: orNaN(a.UsualEURPerHour),
		ForecastEUR: orNaN(a.ForecastEUR), WorstEURPerHour: orNaN(a.WorstEURPerHour), JournalHead: a.JournalHead,
	}
	if len(a.Destinations) > 0 {
		p.Number, p.Country = a.Destinations[0].Number, a.Destinations[0].Country
	}
	p.Rule = heaviest(a.Reasons)
	return p
}

// heaviest is the rule that weighs most; the first of equal ones.
func heaviest(reasons []record.Reason) (rule string) {
	most := 0.0
	for _, r := range reasons {
		if r.Points > most {
			rule, most = r.Rule, r.Points
		}
	}
	return rule
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

// orNaN is the value, NaN where it is not known.
func orNaN(x *float64) float64 {
	if x == nil {
		return math.NaN()
	}
	return *x
}
