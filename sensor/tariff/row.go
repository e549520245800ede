package tariff

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tollwatch/detect/numbering"
)

// column is a heading.
type column string

// The columns. Prefix and price must be there; the name is for people.
const (
	prefix    column = "prefix"
	name      column = "name"
	price     column = "price"     // EUR a minute
	fee       column = "fee"       // EUR a call
	minimum   column = "minimum"   // seconds
	increment column = "increment" // seconds
)

var known = []column{prefix, name, price, fee, minimum, increment}

// header reads the headings; without them nothing else means anything.
func (f *file) header() bool {
	fields, err := f.rows.Read()
	if err != nil {
		f.broken(fmt.Errorf("no headings: the first line names the columns, prefix%sname%sprice for instance", f.separator(), f.separator()))
		return false
	}
	for i, field := range fields {
		if len(f.problems) >= maxProblems {
			break
		}
		c := column(strings.ToLower(strings.TrimSpace(field)))
		f.columns = append(f.columns, c)
		switch {
		case !slices.Contains(known, c):
			line, at := f.rows.FieldPos(i)
			f.problem(line, at, "", fmt.Sprintf("unknown column %s: there are %s", shown(field), listed()))
		case slices.Contains(f.columns[:i], c):
			f.wrong(i, "this column stands twice")
		}
	}
	for _, c := range []column{prefix, price} {
		if !slices.Contains(f.columns, c) {
			f.problem(1, 1, string(c), "this column is missing: the first line names the columns, separated by "+f.separator())
		}
	}
	return len(f.problems) == 0
}

func listed() string {
	words := make([]string, len(known))
	for i, c := range known {
		words[i] = string(c)
	}
	return strings.Join(words, ", ")
}

func (f *file) separator() string { return string(f.rows.Comma) }

// row reads a price. It returns true when there is room for no more.
func (f *file) row(fields []string) (full bool) {
	if len(fields) != len(f.columns) {
		line, at := f.rows.FieldPos(len(fields) - 1)
		f.problem(line, at, "", fmt.Sprintf("got %d fields, want %d as in the headings", len(fields), len(f.columns)))
		return false
	}
	var p numbering.Price
	before, prefixAt := len(f.problems), 0
	for i, c := range f.columns {
		value := strings.TrimSpace(fields[i])
		switch c {
		case prefix:
			p.Prefix, prefixAt = strings.TrimPrefix(value, "+"), i
		case price:
			p.Rate = f.money(i, value, false)
		case fee:
			p.Fee = f.money(i, value, true)
		case minimum:
			p.Minimum = f.seconds(i, value)
		case increment:
			p.Increment = f.seconds(i, value)
		}
	}
	if len(f.problems) > before {
		return false
	}
	err := f.list.Add(p)
	line, _ := f.rows.FieldPos(0)
	switch {
	case errors.Is(err, numbering.ErrTwice):
		f.wrong(prefixAt, fmt.Sprintf("%s has a price in line %d already", p.Prefix, f.lines[p.Prefix]))
	case err != nil:
		f.wrong(prefixAt, fmt.Sprintf("%s: %v", shown(fields[prefixAt]), err))
	default:
		f.lines[p.Prefix] = line
	}
	return errors.Is(err, numbering.ErrPricesFull)
}

// maxMoney is above any price of a minute or a call: a larger one is cents, or a
// lost comma.
const maxMoney = 1000

// money reads an amount in EUR. A price must be there, and be 0 where calls are free.
func (f *file) money(i int, s string, optional bool) float64 {
	if s == "" && optional {
		return 0
	}
	number := s
	if f.comma {
		number = strings.Replace(s, ",", ".", 1)
	}
	x, err := strconv.ParseFloat(number, 64)
	if err == nil && strings.Trim(number, "0123456789.") == "" && x < maxMoney {
		return x
	}
	hint := "0.35"
	if f.comma {
		hint = "0,35 or 0.35"
	}
	f.wrong(i, fmt.Sprintf("%s is no amount in EUR below %d: write %s", shown(s), maxMoney, hint))
	return 0
}

// maxSeconds is the longest minimum and increment.
const maxSeconds = 3600

// seconds reads a minimum or an increment; nothing is a second.
func (f *file) seconds(i int, s string) time.Duration {
	if s == "" {
		return 0
	}
	n, err := strconv.ParseUint(s, 10, 16)
	if err != nil || n > maxSeconds {
		f.wrong(i, fmt.Sprintf("%s is no number of whole seconds up to %d", shown(s), maxSeconds))
		return 0
	}
	return time.Duration(n) * time.Second
}

// shown is a field in a problem's text: quoted, and its beginning alone.
func shown(s string) string {
	const most = 40
	if len(s) > most {
		return strconv.Quote(s[:most] + "…")
	}
	return strconv.Quote(s)
}
