package cdr

import (
	"fmt"
	"strings"
)

// Mapping says which column means what: each a name of the header, or of a
// column without header its number from 1. Empty is not there.
type Mapping struct {
	Start     string
	Date      string // where Start is but a time of day
	Number    string
	Duration  string // seconds, or h:m:s
	Extension string
	Direction string // a word that begins with in, out or int, in any of several languages
	Answered  string // a word, see yes
	Cost      string
	Layout    string // of Start, as Go writes times; empty = found out
}

// ParseMapping reads name=column pairs, separated by commas:
// "start=Date,number=Numéro appelé,duration=Durée,cost=Montant".
func ParseMapping(s string) (Mapping, error) {
	var m Mapping
	into := map[string]*string{"start": &m.Start, "date": &m.Date, "number": &m.Number, "duration": &m.Duration,
		"extension": &m.Extension, "direction": &m.Direction, "answered": &m.Answered, "cost": &m.Cost, "layout": &m.Layout}
	for pair := range strings.SplitSeq(s, ",") {
		name, column, ok := strings.Cut(pair, "=")
		target := into[strings.TrimSpace(name)]
		if !ok || target == nil {
			return m, fmt.Errorf("mapping %q: want name=column with start, date, number, duration, extension, direction, answered, cost or layout", pair)
		}
		*target = strings.TrimSpace(column)
	}
	if m.Start == "" || m.Number == "" {
		return m, fmt.Errorf("mapping %q: want at least start=… and number=…", s)
	}
	return m, nil
}

// columns are the places of a mapping in a row; -1 where there is none.
type columns struct {
	start, date, number, duration, extension, direction, answered, cost int
}

// find places a mapping in a header; false when what is needed is not in it.
func (m *Mapping) find(header []string) (columns, bool) {
	place := func(name string) int {
		if name == "" {
			return -1
		}
		for i, h := range header {
			if strings.EqualFold(strings.TrimSpace(h), name) {
				return i
			}
		}
		return -1
	}
	c := columns{place(m.Start), place(m.Date), place(m.Number), place(m.Duration), place(m.Extension), place(m.Direction), place(m.Answered), place(m.Cost)}
	complete := c.start >= 0 && c.number >= 0
	for _, want := range []struct {
		name string
		at   int
	}{{m.Date, c.date}, {m.Duration, c.duration}, {m.Cost, c.cost}} {
		complete = complete && (want.name == "" || want.at >= 0)
	}
	return c, complete
}

// numbered places a mapping that counts columns; false when it names them.
func (m *Mapping) numbered() (columns, bool) {
	ok := true
	place := func(name string) int {
		if name == "" {
			return -1
		}
		n := 0
		if _, err := fmt.Sscanf(name, "%d", &n); err != nil || n < 1 || n > maxFields {
			ok = false
			return -1
		}
		return n - 1
	}
	c := columns{place(m.Start), place(m.Date), place(m.Number), place(m.Duration), place(m.Extension), place(m.Direction), place(m.Answered), place(m.Cost)}
	return c, ok
}
