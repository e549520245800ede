package honest

import "time"

// holiday says whether a day is a public holiday in France (Code du travail,
// L3133-1), or one of those between Christmas and New Year on which firms are
// closed.
func holiday(t time.Time) bool {
	year, month, day := t.Date()
	switch month {
	case time.January:
		if day == 1 {
			return true
		}
	case time.May:
		if day == 1 || day == 8 {
			return true
		}
	case time.July:
		if day == 14 {
			return true
		}
	case time.August:
		if day == 15 {
			return true
		}
	case time.November:
		if day == 1 || day == 11 {
			return true
		}
	case time.December:
		if day >= 24 {
			return true
		}
	}
	sunday := easter(year)
	date := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	switch int(date.Sub(sunday).Hours() / 24) {
	case 1, 39, 50: // Easter Monday, Ascension, Whit Monday
		return date.After(sunday)
	}
	return false
}

// easter is Easter Sunday in the Gregorian calendar (the anonymous algorithm,
// Nature, 20 April 1876).
func easter(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	h := (19*a + b - b/4 - (b-(b+8)/25+1)/3 + 15) % 30
	l := (32 + 2*(b%4) + 2*(c/4) - h - c%4) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return time.Date(year, time.Month(n/31), n%31+1, 0, 0, 0, 0, time.UTC)
}

// vacation says whether schools are closed: two weeks in each of February,
// April, October and December, and the summer. The weeks of one zone, about.
func vacation(t time.Time) bool {
	switch day := t.YearDay(); {
	case day <= 4, day >= 354: // Christmas
		return true
	case day >= 46 && day < 62, day >= 102 && day < 118, day >= 186 && day < 244, day >= 291 && day < 307:
		return true
	}
	return false
}
