package calendar

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Hours is when somebody is at the site. Of a time, its own location counts:
// give the site's.
type Hours struct {
	Week     []Opening // empty = not known
	Holidays Holidays
	Closed   []Closure
}

// Opening is a part of the day, on some days of the week.
type Opening struct {
	Days        [7]bool // by time.Weekday
	From, Until int     // minutes of the clock; Until itself is closed
}

// Closure is days without anybody, by their dates at midnight UTC, both included.
type Closure struct{ First, Last time.Time }

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

var errOpening = errors.New(`want days and hours, "mon-fri 08:30-12:00" or "sat 09:00-12:00"`)

// ParseOpening reads "mon-fri 08:30-12:00". A day may end at 24:00; what lasts
// over midnight is two openings.
func ParseOpening(text string) (Opening, error) {
	o := Opening{}
	days, hours, ok := strings.Cut(text, " ")
	from, until, both := strings.Cut(hours, "-")
	if !ok || !both {
		return o, errOpening
	}
	first, last, several := strings.Cut(days, "-")
	if !several {
		last = first
	}
	day, end := slices.Index(weekdays, first), slices.Index(weekdays, last)
	if day < 0 || end < 0 {
		return o, errOpening
	}
	for o.Days[day] = true; day != end; o.Days[day] = true {
		day = (day + 1) % 7
	}
	var one, other error
	o.From, one = minuteOf(from)
	o.Until, other = minuteOf(until)
	if one != nil || other != nil {
		return o, errOpening
	}
	if o.From >= o.Until {
		return o, fmt.Errorf("%s is not before %s: what lasts over midnight is two openings", from, until)
	}
	return o, nil
}

func minuteOf(clock string) (int, error) {
	if clock == "24:00" {
		return 24 * 60, nil
	}
	t, err := time.Parse("15:04", clock)
	if err != nil || len(clock) != len("15:04") {
		return 0, errOpening
	}
	return t.Hour()*60 + t.Minute(), nil
}

// Open says that somebody is there. Where no week is known every hour is open
// that is on no holiday.
func (h *Hours) Open(t time.Time) bool {
	if h.closedOn(t) {
		return false
	}
	minute := t.Hour()*60 + t.Minute()
	for i := range h.Week {
		if o := &h.Week[i]; o.Days[t.Weekday()] && o.From <= minute && minute < o.Until {
			return true
		}
	}
	return len(h.Week) == 0
}

// closedOn says that t is on a holiday, or within a closure.
func (h *Hours) closedOn(t time.Time) bool {
	y, m, d := t.Date()
	date := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	for _, c := range h.Closed {
		if !date.Before(c.First) && !date.After(c.Last) {
			return true
		}
	}
	return h.Holidays.on(date)
}

// lookAhead bounds the search for an opening: a site may close for a year.
const lookAhead = 400

// usualWeek is where nobody told: 08:00 on a working day.
var usualWeek = []Opening{{Days: [7]bool{false, true, true, true, true, true, false}, From: 8 * 60, Until: 18 * 60}}

// Next is when somebody will next come, after t; t where nobody ever does.
func (h *Hours) Next(t time.Time) time.Time {
	week := h.Week
	if len(week) == 0 {
		week = usualWeek
	}
	y, m, d := t.Date()
	for day := range lookAhead {
		noon := time.Date(y, m, d+day, 12, 0, 0, 0, t.Location())
		if h.closedOn(noon) {
			continue
		}
		next := time.Time{}
		for i := range week {
			at := time.Date(y, m, d+day, 0, week[i].From, 0, 0, t.Location())
			if week[i].Days[noon.Weekday()] && at.After(t) && (next.IsZero() || at.Before(next)) {
				next = at
			}
		}
		if !next.IsZero() {
			return next
		}
	}
	return t
}
