package cdr

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// layouts of times, the unambiguous first. Of 03/04/2026 the day stands first,
// as in most countries; a mapping may say otherwise.
var layouts = []string{
	"2006-01-02 15:04:05", time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04", "2006/01/02 15:04:05",
	"02/01/2006 15:04:05", "02/01/2006 15:04", "02.01.2006 15:04:05", "02.01.2006 15:04", "02-01-2006 15:04:05",
	"02/01/06 15:04:05", "02.01.06 15:04:05", "01/02/2006 15:04:05", "1/2/2006 3:04:05 PM", "01/02/2006 03:04:05 PM",
	"Jan 2, 2006 15:04:05", "2 Jan 2006 15:04:05", "20060102150405", "20060102 150405",
}

var errTime = errors.New("no time that is known")

// moment reads a time in a zone; a number is seconds since 1970.
func moment(s, layout string, zone *time.Location) (time.Time, error) {
	if layout != "" {
		return time.ParseInLocation(layout, s, zone)
	}
	s, _, _ = strings.Cut(s, ".0000")
	for _, l := range layouts {
		if t, err := time.ParseInLocation(l, s, zone); err == nil {
			return t, nil
		}
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && n > 1e9 && n < 1e10 {
		return time.Unix(n, 0), nil
	}
	return time.Time{}, errTime
}

var errSpan = errors.New("no duration")

// longest bounds a duration: a week.
const longest = 7 * 24 * time.Hour

// span reads seconds, m:s, h:m:s, or a text such as "1h 2m 3s" or "63 s".
func span(s string) (time.Duration, error) {
	if s == "" || s == "-" {
		return 0, nil
	}
	var d time.Duration
	if strings.Contains(s, ":") {
		for part := range strings.SplitSeq(s, ":") {
			n, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
			if err != nil {
				return 0, errSpan
			}
			d = d*60 + time.Duration(n*float64(time.Second))
		}
	} else if n, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(s, "s")), 64); err == nil {
		d = time.Duration(n * float64(time.Second))
	} else if d, err = time.ParseDuration(strings.ReplaceAll(s, " ", "")); err != nil {
		return 0, errSpan
	}
	if d < 0 || d > longest {
		return 0, errSpan
	}
	return d, nil
}

var errMoney = errors.New("no amount of money")

// money reads 1.234,56 and 1,234.56 and 0,05 €.
func money(s string) (float64, error) {
	s = strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '.' || r == ',' || r == '-' {
			return r
		}
		return -1
	}, s)
	comma, dot := strings.LastIndexByte(s, ','), strings.LastIndexByte(s, '.')
	if comma > dot {
		s = strings.ReplaceAll(strings.ReplaceAll(s, ".", ""), ",", ".")
	} else {
		s = strings.ReplaceAll(s, ",", "")
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f != f || f > 1e6 || f < -1e6 {
		return 0, errMoney
	}
	return f, nil
}

// answered reads the word of an outcome.
func answered(s string) bool {
	s = strings.ToLower(s)
	for _, word := range []string{"no", "un", "busy", "fail", "cancel", "congest", "miss", "abandon", "waiting", "redirect"} {
		if strings.HasPrefix(s, word) {
			return false
		}
	}
	return s != "" && s != "0" && s != "false"
}

// direction reads a word.
func direction(s string) Direction {
	s = strings.ToLower(s)
	for _, w := range []struct {
		prefix string
		d      Direction
	}{{"int", Internal}, {"out", Outbound}, {"sort", Outbound}, {"ausg", Outbound}, {"sal", Outbound}, {"in", Inbound}, {"entr", Inbound}, {"eing", Inbound}} {
		if strings.HasPrefix(s, w.prefix) {
			return w.d
		}
	}
	return 0
}

// called is the number in a field such as "0033 1 99 00 12 01", "Line 10001>>0199001201",
// "Bob (201)", or `"Bob" <201>`.
func called(s string) string {
	if i := strings.LastIndex(s, ">>"); i >= 0 {
		s = s[i+2:]
	}
	if i, j := strings.LastIndexByte(s, '('), strings.LastIndexByte(s, ')'); i >= 0 && j > i+1 {
		s = s[i+1 : j]
	} else if i, j := strings.LastIndexByte(s, '<'), strings.LastIndexByte(s, '>'); i >= 0 && j > i+1 {
		s = s[i+1 : j]
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '-' || r == '.' || r == '/' || r == '\u00a0':
			return -1
		}
		return r
	}, strings.TrimPrefix(s, "Ext."))
}
