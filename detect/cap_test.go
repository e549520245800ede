package detect

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tollwatch/detect/numbering"
)

// frugal is a site with caps, where a minute to France or to the United Kingdom
// costs 0.10 EUR.
func frugal(t testing.TB, caps ...Cap) *Engine {
	t.Helper()
	e, err := New(Config{Site: "office-1", Location: paris, Caps: caps,
		Prices: priceList(t, numbering.Price{Prefix: "33", Rate: .1}, numbering.Price{Prefix: "44", Rate: .1})})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// said is what alerts say of caps: every opening and raise, in order.
func said(alerts []Alert) (all []string) {
	for _, a := range alerts {
		if a.Event != Opened && a.Event != Raised {
			continue
		}
		for _, r := range a.Reasons {
			if r.Rule == "spend_cap" {
				all = append(all, fmt.Sprintf("%s %s %v: %s", a.Scheme, a.Level, a.Score, r.Text))
			}
		}
	}
	return all
}

func wantSaid(t *testing.T, alerts []Alert, want ...string) {
	t.Helper()
	if got := said(alerts); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// minutes writes calls of a minute, one every ten minutes.
func (s *script) minutes(from time.Time, calls int, number string) {
	for i := range calls {
		s.add(plot{at: from.Add(time.Duration(i) * 10 * time.Minute), extension: 204, number: number, ring: time.Second, talk: time.Minute})
	}
}

// TestMonthlyCap: each share is said once a month, of a class without points, at
// the very call that consumes it.
func TestMonthlyCap(t *testing.T) {
	e, s := frugal(t, Cap{Class: numbering.Domestic, PerMonth: 1}), &script{}
	s.minutes(monday.Add(9*time.Hour), 14, "33145670001")
	december := time.Date(2026, 12, 1, 9, 0, 0, 0, paris)
	s.minutes(december, 5, "33145670001")
	alerts := play(e, s.sorted(), december.Add(2*time.Hour))
	wantSaid(t, alerts,
		"spend_cap notice 45: 50 % of the monthly cap on calls to fixed lines of this country: 0.50 of 1.00 EUR this month",
		"spend_cap watch 55: 80 % of the monthly cap on calls to fixed lines of this country: 0.80 of 1.00 EUR this month",
		"spend_cap critical 80: 100 % of the monthly cap on calls to fixed lines of this country: 1.00 of 1.00 EUR this month",
		"spend_cap notice 45: 50 % of the monthly cap on calls to fixed lines of this country: 0.50 of 1.00 EUR this month")
	for _, a := range alerts {
		if _, score := a.Decision.Recompute(); score != a.Score || a.Tariff != Customer {
			t.Fatalf("got score %v from the stored inputs and tariff %s, want %v and customer", score, a.Tariff, a.Score)
		}
	}
}

// TestDailyCap: a day ends at midnight of the site, not of UTC; what a call costs
// after it belongs to the next.
func TestDailyCap(t *testing.T) {
	e, s := frugal(t, Cap{Class: numbering.Domestic, PerDay: 2}), &script{}
	midnight := monday.AddDate(0, 0, 1)
	s.add(plot{at: midnight.Add(-12 * time.Minute), extension: 204, number: "33145670001", talk: 24 * time.Minute})
	alerts := play(e, s.sorted(), midnight.Add(time.Hour))
	got := said(alerts)
	if len(got) != 1 || !strings.HasPrefix(got[0], "spend_cap notice 45: ") || !alerts[0].Time.Before(midnight) || e.caps.all[0].day < 1.19 || e.caps.all[0].day > 1.21 {
		t.Errorf("got %q at %s, %.2f EUR on the second day; want one notice before midnight, and 1.20 EUR", got, alerts[0].Time, e.caps.all[0].day)
	}
}

// TestCapOfRunningCalls: money counts while it is being spent, not when it is billed.
func TestCapOfRunningCalls(t *testing.T) {
	e, s := frugal(t, Cap{PerHour: 1}), &script{}
	for i := range 2 {
		s.add(plot{at: monday, extension: 204 + i, number: "33145670001", talk: time.Hour})
	}
	for _, a := range play(e, s.sorted(), monday.Add(time.Hour)) {
		if a.Level == Critical {
			if passed := a.Time.Sub(monday); passed < 5*time.Minute || passed > 5*time.Minute+runningEvery || a.Concurrent == 0 {
				t.Errorf("got a page after %s, want it when two calls have cost 0.50 EUR each", passed)
			}
			return
		}
	}
	t.Error("got no page")
}

// TestHourlyCapAgain: an hour that slides is over when little is used again.
func TestHourlyCapAgain(t *testing.T) {
	e, s := frugal(t, Cap{Class: numbering.Mobile, PerHour: .25}), &script{}
	for _, hour := range []time.Duration{9, 14} {
		s.minutes(monday.Add(hour*time.Hour), 12, "33612345678")
	}
	notice := "spend_cap watch 55: 80 % of the hourly cap on calls to mobiles of this country: 0.20 of 0.25 EUR in 60 minutes"
	page := "spend_cap critical 80: 120 % of the hourly cap on calls to mobiles of this country: 0.30 of 0.25 EUR in 60 minutes"
	got := said(play(e, s.sorted(), monday.Add(17*time.Hour)))
	got = slices.DeleteFunc(got, func(s string) bool { return strings.HasPrefix(s, "spend_cap notice") })
	if len(got) != 4 || got[0] != notice || got[2] != notice || !strings.HasPrefix(got[1], page[:21]) || !strings.HasPrefix(got[3], page[:21]) {
		t.Errorf("got\n%s\nwant a watch and a page at nine and again at two", strings.Join(got, "\n"))
	}
}

// TestCapOnACall: each call has a cap of its own.
func TestCapOnACall(t *testing.T) {
	e, s := frugal(t, Cap{Class: numbering.Domestic, PerCall: .5}), &script{}
	for i := range 2 {
		s.add(plot{at: monday.Add(time.Duration(i) * 2 * time.Hour), extension: 204, number: "33145670001", talk: 6 * time.Minute})
	}
	got := said(play(e, s.sorted(), monday.Add(6*time.Hour)))
	if len(got) != 6 || !strings.HasPrefix(got[2], "spend_cap critical 80: ") || !strings.HasPrefix(got[5], "spend_cap critical 80: ") {
		t.Errorf("got\n%s\nwant a notice, a watch and a page for each of two calls", strings.Join(got, "\n"))
	}
}

// TestCallsAtOnce: calls count from their first sign of life to their end; those
// that nobody answered for do not.
func TestCallsAtOnce(t *testing.T) {
	e, s := frugal(t, Cap{Class: numbering.Mobile, CallsAtOnce: 3}), &script{}
	for i := range 6 {
		s.add(plot{at: monday.Add(time.Duration(i) * time.Second), extension: 204 + i, number: "33612345678", ring: time.Minute, deaf: i < 3})
	}
	s.minutes(monday.Add(time.Hour), 5, "33612345678")
	wantSaid(t, play(e, s.sorted(), monday.Add(3*time.Hour)),
		"spend_cap critical 80: 3 calls to mobiles of this country at once, the cap is 3")
}

// TestCapsOfALearnedSite: what is usual is capped too, and teaches all the same.
func TestCapsOfALearnedSite(t *testing.T) {
	s, at := afterTwoWeeks(bothLegs, 5)
	s.add(plot{at: at, extension: 204, number: "442071234567", ring: time.Second, talk: time.Hour})
	quiet := play(frugal(t), s.sorted(), at.Add(3*time.Hour))
	if _, paged := firstPage(quiet); paged {
		t.Fatal("got a page without a cap")
	}
	e := frugal(t, Cap{Class: numbering.International, PerDay: 5})
	alerts := play(e, s.sorted(), at.Add(3*time.Hour))
	page, ok := firstPage(alerts)
	if !ok || page.Scheme != SpendCap || page.Time.Before(at) {
		t.Errorf("got %s at %s, want a page of the cap on the last day", page.Scheme, page.Time)
	}
	if n := len(e.memory.lessons); n == 0 || !slices.ContainsFunc(e.memory.lessons, func(l lesson) bool { return l.key.country == "GB" }) {
		t.Errorf("got %d lessons, want those of the calls that consumed the cap among them", n)
	}
}

// TestCapInAFraud: an incident that pages already, and may be acknowledged, is
// raised again when a cap is consumed; a cap's incident becomes one of fraud.
func TestCapInAFraud(t *testing.T) {
	e, s := frugal(t, Cap{Class: numbering.HighRisk, PerDay: 10}), &script{}
	start := monday.Add(2 * time.Hour)
	s.readingA(start, 100, 204, 1)
	alerts := play(e, s.sorted(), start.Add(time.Hour))
	page, _ := firstPage(alerts)
	var raised []Alert
	for _, a := range alerts {
		if a.Event == Raised && a.Time.After(page.Time) && a.Level == Critical {
			raised = append(raised, a)
		}
	}
	got := said(raised)
	if len(got) != 1 || !strings.HasPrefix(got[0], "toll_fraud critical ") || !strings.Contains(got[0], "of the daily cap on calls to high-risk countries: 10.") {
		t.Errorf("got %q, want the cap said once more in the incident", got)
	}

	e, s = frugal(t, Cap{PerDay: .1}), &script{}
	s.minutes(start.Add(-5*time.Minute), 1, "33145670001")
	s.readingA(start, 20, 204, 1)
	alerts = play(e, s.sorted(), start.Add(time.Hour))
	if first, last := alerts[0], alerts[len(alerts)-1]; first.Scheme != SpendCap || last.Scheme != TollFraud {
		t.Errorf("got %s first and %s last, want spend_cap and toll_fraud", first.Scheme, last.Scheme)
	}
}

// TestCapsSurvive: a restart forgets neither money nor what was said of it.
func TestCapsSurvive(t *testing.T) {
	caps := []Cap{{Class: numbering.Domestic, PerMonth: 1}, {PerHour: 100}}
	first, s := frugal(t, caps...), &script{}
	s.minutes(monday.Add(9*time.Hour), 6, "33145670001")
	play(first, s.sorted(), monday.Add(12*time.Hour))
	second := frugal(t, caps[0])
	if err := second.LoadState(first.AppendState(nil)); err != nil {
		t.Fatal(err)
	}
	s = &script{call: 1000, leg: 1000}
	s.minutes(monday.Add(13*time.Hour), 4, "33145670001")
	got := said(play(second, s.sorted(), monday.Add(15*time.Hour)))
	if len(got) != 2 || !strings.HasPrefix(got[0], "spend_cap watch") || !strings.HasPrefix(got[1], "spend_cap critical") {
		t.Errorf("got %q, want what was not said before: a watch and a page", got)
	}
}
