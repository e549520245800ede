package detect

import (
	"testing"
	"time"

	"tollwatch/detect/calendar"
)

// offAt gives the points of off_hours for one call to Britain at a time, by an
// engine that knows what e does.
func offAt(t *testing.T, e *Engine, cfg Config, at time.Time) (points float64) {
	t.Helper()
	cfg.Site, cfg.Country, cfg.Location = "office-1", "FR", paris
	other, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := other.LoadState(e.AppendState(nil)); err != nil {
		t.Fatal(err)
	}
	s := script{view: bothLegs, call: 100000, leg: 100000}
	s.add(plot{at: at, extension: 204, number: "442079460000", ring: time.Second, talk: time.Minute})
	for _, ev := range s.sorted() {
		r := other.Observe(ev)
		if r.Verdict == nil || r.Verdict.Decision == nil {
			continue
		}
		points = 0
		for _, reason := range r.Verdict.Reasons {
			if reason.Rule == "off_hours" {
				points = reason.Points
			}
		}
	}
	return points
}

// TestOffHoursAreLearned: three weeks of an office; its nights are off, its days
// and, though little happens there, its Saturdays by day are as they are.
func TestOffHoursAreLearned(t *testing.T) {
	s := &script{view: bothLegs}
	s.officeDays(monday, 21, 1)
	e := newEngine(t)
	play(e, s.sorted(), monday.AddDate(0, 0, 21))
	for _, c := range []struct {
		day, hour int
		want      float64
	}{{22, 10, 0}, {22, 17, 0}, {22, 3, 15}, {23, 23, 15}, {26, 3, 15}, {27, 4, 15}} {
		at := monday.AddDate(0, 0, c.day).Add(time.Duration(c.hour) * time.Hour)
		if got := offAt(t, e, Config{}, at); got != c.want {
			t.Errorf("%s: got %v points, want %v", at.Format("Mon 15:04"), got, c.want)
		}
	}

	early := &script{view: bothLegs}
	early.officeDays(monday, 14, 1)
	young := newEngine(t)
	play(young, early.sorted(), monday.AddDate(0, 0, 14))
	if got := offAt(t, young, Config{}, monday.AddDate(0, 0, 14).Add(3*time.Hour)); got != 0 {
		t.Errorf("got %v points while no week was seen twice, want 0", got)
	}
}

// TestConfiguredHoursDecide: from the first call on, and against what was learned.
func TestConfiguredHoursDecide(t *testing.T) {
	s := &script{view: bothLegs}
	s.officeDays(monday, 21, 1)
	learned, blank := newEngine(t), newEngine(t)
	play(learned, s.sorted(), monday.AddDate(0, 0, 21))
	night := hoursOf(t, "mon-sun 20:00-24:00", "mon-sun 00:00-06:00")
	day := hoursOf(t, "mon-fri 08:30-18:00")
	for _, c := range []struct {
		what  string
		e     *Engine
		hours calendar.Hours
		at    time.Time
		want  float64
	}{
		{"noon of a night shift", learned, night, monday.AddDate(0, 0, 22).Add(12 * time.Hour), 15},
		{"its night", learned, night, monday.AddDate(0, 0, 22).Add(3 * time.Hour), 0},
		{"an evening on the first day", blank, day, monday.Add(20 * time.Hour), 15},
		{"noon on the first day", blank, day, monday.Add(12 * time.Hour), 0},
		{"11 November", blank, day, monday.AddDate(0, 0, 9).Add(12 * time.Hour), 15},
		{"11 November, hours not known", blank, calendar.Hours{Holidays: calendar.French}, monday.AddDate(0, 0, 9).Add(12 * time.Hour), 0},
	} {
		if got := offAt(t, c.e, Config{Hours: c.hours}, c.at); got != c.want {
			t.Errorf("%s: got %v points, want %v", c.what, got, c.want)
		}
	}
}

// TestForecastWaitsForSomebody: theft in the night before a holiday is forecast
// until the day after.
func TestForecastWaitsForSomebody(t *testing.T) {
	s := &script{view: bothLegs}
	at := time.Date(2026, 11, 10, 23, 0, 0, 0, paris)
	s.readingA(at, 10, 204, 1)
	e, err := New(Config{Site: "office-1", Country: "FR", Location: paris, HashKey: [16]byte{1}, Hours: hoursOf(t, "mon-fri 08:30-18:00")})
	if err != nil {
		t.Fatal(err)
	}
	page, ok := firstPage(play(e, s.sorted(), at.Add(time.Hour)))
	if want := time.Date(2026, 11, 12, 8, 30, 0, 0, paris); !ok || !page.ForecastUntil.Equal(want) {
		t.Errorf("got a forecast until %v, want %v", page.ForecastUntil, want)
	}
}

func hoursOf(t *testing.T, open ...string) calendar.Hours {
	t.Helper()
	h := calendar.Hours{Holidays: calendar.French}
	for _, text := range open {
		o, err := calendar.ParseOpening(text)
		if err != nil {
			t.Fatal(err)
		}
		h.Week = append(h.Week, o)
	}
	return h
}
