package detect

import (
	"fmt"
	"testing"
	"time"
)

// office is a month of an office's calls abroad: three a working day to each of
// two countries, by two people.
func pastOffice(days int) []Past {
	var past []Past
	start := time.Date(2026, 2, 2, 9, 0, 0, 0, time.UTC)
	for d := range days {
		day := start.AddDate(0, 0, d)
		if wd := day.Weekday(); wd == time.Saturday || wd == time.Sunday {
			continue
		}
		for i := range 6 {
			past = append(past, Past{Start: day.Add(time.Duration(i) * time.Hour), Duration: 3 * time.Minute,
				Caller: fmt.Sprint(201 + i%2), Dialled: fmt.Sprint([]string{"0044207946012", "0049302312500"}[i%2], d%3)})
		}
		for i := range 20 {
			past = append(past, Past{Start: day.Add(6*time.Hour + time.Duration(i)*5*time.Minute), Duration: time.Minute, Caller: "203", Dialled: "0199008123"})
		}
	}
	return past
}

func recall(t *testing.T, past []Past) (*Engine, []Alert) {
	t.Helper()
	e, err := New(Config{Site: "past"})
	if err != nil {
		t.Fatal(err)
	}
	var alerts []Alert
	r := e.Recall()
	for _, p := range past {
		alerts = append(alerts, r.Call(p)...)
	}
	return e, append(alerts, r.Close()...)
}

// TestThePastTeaches: a site whose records were read need not start blind. What
// it called is known, its warm-up is over, and its usual hour has a price.
func TestThePastTeaches(t *testing.T) {
	e, alerts := recall(t, pastOffice(40))
	for _, a := range alerts {
		if a.Level.Pages() {
			t.Errorf("an ordinary past pages: %s of %s", a.Level, a.Extension)
		}
	}
	for _, country := range []string{"GB", "DE"} {
		known := false
		for _, g := range e.memory.groups.OldestFirst() {
			known = known || (*g).key.country == country && (*g).known(e.memory.day)
		}
		if !known {
			t.Errorf("%s was called for a month and is not known", country)
		}
	}
	if e.memory.learned.days < warmDays || e.memory.learned.total == 0 || e.memory.warmup(e.now) < 1 {
		t.Errorf("got %g days, %g EUR a day and warm-up %g, want a month's", e.memory.learned.days, e.memory.learned.total, e.memory.warmup(e.now))
	}
	if n := e.calls.Len(); n != 0 {
		t.Errorf("%d past calls still run", n)
	}
}

// TestPastTheftTeachesNothing: a burst in the records is told, and its country
// stays unknown.
func TestPastTheftTeachesNothing(t *testing.T) {
	past := pastOffice(30)
	night := past[len(past)-1].Start.Add(10 * time.Hour)
	for i := range 120 {
		past = append(past, Past{Start: night.Add(time.Duration(i) * 3 * time.Second), Duration: 8 * time.Second, Caller: "202", Dialled: "0022710000012"})
	}
	after := pastOffice(60)
	for _, p := range after {
		if p.Start.After(past[len(past)-1].Start) {
			past = append(past, p)
		}
	}
	e, alerts := recall(t, past)
	paged := false
	for _, a := range alerts {
		paged = paged || a.Level == Critical && a.Extension == "202"
	}
	if !paged {
		t.Error("a burst of the past was not told")
	}
	for _, g := range e.memory.groups.OldestFirst() {
		if (*g).key.country == "NE" && (*g).known(e.memory.day) {
			t.Error("the burst's country is known")
		}
	}
}
