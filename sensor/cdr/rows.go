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

// MaxRow is the most bytes of a row; maxLines is the most line breaks within
// quotes, and maxFields the most fields.
const (
	MaxRow    = 64 << 10
	maxLines  = 50
	maxFields = 1000
)

// buffer is what is read ahead.
const buffer = 32 << 10

// fault is what is wrong with one row.
type fault string

func (f fault) Error() string { return string(f) }

// The faults of rows.
const (
	tooLong   fault = "the row is longer than 64 KiB"
	tooMany   fault = "the row has more than 1000 fields"
	unclosed  fault = "a quote is opened and never closed"
	malformed fault = "the row is no CSV"
)

// rows cuts a file into rows. A line break within quotes belongs to the row.
type rows struct {
	r     *bufio.Reader
	back  []byte // what was read and put back
	comma rune   // 0 = not known yet
	line  int    // of the row read last
	next  int
	last  []byte // the row read last
	first int    // bytes of its first line
}

func newRows(r io.Reader) *rows { return &rows{r: bufio.NewReaderSize(r, buffer), next: 1} }

// read returns the fields of the next row that is not empty, io.EOF after the
// last. A fault is of this row alone; after another error nothing can be read.
func (r *rows) read() ([]string, error) {
	row, err := r.row()
	if err != nil {
		return nil, err
	}
	return r.fields(row)
}

// row is the next that is not empty. It lives until the one after it.
func (r *rows) row() ([]byte, error) {
	for {
		row, err := r.any()
		if err != nil || len(bytes.TrimSpace(row)) > 0 {
			return row, err
		}
	}
}

// any reads up to the line break that is not within quotes, at the most so many
// bytes and lines.
func (r *rows) any() ([]byte, error) {
	r.line, r.first, r.last = r.next, 0, r.last[:0]
	q := quoting{comma: r.comma, fresh: true}
	for lines := 0; ; {
		piece, err := r.piece()
		if len(r.last) <= MaxRow {
			r.last = append(r.last, piece...)
			q.scan(piece)
		}
		if r.first > 0 && len(r.last) > MaxRow {
			return nil, unclosed
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(r.last) == 0:
			return nil, io.EOF
		case err != nil && !errors.Is(err, io.EOF):
			return nil, err
		}
		r.next++
		lines++
		if r.first == 0 {
			r.first = len(r.last)
		}
		switch {
		case len(r.last) > MaxRow:
			return nil, tooLong
		case !q.open():
			return bytes.TrimRight(r.last, "\r\n"), nil
		case err != nil || lines == maxLines:
			return nil, unclosed
		}
	}
}

// again puts back all of the last row but its first line, which is at fault.
func (r *rows) again() {
	if r.first > 0 && r.first < len(r.last) {
		r.back = append(bytes.Clone(r.last[r.first:]), r.back...)
		r.next = r.line + 1
		r.first = len(r.last)
	}
}

// piece is bufio's ReadSlice of a line, what was put back first.
func (r *rows) piece() ([]byte, error) {
	if len(r.back) == 0 {
		return r.r.ReadSlice('\n')
	}
	piece, err := r.back, bufio.ErrBufferFull
	if i := bytes.IndexByte(r.back, '\n'); i >= 0 {
		piece, err = r.back[:i+1], nil
	}
	r.back = r.back[len(piece):]
	return piece, err
}

func (r *rows) fields(row []byte) ([]string, error) {
	if bytes.Count(row, []byte(string(r.comma))) >= maxFields {
		return nil, tooMany
	}
	c := csv.NewReader(strings.NewReader(text(row)))
	c.Comma, c.LazyQuotes, c.FieldsPerRecord, c.TrimLeadingSpace = r.comma, true, -1, r.comma != '\t'
	fields, err := c.Read()
	if err != nil {
		return nil, malformed
	}
	for i, f := range fields {
		fields[i] = strings.TrimSpace(strings.ReplaceAll(f, "\x00", ""))
	}
	return fields, nil
}

// peek looks at what comes without reading it.
func (r *rows) peek() []byte {
	b, _ := r.r.Peek(buffer)
	return append(bytes.Clone(r.back), b...)
}

var errUTF16 = errors.New("the file is in UTF-16: save it as UTF-8")

// begin drops a byte order mark.
func (r *rows) begin() error {
	head, _ := r.r.Peek(3)
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return errUTF16
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		r.r.Discard(len(head))
	}
	return nil
}

// delimiters are those that are known.
const delimiters = ",;\t|"

// delimiter is the one of which a row has most; 0 when it has none.
func delimiter(row []byte) (comma rune) {
	most := 0
	for _, c := range delimiters {
		if n := bytes.Count(row, []byte(string(c))); n > most {
			comma, most = c, n
		}
	}
	return comma
}

// quoting follows quotes through a row (RFC 4180 §2): one opens at the beginning
// of a field only, and closes at its end only, so that a stray one does no harm.
type quoting struct {
	comma         rune // 0: any delimiter
	fresh         bool // a field begins
	inside, maybe bool // within quotes; and the last byte was a quote, which may have closed them
}

func (q *quoting) scan(piece []byte) {
	for _, c := range piece {
		ends := c == '\n' || c == '\r' || rune(c) == q.comma || q.comma == 0 && strings.IndexByte(delimiters, c) >= 0
		if q.inside && q.maybe && ends {
			q.inside = false
		}
		switch {
		case q.inside:
			q.maybe = c == '"' && !q.maybe
		case c == '"' && q.fresh:
			q.inside, q.maybe, q.fresh = true, false, false
		default:
			q.fresh = ends || q.fresh && c == ' '
		}
	}
}

// open says that the row goes on behind the line break.
func (q *quoting) open() bool { return q.inside && !q.maybe }

// text is UTF-8; what is not is taken for Windows-1252, of which Latin-1 is a
// part.
func text(row []byte) string {
	if utf8.Valid(row) {
		return string(row)
	}
	var b strings.Builder
	for _, c := range row {
		if c >= 0x80 && c < 0xa0 {
			b.WriteRune(windows1252[c-0x80])
			continue
		}
		b.WriteRune(rune(c))
	}
	return b.String()
}

// windows1252 is what Windows-1252 has in place of Latin-1's controls, 0x80 to
// 0x9f (WHATWG Encoding, index windows-1252).
var windows1252 = [32]rune{
	'€', 0x81, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0x8d, 'Ž', 0x8f,
	0x90, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0x9d, 'ž', 'Ÿ',
}
