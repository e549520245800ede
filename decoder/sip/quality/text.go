package quality

import (
	"bytes"
	"time"
)

// nextPair cuts the first word off b; blanks in quotes part nothing.
func nextPair(b []byte) (pair, rest []byte) {
	p := 0
	for p < len(b) && isBlank(b[p]) {
		p++
	}
	start, quoted := p, false
	for ; p < len(b) && (quoted || !isBlank(b[p])); p++ {
		if b[p] == '"' {
			quoted = !quoted
		}
	}
	return b[start:p], b[p:]
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' }

// cut returns what stands before and behind the first sep of b, without the
// blanks around.
func cut(b []byte, sep byte) (before, after []byte) {
	n := bytes.IndexByte(b, sep)
	if n < 0 {
		return trim(b), nil
	}
	return trim(b[:n]), trim(b[n+1:])
}

func trim(b []byte) []byte {
	for len(b) > 0 && isBlank(b[0]) {
		b = b[1:]
	}
	for len(b) > 0 && isBlank(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}

// is compares in any case; name is ASCII.
func is(b []byte, name string) bool {
	if len(b) != len(name) {
		return false
	}
	for i, c := range b {
		if lower(c) != lower(name[i]) {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if c-'A' <= 'Z'-'A' {
		return c | 0x20
	}
	return c
}

// uri returns what stands between the brackets of a name-addr (RFC 3261 §25.1),
// or all of it where there are none. Brackets within a quoted name are none.
func uri(value []byte) []byte {
	quoted := false
	for i := 0; i < len(value); i++ {
		switch c := value[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"':
			quoted = !quoted
		case c == '<' && !quoted:
			in, _ := cut(value[i+1:], '>')
			return in
		}
	}
	return value
}

// parseNumber reads digits, with a fraction or not.
func parseNumber(b []byte) (n float64, ok bool) {
	whole, rest := digits(b, maxDigits)
	if len(rest) == len(b) {
		return 0, false
	}
	if len(rest) == 0 {
		return float64(whole), true
	}
	if rest[0] != '.' {
		return 0, false
	}
	fraction, after := digits(rest[1:], maxDigits)
	scale := int64(1)
	for range len(rest) - 1 - len(after) {
		scale *= 10
	}
	return float64(whole*scale+fraction) / float64(scale), len(after) == 0 && scale > 1
}

// maxDigits is more than any figure has before or behind its point.
const maxDigits = 9

// digits reads at most so many digits that b begins with, and returns what
// follows them.
func digits(b []byte, most int) (n int64, rest []byte) {
	for i, c := range b {
		if i == most || c-'0' > 9 {
			return n, b[i:]
		}
		n = n*10 + int64(c-'0')
	}
	return n, nil
}

// parseTime reads a date-time (RFC 3339 §5.6), to the second; one that names no
// zone is in UTC. It returns the zero time for anything else.
func parseTime(b []byte) time.Time {
	const pattern = "0000-00-00T00:00:00"
	if len(b) < len(pattern) {
		return time.Time{}
	}
	var field [6]int
	f := 0
	for i := range len(pattern) {
		switch digit := b[i]-'0' <= 9; {
		case pattern[i] == '0' && digit:
			field[f] = field[f]*10 + int(b[i]-'0')
		case pattern[i] != '0' && !digit && (b[i] == pattern[i] || b[i]|0x20 == 't' && pattern[i] == 'T'):
			f++
		default:
			return time.Time{}
		}
	}
	year, month, day, hour, minute, second := field[0], field[1], field[2], field[3], field[4], field[5]
	if month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60 {
		return time.Time{}
	}
	offset, ok := parseZone(b[len(pattern):])
	if !ok {
		return time.Time{}
	}
	return time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC).Add(-offset)
}

// parseZone reads a fraction of a second, which it forgets, and "Z", "+02:00"
// or nothing.
func parseZone(b []byte) (offset time.Duration, ok bool) {
	if len(b) > 0 && b[0] == '.' {
		_, b = digits(b[1:], maxDigits)
	}
	switch {
	case len(b) == 0 || len(b) == 1 && b[0]|0x20 == 'z':
		return 0, true
	case len(b) != 6 || b[3] != ':' || b[0] != '+' && b[0] != '-':
		return 0, false
	}
	hours, noHours := digits(b[1:3], 2)
	minutes, noMinutes := digits(b[4:6], 2)
	if len(noHours) > 0 || len(noMinutes) > 0 || hours > 23 || minutes > 59 {
		return 0, false
	}
	offset = time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
	if b[0] == '-' {
		offset = -offset
	}
	return offset, true
}
