package cdr

import (
	"fmt"
	"strings"
)

// Format is an export that is known: how to recognise it and what its columns
// mean.
type Format struct {
	Name, Text string
	mapping    Mapping  // by header; empty when bare alone is
	bare       *columns // of rows without header
	width      [2]int   // fields of such a row, least and most
}

// Formats lists those that are known.
func Formats() []Format {
	master := nowhere
	master.start, master.number, master.duration, master.extension, master.context, master.answered = 9, 2, 13, 1, 3, 14
	return []Format{
		{Name: "asterisk", Text: "Asterisk's Master.csv (cdr_csv), which has no header", bare: &master, width: [2]int{16, 20},
			mapping: Mapping{ // cdr_custom, with column names
				Start: "start", Number: "dst", Duration: "billsec", Extension: "src", Answered: "disposition", context: "dcontext", known: true}},
		{Name: "freepbx", Text: "FreePBX's CDR report, and its table cdr exported with column names",
			mapping: Mapping{ // src is what the operator is shown, cnum who called
				Start: "calldate|Call Date", Number: "dst|Destination", Duration: "billsec|Duration", Extension: "cnum|src|CallerID|Source",
				Answered: "disposition", context: "dcontext|Context", known: true}},
		{Name: "3cx", Text: "3CX's call logs: the old columns and those of version 20",
			mapping: Mapping{
				Start: "Call Time", Number: "Destination|To", Duration: "Talking", Extension: "Caller ID|From",
				Answered: "Status", Direction: "Direction", Cost: "Cost", known: true}},
	}
}

// LookupFormat finds a format by its name.
func LookupFormat(name string) (Format, error) {
	var names []string
	for _, f := range Formats() {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	return Format{}, fmt.Errorf("format %q: want %s", name, strings.Join(names, ", "))
}

// PBX says that a telephone system writes it, which knows numbers as they are
// dialled; an operator does not know the outside prefix.
func (f *Format) PBX() bool { return f.Name != generic }

const generic = "generic"

// Generic is the format of a mapping.
func Generic(m Mapping) Format {
	f := Format{Name: generic, mapping: m}
	if c, ok := m.numbered(); ok {
		f.bare, f.width = &c, [2]int{1, maxFields}
	}
	return f
}
