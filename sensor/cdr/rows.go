package cdr

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// MaxRow is the most bytes of a row, and maxFields the most fields.
const (
	MaxRow    = 64 << 10
	maxFields = 1000
)

// fault is what is wrong with one row.
type fault string

func (f fault) Error() string { return string(f) }

// The faults of rows.
const (
	tooLong   fault = "the row is longer than 64 KiB"
	tooMany   fault = "the row has more than 1000 fields"
	malformed fault = "the row is no CSV"
)

// rows cuts a file into rows. A line break within quotes belongs to the row.
type rows struct {
	r     *bufio.Reader
	comma rune
	line  int // of the row read last
	next  int
}

func newRows(r io.Reader) *rows { return &rows{r: bufio.NewReaderSize(r, 32<<10), comma: ',', next: 1} }

// read returns the fields of the next row that is not empty, io.EOF after the
// last. A fault is of this row alone; after another error nothing can be read.
func (r *rows) read() ([]string, error) {
	for {
		row, err := r.row()
		if err != nil {
			return nil, err
		}
		if len(bytes.TrimSpace(row)) > 0 {
			return r.fields(row)
		}
	}
}

// row reads up to the line break that is not within quotes. What is too long is
// skipped to the end of its line.
func (r *rows) row() ([]byte, error) {
	var row []byte
	r.line = r.next
	quotes, long := 0, false
	for {
		piece, err := r.r.ReadSlice('\n')
		if !long {
			row = append(row, piece...)
			quotes += bytes.Count(piece, []byte{'"'})
			long = len(row) > MaxRow
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(row) == 0:
			return nil, io.EOF
		case err != nil && !errors.Is(err, io.EOF):
			return nil, err
		}
		r.next++
		if long {
			return nil, tooLong
		}
		if quotes%2 == 0 || err != nil {
			return bytes.TrimRight(row, "\r\n"), nil
		}
	}
}

func (r *rows) fields(row []byte) ([]string, error) {
	if bytes.Count(row, []byte(string(r.comma))) >= maxFields {
		return nil, tooMany
	}
	c := csv.NewReader(strings.NewReader(text(row)))
	c.Comma, c.LazyQuotes, c.FieldsPerRecord, c.TrimLeadingSpace = r.comma, true, -1, true
	fields, err := c.Read()
	if err != nil {
		return nil, malformed
	}
	for i, f := range fields {
		fields[i] = strings.TrimSpace(strings.ReplaceAll(f, "\x00", ""))
	}
	return fields, nil
}

// text is UTF-8; what is not is taken for Windows-1252, of which the letters
// are those of Latin-1.
func text(row []byte) string {
	if utf8.Valid(row) {
		return string(row)
	}
	var b strings.Builder
	for _, c := range row {
		b.WriteRune(rune(c))
	}
	return b.String()
}

// peek looks at what comes without reading it.
func (r *rows) peek() []byte {
	b, _ := r.r.Peek(32 << 10)
	return b
}

// begin drops a byte order mark and finds the delimiter: the one of which the
// first line has most.
func (r *rows) begin() {
	if bom := []byte("\xef\xbb\xbf"); bytes.HasPrefix(r.peek(), bom) {
		r.r.Discard(len(bom))
	}
	first, _, _ := bytes.Cut(r.peek(), []byte{'\n'})
	most := 0
	for _, c := range []rune{',', ';', '\t', '|'} {
		if n := bytes.Count(first, []byte(string(c))); n > most {
			r.comma, most = c, n
		}
	}
}
