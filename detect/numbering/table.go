package numbering

import (
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

//go:embed destinations.csv
var destinations string

// Destination is one row of the table, as callers in France see it.
type Destination struct {
	Prefix  string // digits of E.164, or "FR:" and digits of a national short code
	Country string // ISO 3166-1 alpha-2, "001" for none, "XK" for Kosovo, empty when unassigned
	Class   Class
	Kind    Kind
	Rate    float64 // EUR a minute, small-business retail, an estimate
	Note    string

	// risky: the row is a mobile range of a country that as a whole is HighRisk.
	risky bool
}

// Table holds the destinations of the world. It never changes once parsed.
type Table struct {
	rows  []Destination
	world trie
	short map[string]*trie // of a country's short codes, by ISO 3166-1 alpha-2
}

// Default returns the table that the program was built with.
func Default() (*Table, error) { return Parse(strings.NewReader(destinations)) }

// Parse reads a table: CSV of prefix, country, class, rate in EUR a minute and
// note, under one line of headings. An error names the line.
func Parse(r io.Reader) (*Table, error) {
	c := csv.NewReader(r)
	c.FieldsPerRecord = 5
	if _, err := c.Read(); err != nil {
		return nil, fmt.Errorf("read the headings of the destinations: %w", err)
	}
	t := &Table{short: map[string]*trie{}}
	for {
		record, err := c.Read()
		if err == io.EOF {
			break
		}
		if err == nil {
			err = t.add(record)
		}
		if err != nil {
			line, _ := c.FieldPos(0)
			return nil, fmt.Errorf("read destination in line %d: %w", line, err)
		}
	}
	if len(t.rows) == 0 {
		return nil, errors.New("read destinations: there are none")
	}
	t.markRisky()
	return t, nil
}

func (t *Table) add(record []string) error {
	class, ok := ParseClass(record[2])
	if !ok {
		return fmt.Errorf("unknown class %q", record[2])
	}
	rate, err := strconv.ParseFloat(record[3], 64)
	if err != nil || !(rate >= 0 && rate < 1000) {
		return fmt.Errorf("rate %q is no price in EUR a minute", record[3])
	}
	d := Destination{Prefix: record[0], Country: record[1], Class: class, Rate: rate, Note: record[4]}
	into, digits := &t.world, d.Prefix
	country, code, short := strings.Cut(d.Prefix, ":")
	if short {
		if t.short[country] == nil {
			t.short[country] = &trie{}
		}
		into, digits = t.short[country], code
	}
	if !allDigits(digits) || len(digits) == 0 || len(digits) > maxE164 {
		return fmt.Errorf("prefix %q is not made of digits", d.Prefix)
	}
	d.Kind = kindOf(&d, short)
	if !into.add(digits, len(t.rows)) {
		return fmt.Errorf("prefix %q stands twice", d.Prefix)
	}
	t.rows = append(t.rows, d)
	return nil
}

// markRisky finds the mobile ranges of high-risk countries: their rows say
// mobile, and only the row of the country says what the country is.
func (t *Table) markRisky() {
	for i := range t.rows {
		d := &t.rows[i]
		if d.Kind != MobileKind {
			continue
		}
		for n := len(d.Prefix) - 1; n > 0; n-- {
			if row := t.world.longest([]byte(d.Prefix[:n])); row >= 0 && t.rows[row].Kind != MobileKind {
				d.risky = t.rows[row].Class == HighRisk && t.rows[row].Country == d.Country
				break
			}
		}
	}
}

// Lookup finds the row of the longest prefix of an E.164 number, digits
// without the +. It allocates nothing.
func (t *Table) Lookup(digits string) (Destination, bool) {
	if !allDigits(digits) || len(digits) > maxE164 {
		return Destination{}, false
	}
	row := t.world.longest([]byte(digits))
	if row < 0 {
		return Destination{}, false
	}
	return t.rows[row], true
}

func allDigits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return true
}

func isDigit(c byte) bool { return c-'0' <= 9 }
