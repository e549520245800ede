package calendar

import (
	"fmt"
	"time"
)

// Holidays is whose public holidays are kept.
type Holidays uint8

// The holidays that are built in.
const (
	NoHolidays    Holidays = iota
	French                 // Code du travail, article L3133-1
	AlsaceMoselle          // and L3134-13: Good Friday and 26 December besides
)

// ParseHolidays knows the words of the configuration: ISO 3166-2, the departments
// of Alsace and Moselle for their own law.
func ParseHolidays(word string) (Holidays, error) {
	switch word {
	case "":
		return NoHolidays, nil
	case "FR":
		return French, nil
	case "FR-57", "FR-67", "FR-68":
		return AlsaceMoselle, nil
	}
	return 0, fmt.Errorf("%q is none of FR, FR-57, FR-67, FR-68 or empty: give other holidays in holidays_file", word)
}

// dayAndMonth is month*100 + day.
func dayAndMonth(t time.Time) int { return int(t.Month())*100 + t.Day() }

// on says that the date (at midnight UTC) is a holiday.
func (h Holidays) on(date time.Time) bool {
	if h == NoHolidays {
		return false
	}
	switch dayAndMonth(date) {
	case 101, 501, 508, 714, 815, 1101, 1111, 1225:
		return true
	case 1226:
		return h == AlsaceMoselle
	}
	const day = 24 * time.Hour
	switch date.Sub(easter(date.Year())) {
	case 1 * day, 39 * day, 50 * day: // Easter Monday, Ascension, Whit Monday
		return true
	case -2 * day: // Good Friday
		return h == AlsaceMoselle
	}
	return false
}

// easter is Easter Sunday of the Gregorian calendar: the algorithm of Meeus,
// Jones and Butcher.
func easter(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	h := (19*a + b - b/4 - (b-(b+8)/25+1)/3 + 15) % 30
	l := (32 + 2*(b%4) + 2*(c/4) - h - c%4) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return time.Date(year, time.Month(n/31), n%31+1, 0, 0, 0, 0, time.UTC)
}
