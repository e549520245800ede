package cdr

import (
	"fmt"
	"strconv"
	"strings"
)

// Mapping says which column means what: each a name of the header, or several
// of which the first that is there counts ("cnum|src"), or of a file without
// header the column's number from 1. Empty is not there.
type Mapping struct {
	Start     string
	Date      string // where Start is but a time of day
	Number    string
	Duration  string // seconds, or h:m:s
	Extension string
	Direction string // a word that begins with in, out or int, in any of several languages
	Answered  string // a word, see answered
	Cost      string
	Layout    string // of Start, as Go writes times; empty = found out

	context string // of Asterisk: says which calls came from outside
	known   bool   // an export of ours: only what is needed must be there
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
	start, date, number, duration, extension, direction, answered, cost, context int
}

var nowhere = columns{-1, -1, -1, -1, -1, -1, -1, -1, -1}

// place fills columns by a function from a name to a place.
func (m *Mapping) place(at func(name string) int) columns {
	return columns{at(m.Start), at(m.Date), at(m.Number), at(m.Duration), at(m.Extension), at(m.Direction), at(m.Answered), at(m.Cost), at(m.context)}
}

// find places a mapping in a header. What is missing of it is told by name; of
// an export of ours only what cannot be missing.
func (m *Mapping) find(header []string) (c columns, missing []string) {
	c = m.place(func(name string) int {
		if name == "" {
			return -1
		}
		for name := range strings.SplitSeq(name, "|") {
			for i, h := range header {
				if strings.EqualFold(h, strings.TrimSpace(name)) {
					return i
				}
			}
		}
		if !m.known || name == m.Start || name == m.Number || name == m.Duration {
			missing = append(missing, name)
		}
		return -1
	})
	return c, missing
}

// numbered places a mapping that counts columns; false when it names them.
func (m *Mapping) numbered() (columns, bool) {
	ok := true
	c := m.place(func(name string) int {
		if name == "" {
			return -1
		}
		n, err := strconv.Atoi(name)
		if err != nil || n < 1 || n > maxFields {
			ok = false
		}
		return n - 1
	})
	return c, ok
}
