package tariff

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"tollwatch/detect/numbering"
	"tollwatch/sensor/config"
)

// priceList is as long as [numbering.MaxPrices] rows of 200 bytes.
var priceList = config.File{Name: "tariff", Most: 4 << 20, Long: "longer than 4 MiB: this is no price list of one customer"}

const maxProblems = 100

// Load reads a file. Its error is a [config.Problems] where the file could be
// read at all.
func Load(path string) (*numbering.PriceList, error) {
	data, err := priceList.Read(path)
	if err != nil {
		return nil, err
	}
	list, problems := Parse(path, data)
	if len(problems) > 0 {
		return nil, problems
	}
	return list, nil
}

// file is a price list that is being read.
type file struct {
	name     string
	rows     *csv.Reader
	comma    bool // decimal comma is a decimal point: semicolons separate
	columns  []column
	list     numbering.PriceList
	lines    map[string]int // of the prefixes
	problems config.Problems
}

// Parse reads the bytes of a file; name stands before each problem.
func Parse(name string, data []byte) (*numbering.PriceList, config.Problems) {
	f := &file{name: name, lines: map[string]int{}}
	text := strings.TrimPrefix(string(data), "\ufeff") // spreadsheets begin with it
	heads, _, _ := strings.Cut(text, "\n")
	f.comma = strings.Contains(heads, ";")
	f.rows = csv.NewReader(strings.NewReader(text))
	f.rows.FieldsPerRecord, f.rows.ReuseRecord = -1, true
	if f.comma {
		f.rows.Comma = ';'
	}
	if f.header() {
		f.body()
	}
	if len(f.problems) > 0 {
		return nil, f.problems
	}
	return &f.list, nil
}

// body reads the rows until the file ends or nobody would read more problems.
func (f *file) body() {
	for len(f.problems) < maxProblems {
		fields, err := f.rows.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			f.broken(err)
			continue
		}
		if f.row(fields) {
			return
		}
	}
	if f.list.Len() == 0 && len(f.problems) == 0 {
		f.problem(0, 0, "", "there is no price under the headings")
	}
}

// broken notes a row that is no CSV.
func (f *file) broken(err error) {
	var at *csv.ParseError
	if errors.As(err, &at) {
		f.problem(at.Line, at.Column, "", at.Err.Error())
		return
	}
	f.problem(0, 0, "", err.Error())
}

// wrong notes a problem of the field at index i of the present row.
func (f *file) wrong(i int, text string) {
	line, column := f.rows.FieldPos(i)
	f.problem(line, column, string(f.columns[i]), text)
}

func (f *file) problem(line, column int, key, text string) {
	f.problems = append(f.problems, config.Problem{File: f.name, Line: line, Column: column, Key: key, Text: text})
}
