package past

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"tollwatch/detect"
	"tollwatch/sensor/cdr"
)

// most is how many records are held at once: they are taught in the order of
// their starts, and no export keeps that order.
const most = 2_000_000

// File is what was read of one file.
type File struct {
	Name    string
	Format  string
	Records []cdr.Record
	Faults  []*cdr.RowError // rows that could not be read
}

// Read reads a file of records.
func Read(name string, o cdr.Options) (File, error) {
	f := File{Name: name}
	in, err := os.Open(name)
	if err != nil {
		return f, fmt.Errorf("read call records: %w", err)
	}
	defer in.Close()
	r, err := cdr.NewReader(name, in, o)
	if err != nil {
		return f, fmt.Errorf("read call records: %w", err)
	}
	f.Format = r.Format()
	for {
		rec, err := r.Next()
		var row *cdr.RowError
		switch {
		case errors.Is(err, io.EOF):
			return f, nil
		case errors.As(err, &row):
			f.Faults = append(f.Faults, row)
		case err != nil:
			return f, fmt.Errorf("read call records: %s: %w", name, err)
		case len(f.Records) >= most:
			return f, fmt.Errorf("read call records: %s: more than %d records: split the file by months", name, most)
		default:
			f.Records = append(f.Records, rec)
		}
	}
}

// Lesson is what the past taught.
type Lesson struct {
	Calls       int // that were judged: outbound, as far as the records say
	First, Last time.Time
	Alerts      []detect.Alert // the last of each incident
}

// Teach teaches an engine the outbound calls among the records, in the order of
// their starts. It is sorted in place.
func Teach(e *detect.Engine, records []cdr.Record) Lesson {
	slices.SortStableFunc(records, func(a, b cdr.Record) int { return a.Start.Compare(b.Start) })
	var l Lesson
	incidents := map[string]int{}
	note := func(alerts []detect.Alert) {
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
		note(r.Call(detect.Past{Start: c.Start, Duration: c.Duration, Caller: c.Extension, Dialled: c.Number}))
	}
	note(r.Close())
	return l
}
