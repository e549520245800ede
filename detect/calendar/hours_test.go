package calendar

import (
	"testing"
	"time"
)

func parisAt(t *testing.T, text string) time.Time {
	t.Helper()
	where, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", text, where)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func hoursOf(t *testing.T, open ...string) Hours {
	t.Helper()
	h := Hours{Holidays: French}
	for _, text := range open {
		o, err := ParseOpening(text)
		if err != nil {
			t.Fatal(err)
		}
		h.Week = append(h.Week, o)
	}
	return h
}

// TestHours: a week with a lunch break, holidays, a summer closure, and the
// nights in which the clocks change.
func TestHours(t *testing.T) {
	h := hoursOf(t, "mon-fri 08:30-12:00", "mon-fri 13:30-19:00", "sat 09:00-12:00")
	h.Closed = []Closure{{time.Date(2026, 8, 3, 0, 0, 0, 0, time.UTC), time.Date(2026, 8, 14, 0, 0, 0, 0, time.UTC)}}
	for _, c := range []struct {
		at, next string
		open     bool
	}{
		{"2026-03-09 08:29", "2026-03-09 08:30", false},
		{"2026-03-09 08:30", "2026-03-09 13:30", true},
		{"2026-03-09 12:00", "2026-03-09 13:30", false},
		{"2026-03-13 20:00", "2026-03-14 09:00", false},
		{"2026-03-28 23:00", "2026-03-30 08:30", false}, // summer time begins on the 29th
		{"2026-10-24 12:30", "2026-10-26 08:30", false}, // and ends on the 25th
		{"2026-04-06 10:00", "2026-04-07 08:30", false}, // Easter Monday
		{"2026-05-14 10:00", "2026-05-15 08:30", false}, // Ascension
		{"2026-05-25 10:00", "2026-05-26 08:30", false}, // Whit Monday
		{"2026-07-13 20:00", "2026-07-15 08:30", false},
		{"2026-08-01 13:00", "2026-08-17 08:30", false}, // closed, and the 15th is a Saturday
		{"2026-12-26 10:00", "2026-12-28 08:30", true},
	} {
		at := parisAt(t, c.at)
		if got := h.Open(at); got != c.open {
			t.Errorf("%s: got open %v, want %v", c.at, got, c.open)
		}
		if got := h.Next(at); !got.Equal(parisAt(t, c.next)) {
			t.Errorf("%s: got next %v, want %s", c.at, got, c.next)
		}
	}
	h.Holidays = AlsaceMoselle
	for _, day := range []string{"2026-04-03 10:00", "2026-12-26 10:00"} {
		if h.Open(parisAt(t, day)) {
			t.Errorf("%s: got open, want closed in Alsace", day)
		}
	}
	if at := parisAt(t, "2026-03-13 20:00"); !(&Hours{}).Next(at).Equal(parisAt(t, "2026-03-16 08:00")) {
		t.Error("want 08:00 on Monday where no hours are known")
	}
}

func TestEaster(t *testing.T) {
	for _, want := range []string{"1943-04-25", "1961-04-02", "2000-04-23", "2008-03-23", "2019-04-21", "2024-03-31", "2026-04-05", "2038-04-25", "2049-04-18"} {
		day, err := time.Parse(time.DateOnly, want)
		if err != nil {
			t.Fatal(err)
		}
		if got := easter(day.Year()); !got.Equal(day) {
			t.Errorf("got %v, want %s", got, want)
		}
	}
}

func TestParseOpening(t *testing.T) {
	for _, text := range []string{"", "mon", "mon-fri", "mon 8:30-12:00", "mon 08:30-24:01", "lundi 08:30-12:00", "mon-fri 12:00-12:00",
		"fri 22:00-06:00", "mon-fri  08:30-12:00", "mon-fri-sat 08:30-12:00", "-mon 08:00-09:00", "mon 08:30-12:00 "} {
		if o, err := ParseOpening(text); err == nil {
			t.Errorf("%q: got %+v, want an error", text, o)
		}
	}
	if o, err := ParseOpening("sat-mon 00:00-24:00"); err != nil || o.Days != [7]bool{0: true, 1: true, 6: true} || o.Until != 1440 {
		t.Errorf("got %+v, %v, want three whole days", o, err)
	}
}
