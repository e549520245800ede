package cdr

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// Options say what is known of a file.
type Options struct {
	Format *Format        // nil = found out
	Zone   *time.Location // of times without one; nil = UTC
}

// Reader reads the records of a file.
type Reader struct {
	file   string
	rows   *rows
	zone   *time.Location
	format Format
	at     columns
	layout string
	first  []string // a row that was read to find out the format
}

// NewReader finds out the format; the error says what is known where it is none.
func NewReader(file string, r io.Reader, o Options) (*Reader, error) {
	c := &Reader{file: file, rows: newRows(r), zone: o.Zone}
	if c.zone == nil {
		c.zone = time.UTC
	}
	c.rows.begin()
	fields, err := c.rows.read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: the file is empty", file)
	}
	if err != nil {
		return nil, fmt.Errorf("%s:%d: %w", file, c.rows.line, err)
	}
	formats := Formats()
	if o.Format != nil {
		formats = []Format{*o.Format}
	}
	if c.byHeader(formats, fields) || c.bare(formats, fields) {
		return c, nil
	}
	return nil, fmt.Errorf("%s: the first row is no header that is known (%s): name the format, or the columns with a mapping", file, short(fields))
}

func short(fields []string) string {
	s := strings.Join(fields, ", ")
	if r := []rune(s); len(r) > 120 {
		return string(r[:120]) + "…"
	}
	return s
}

func (c *Reader) byHeader(formats []Format, fields []string) bool {
	for _, f := range formats {
		if at, m, ok := f.header(fields); ok {
			c.format, c.at, c.layout = f, at, m.Layout
			return true
		}
	}
	return false
}

// bare takes a file without header, whose first row must read as a record.
func (c *Reader) bare(formats []Format, fields []string) bool {
	for _, f := range formats {
		if f.bare == nil || len(fields) < f.width[0] || len(fields) > f.width[1] {
			continue
		}
		c.format, c.at = f, *f.bare
		if _, err := c.record(fields); err == nil || f.Name == "generic" {
			c.first = fields
			return true
		}
	}
	return false
}

// Format is the name of what the file was found to be.
func (c *Reader) Format() string { return c.format.Name }

// Next returns the next record, io.EOF after the last. A [RowError] is of its
// row alone: reading goes on.
func (c *Reader) Next() (Record, error) {
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
		return Record{}, &RowError{c.file, c.rows.line, err.Error()}
	}
	return r, nil
}

// record reads a row.
func (c *Reader) record(fields []string) (r Record, err error) {
	get := func(i int) string {
		if i < 0 || i >= len(fields) {
			return ""
		}
		return fields[i]
	}
	if len(fields) <= max(c.at.start, c.at.number) {
		return r, fmt.Errorf("%d fields: too few", len(fields))
	}
	when := get(c.at.start)
	if c.at.date >= 0 {
		when = get(c.at.date) + " " + when
	}
	if r.Start, err = moment(when, c.layout, c.zone); err != nil {
		return r, fmt.Errorf("start %q: %w", clip(when), errTime)
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
	if r.Number == "" || len(r.Number) > 64 {
		return r, fmt.Errorf("number %q: no number", clip(get(c.at.number)))
	}
	r.Answered = r.Duration > 0
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
