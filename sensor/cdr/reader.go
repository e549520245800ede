package cdr

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// Reader reads the records of a file.
type Reader struct {
	file   string
	rows   *rows
	clock  clock
	format Format
	at     columns
	first  []string    // a row that was read to find out the format
	early  []*RowError // of rows before it that could not be read
}

// titles is how many rows may stand before the header.
const titles = 20

// NewReader finds out the format; the error says what is known where it is none.
func NewReader(file string, r io.Reader, o Options) (*Reader, error) {
	c := &Reader{file: file, rows: newRows(r), clock: clock{zone: o.Zone}}
	if c.clock.zone == nil {
		c.clock.zone = time.UTC
	}
	if err := c.rows.begin(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	formats := Formats()
	if o.Format != nil {
		formats = []Format{*o.Format}
	}
	if err := c.find(formats); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	c.sample()
	return c, nil
}

// find reads up to the header, or to the first record of a file without.
func (c *Reader) find(formats []Format) error {
	seen := ""
	var missing []string
	for range titles {
		row, err := c.rows.row()
		var f fault
		switch {
		case errors.Is(err, io.EOF) && seen == "":
			return errors.New("the file is empty")
		case errors.Is(err, io.EOF):
			return unknown(seen, missing)
		case errors.As(err, &f):
			c.early = append(c.early, &RowError{c.file, c.rows.line, f.Error()})
			seen = f.Error()
			c.rows.again()
			continue
		case err != nil:
			return err
		}
		c.rows.comma = delimiter(row)
		fields := []string{text(row)}
		if c.rows.comma != 0 {
			if fields, err = c.rows.fields(row); err != nil {
				fields = nil
			}
		}
		if seen == "" {
			seen = short(fields)
		}
		lacks, found := c.header(formats, fields)
		if found || c.bare(formats, fields) {
			return nil
		}
		if len(missing) == 0 || len(lacks) < len(missing) {
			missing = lacks
		}
		c.early = append(c.early, &RowError{c.file, c.rows.line, "neither a header nor a record"})
		c.rows.comma = 0
	}
	return unknown(seen, missing)
}

func unknown(seen string, missing []string) error {
	if len(missing) > 0 {
		return fmt.Errorf("no column is called %s; the first row is: %s", strings.Join(missing, ", nor "), seen)
	}
	return fmt.Errorf("the first row is no header that is known (%s): name the format, or the columns with a mapping", seen)
}

func short(fields []string) string {
	s := strings.Join(strings.Fields(strings.Join(fields, ", ")), " ")
	if r := []rune(s); len(r) > 120 {
		return string(r[:120]) + "…"
	}
	return s
}

// header takes a row that is one of the formats' header. It tells what a mapping
// lacks where there is but one.
func (c *Reader) header(formats []Format, fields []string) (lacks []string, found bool) {
	for _, f := range formats {
		if f.mapping.Start == "" || f.Name == generic && f.bare != nil {
			continue
		}
		at, missing := f.mapping.find(fields)
		if len(missing) == 0 {
			c.format, c.at, c.clock.fixed, c.early = f, at, f.mapping.Layout, nil
			return nil, true
		}
		if len(formats) == 1 {
			lacks = missing
		}
	}
	return lacks, false
}

// bare takes a row that is a record of a format without header.
func (c *Reader) bare(formats []Format, fields []string) bool {
	for _, f := range formats {
		if f.bare == nil || len(fields) < f.width[0] || len(fields) > f.width[1] {
			continue
		}
		c.format, c.at, c.clock.fixed, c.clock.latest = f, *f.bare, f.mapping.Layout, ""
		c.clock.months = true // either way will do yet
		_, monthly := c.record(fields)
		c.clock.months, c.clock.latest = false, ""
		if _, err := c.record(fields); err == nil || monthly == nil {
			c.first = fields
			return true
		}
	}
	return false
}

// sample finds out in which order the file writes its dates, by the rows that
// are read ahead.
func (c *Reader) sample() {
	c.clock.latest = ""
	ahead := newRows(bytes.NewReader(c.rows.peek()))
	ahead.comma = c.rows.comma
	var times []string
	if c.first != nil {
		times = append(times, c.when(c.first))
	}
	for {
		fields, err := ahead.read()
		var f fault
		if err != nil && !errors.As(err, &f) {
			break
		}
		times = append(times, c.when(fields))
	}
	c.clock.settle(times)
}

// Format is what the file was found to be.
func (c *Reader) Format() *Format { return &c.format }

// Next returns the next record, io.EOF after the last. A [RowError] is of its
// row alone: reading goes on.
func (c *Reader) Next() (Record, error) {
	if len(c.early) > 0 {
		err := c.early[0]
		c.early = c.early[1:]
		return Record{}, err
	}
	fields := c.first
	c.first = nil
	var err error
	if fields == nil {
		fields, err = c.rows.read()
	}
	var f fault
	if err != nil && !errors.As(err, &f) {
		return Record{}, err
	}
	var r Record
	if err == nil {
		r, err = c.record(fields)
	}
	if err != nil {
		c.rows.again()
		return Record{}, &RowError{c.file, c.rows.line, err.Error()}
	}
	return r, nil
}

func field(fields []string, i int) string {
	if i < 0 || i >= len(fields) {
		return ""
	}
	return fields[i]
}

// when is a row's start, as written.
func (c *Reader) when(fields []string) string {
	s := field(fields, c.at.start)
	if c.at.date >= 0 {
		s = field(fields, c.at.date) + " " + s
	}
	return s
}

// record reads a row.
func (c *Reader) record(fields []string) (r Record, err error) {
	get := func(i int) string { return field(fields, i) }
	if len(fields) <= max(c.at.start, c.at.number) {
		return r, fmt.Errorf("%d fields: too few", len(fields))
	}
	if r.Start, err = c.clock.parse(c.when(fields)); err != nil {
		return r, fmt.Errorf("start %q: %w", clip(c.when(fields)), err)
	}
	if r.Duration, err = span(get(c.at.duration)); err != nil {
		return r, fmt.Errorf("duration %q: %w", clip(get(c.at.duration)), err)
	}
	if cost := get(c.at.cost); cost != "" {
		if r.Cost, err = money(cost); err != nil {
			return r, fmt.Errorf("cost %q: %w", clip(cost), err)
		}
		r.Priced = true
	}
	r.Line = c.rows.line
	r.Number, r.Extension, r.Direction = called(get(c.at.number)), called(get(c.at.extension)), direction(get(c.at.direction))
	if inbound(get(c.at.context)) {
		r.Direction = Inbound
	}
	if r.Number == "" || len(r.Number) > 64 || len(r.Extension) > 64 {
		return r, fmt.Errorf("number %q: no number", clip(get(c.at.number)))
	}
	r.Answered = r.Duration > 0 || r.Cost > 0 || c.at.duration < 0
	if word := get(c.at.answered); word != "" {
		r.Answered = answered(word)
	}
	if !r.Answered {
		r.Duration = 0
	}
	return r, nil
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
