package cdr

// Format is an export that is known: how to recognise it and what its columns
// mean.
type Format struct {
	Name, Text string
	mappings   []Mapping // by header; the first that fits
	bare       *columns  // of rows without header
	width      [2]int    // fields of such a row, least and most
}

// Formats lists those that are known.
func Formats() []Format {
	return []Format{
		{Name: "asterisk", Text: "Asterisk's Master.csv (cdr_csv), which has no header",
			bare:  &columns{start: 9, date: -1, number: 2, duration: 13, extension: 1, direction: -1, answered: 14, cost: -1},
			width: [2]int{16, 20},
			mappings: []Mapping{ // cdr_custom and tables exported with their column names
				{Start: "start", Number: "dst", Duration: "billsec", Extension: "src", Answered: "disposition"}}},
		{Name: "freepbx", Text: "FreePBX's CDR report, and its table cdr exported with column names",
			mappings: []Mapping{
				{Start: "calldate", Number: "dst", Duration: "billsec", Extension: "src", Answered: "disposition"},
				{Start: "Call Date", Number: "Destination", Duration: "Duration", Extension: "CallerID", Answered: "Disposition"},
				{Start: "Call Date", Number: "Destination", Duration: "Duration", Extension: "Source", Answered: "Disposition"}}},
		{Name: "3cx", Text: "3CX's call logs",
			mappings: []Mapping{
				{Start: "Call Time", Number: "Destination", Duration: "Talking", Extension: "Caller ID", Answered: "Status", Cost: "Cost", Direction: "Direction"},
				{Start: "Call Time", Number: "Destination", Duration: "Talking", Extension: "Caller ID", Answered: "Status", Cost: "Cost"},
				{Start: "Call Time", Number: "Destination", Duration: "Talking", Extension: "Caller ID", Answered: "Status"},
				{Start: "Call Time", Number: "To", Duration: "Talking", Extension: "From", Answered: "Status", Direction: "Direction"},
				{Start: "Call Time", Number: "To", Duration: "Talking", Extension: "From", Answered: "Status"}}},
	}
}

// LookupFormat finds a format by its name.
func LookupFormat(name string) (Format, bool) {
	for _, f := range Formats() {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}

// Generic is the format of a mapping.
func Generic(m Mapping) Format {
	f := Format{Name: "generic", mappings: []Mapping{m}}
	if c, ok := m.numbered(); ok {
		f.bare, f.width = &c, [2]int{1, maxFields}
		f.mappings = nil
	}
	return f
}

// header finds what a header's columns mean.
func (f *Format) header(fields []string) (columns, Mapping, bool) {
	for _, m := range f.mappings {
		if c, ok := m.find(fields); ok {
			return c, m, true
		}
	}
	return columns{}, Mapping{}, false
}
