package cdr

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

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
	} else if d, err = time.ParseDuration(strings.NewReplacer(" ", "", "min", "m", "sec", "s").Replace(s)); err != nil {
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

// inbound says of a context of Asterisk's dial plan that calls from outside
// arrive there: those of FreePBX, and the names that most others give it.
func inbound(context string) bool {
	for _, prefix := range []string{"from-trunk", "from-pstn", "from-did", "ext-did", "from-outside", "from-external", "incoming", "inbound"} {
		if strings.HasPrefix(context, prefix) {
			return true
		}
	}
	return false
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
