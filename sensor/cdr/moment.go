package cdr

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// plain are the layouts that say which is the day and which the month.
var plain = []string{
	"2006-01-02 15:04:05", time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04", "2006/01/02 15:04:05", "2006/01/02 15:04",
	"2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05Z07:00", "Jan 2, 2006 15:04:05", "2 Jan 2006 15:04:05", "20060102150405", "20060102 150405",
}

// dayFirst and monthFirst are those that do not. A file is written in one of the
// two ways.
var dayFirst, monthFirst = orders("2", "1"), orders("1", "2")

func orders(first, second string) (all []string) {
	for _, date := range []string{
		first + "/" + second + "/2006 ", first + "." + second + ".2006 ", first + "-" + second + "-2006 ",
		first + "/" + second + "/06 ", first + "." + second + ".06 ",
	} {
		for _, clock := range []string{"15:04:05", "15:04", "3:04:05 PM", "3:04 PM"} {
			all = append(all, date+clock)
		}
	}
	return all
}

// clock reads the times of one file.
type clock struct {
	zone   *time.Location
	fixed  string // the one layout that a mapping names; empty = found out
	months bool   // the month stands before the day
	latest string // the layout that fitted last
}

var (
	errTime = errors.New("no time that is known")
	errAge  = errors.New("no time of this century")
)

// parse reads a time; a number of ten digits is seconds since 1970.
func (c *clock) parse(s string) (time.Time, error) {
	t, err := c.any(s)
	if err == nil && (t.Year() < 2000 || t.Year() > 2099) {
		return t, errAge
	}
	return t, err
}

func (c *clock) any(s string) (time.Time, error) {
	if c.fixed != "" {
		t, err := time.ParseInLocation(c.fixed, s, c.zone)
		if err != nil {
			return t, errTime
		}
		return t, nil
	}
	if c.latest != "" {
		if t, err := time.ParseInLocation(c.latest, s, c.zone); err == nil {
			return t, nil
		}
	}
	ambiguous := dayFirst
	if c.months {
		ambiguous = monthFirst
	}
	s = strings.Join(strings.Fields(s), " ")
	if t, layout, ok := c.fit(s, plain, ambiguous); ok {
		c.latest = layout
		return t, nil
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && n > 1e9 && n < 1e10 {
		return time.Unix(n, 0), nil
	}
	return time.Time{}, errTime
}

func (c *clock) fit(s string, lists ...[]string) (time.Time, string, bool) {
	for _, list := range lists {
		for _, layout := range list {
			if t, err := time.ParseInLocation(layout, s, c.zone); err == nil {
				return t, layout, true
			}
		}
	}
	return time.Time{}, "", false
}

// settle finds out whether the day or the month stands first, by some of a
// file's times: the day, unless more of them can be read the other way.
func (c *clock) settle(times []string) {
	days, months := 0, 0
	for _, s := range times {
		s = strings.Join(strings.Fields(s), " ")
		if _, _, ok := c.fit(s, dayFirst); ok {
			days++
		}
		if _, _, ok := c.fit(s, monthFirst); ok {
			months++
		}
	}
	c.months = months > days
}
