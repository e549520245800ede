package past

import (
	"slices"
	"time"

	"tollwatch/detect"
	"tollwatch/sensor/cdr"
)

// A past of more than a year and a month is forgotten anyway, and a record of
// tomorrow is a clock that was wrong: an engine's time runs forward only.
const (
	longest = 400 * 24 * time.Hour
	ahead   = 24 * time.Hour
)

// Lesson is what the past taught.
type Lesson struct {
	Calls       int // that were judged: outbound, as far as the records say
	Left        int // that were left out: of the future, or long before the others
	First, Last time.Time
	Alerts      []detect.Alert // the latest of each incident
}

// Teach teaches an engine the outbound calls among the records, in the order of
// their starts. It is sorted in place.
func Teach(e *detect.Engine, records []cdr.Record, now time.Time) Lesson {
	slices.SortStableFunc(records, func(a, b cdr.Record) int { return a.Start.Compare(b.Start) })
	all := len(records)
	for len(records) > 0 && records[len(records)-1].Start.After(now.Add(ahead)) {
		records = records[:len(records)-1]
	}
	for len(records) > 0 && records[len(records)-1].Start.Sub(records[0].Start) > longest {
		records = records[1:]
	}
	l := Lesson{Left: all - len(records)}
	incidents := map[string]int{}
	r := e.Recall()
	for i := range records {
		c := &records[i]
		if c.Direction == cdr.Inbound || c.Direction == cdr.Internal {
			continue
		}
		if l.Calls == 0 {
			l.First = c.Start
		}
		l.Calls, l.Last = l.Calls+1, c.Start
		l.note(incidents, r.Call(detect.Past{Start: c.Start, Duration: c.Duration, Caller: c.Extension, Dialled: c.Number}))
	}
	l.note(incidents, r.Close())
	return l
}

// note keeps the latest alert of each incident at its highest level. incidents
// tells where.
func (l *Lesson) note(incidents map[string]int, alerts []detect.Alert) {
	for _, a := range alerts {
		at, known := incidents[a.Incident]
		if !known {
			at = len(l.Alerts)
			incidents[a.Incident] = at
			l.Alerts = append(l.Alerts, a)
		}
		if l.Alerts[at].Level <= a.Level && a.Event != detect.Closed {
			l.Alerts[at] = a
		}
	}
}
