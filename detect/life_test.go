package detect

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tollwatch/decoder/call"
	"tollwatch/detect/numbering"
)

// TestIncidentLife follows one burst from its first alert to the last.
func TestIncidentLife(t *testing.T) {
	e := newEngine(t)
	s := script{view: bothLegs}
	start := monday.Add(10 * time.Hour)
	s.readingA(start, 50, 204, 3)
	alerts := play(e, s.sorted(), start.Add(time.Hour))
	if len(alerts) < 30 {
		t.Fatalf("got %d alerts, want one a minute until half an hour after the last call", len(alerts))
	}
	first, last := alerts[0], alerts[len(alerts)-1]
	if first.Event != Opened || last.Event != Closed {
		t.Errorf("got %s first and %s last, want opened and closed", first.Event, last.Event)
	}
	level, updates := Level(0), 0
	for _, a := range alerts {
		if a.Incident != first.Incident {
			t.Fatalf("got incidents %s and %s, want one", first.Incident, a.Incident)
		}
		if a.Level < level {
			t.Errorf("got level %s after %s: it may only rise", a.Level, level)
		}
		if a.Event == Raised && a.Level == level {
			t.Errorf("got raised to %s twice", a.Level)
		}
		level = a.Level
		if a.Event == Updated {
			updates++
		}
	}
	if updates < 30 || updates > 33 {
		t.Errorf("got %d updates, want one for each of about 32 minutes", updates)
	}
	if last.Calls != 50 || last.Answered != 50 || last.Concurrent != 0 || len(last.CallIDs) != 50 {
		t.Errorf("got %d calls, %d answered, %d running, %d ids; want 50, 50, 0, 50", last.Calls, last.Answered, last.Concurrent, len(last.CallIDs))
	}
	if want := start.Format("20060102-1504"); first.Incident[:8] != want[:8] || len(first.Incident) != len("20261102-090000-3f9a") {
		t.Errorf("got id %q, want 20261102-hhmmss-xxxx", first.Incident)
	}
	quiet := last.Closed.Sub(start.Add(50 * 2400 * time.Millisecond))
	if quiet < 29*time.Minute || quiet > 31*time.Minute {
		t.Errorf("got closed %s after the burst, want 30 minutes", quiet)
	}
}

// TestMoneyOfAnIncident checks the sums against the calls themselves.
func TestMoneyOfAnIncident(t *testing.T) {
	e := newEngine(t)
	s := script{view: bothLegs}
	start := time.Date(2026, 11, 7, 2, 0, 0, 0, paris) // a Saturday
	s.readingA(start, 50, 204, 3)
	alerts := play(e, s.sorted(), start.Add(time.Hour))
	table, err := numbering.Default()
	if err != nil {
		t.Fatal(err)
	}
	ky, _ := table.Lookup("13459491234")
	want := 0.0
	for _, ev := range s.events {
		if ev.Kind == call.EventEnded && ev.Leg.Dst == trunkAddr {
			n := numbering.Number{Class: ky.Class, Rate: ky.Rate}
			want += n.Cost(ev.Leg.Duration(), numbering.BillingFor(ky.Class))
		}
	}
	near := cmpopts.EquateApprox(0, 0.01)
	last := alerts[len(alerts)-1]
	if !cmp.Equal(last.SpentEUR, want, near) {
		t.Errorf("got %.3f EUR, want %.3f: each call once, by its trunk leg", last.SpentEUR, want)
	}
	if !cmp.Equal(last.SpentLow, want/2, near) || last.SpentHigh < 50*ky.Rate-0.01 {
		t.Errorf("got band %.2f to %.2f, want half of %.2f to a minute of each call", last.SpentLow, last.SpentHigh, want)
	}
	during := alerts[slices.IndexFunc(alerts, func(a Alert) bool { return a.Event == Updated })]
	if during.BurnEURPerHour < 200 || during.BurnEURPerHour > 1500 {
		t.Errorf("got %.0f EUR an hour after a minute of 3 calls at 2 EUR, want some hundred", during.BurnEURPerHour)
	}
	if want := time.Date(2026, 11, 9, 8, 0, 0, 0, paris); !during.ForecastUntil.Equal(want) {
		t.Errorf("got a forecast to %s, want Monday 08:00", during.ForecastUntil)
	}
	if want := during.SpentEUR + during.BurnEURPerHour*during.ForecastUntil.Sub(during.Time).Hours(); !cmp.Equal(during.ForecastEUR, want, near) {
		t.Errorf("got forecast %.2f, want %.2f", during.ForecastEUR, want)
	}
	if n := len(during.Destinations); n != 4 || during.Destinations[0].Calls < during.Destinations[3].Calls {
		t.Errorf("got destinations %+v, want the four, the most called first", during.Destinations)
	}
	if during.Visibility != Full || during.Scheme != TollFraud || during.Tariff != Estimate || during.Source != phoneAddr(204) {
		t.Errorf("got %s %s %s from %s", during.Visibility, during.Scheme, during.Tariff, during.Source)
	}
}

// TestCriteria: the three, beside what two weeks have taught.
func TestCriteria(t *testing.T) {
	s, at := afterTwoWeeks(bothLegs, 5)
	s.readingA(at, 30, 204, 1)
	a, ok := firstPage(play(newEngine(t), s.sorted(), time.Time{}))
	if !ok {
		t.Fatal("got no page, want one")
	}
	if f := a.Frequency; f.Observed != 3 || f.Usual <= 0 || f.Usual > 1 || f.Ratio < 3 || f.NeverBefore {
		t.Errorf("got frequency %+v, want 3 an hour beside less than one", f)
	}
	if d := a.Destination; !d.NeverBefore || d.Observed < 1 || d.Ratio != 0 || d.Since.IsZero() {
		t.Errorf("got destination %+v, want never before", d)
	}
	if d := a.Duration; d.Unit != "minutes/day" || d.Usual <= 0 {
		t.Errorf("got duration %+v, want a usual value", d)
	}
	if a.UsualEURPerHour <= 0 || a.UsualEURPerHour > 1 {
		t.Errorf("got usual %v EUR an hour, want some cents", a.UsualEURPerHour)
	}
}

// TestUsualBill: before anything is learned the bill says what is usual.
func TestUsualBill(t *testing.T) {
	e, err := New(Config{UsualMonthlyBill: 150, Location: paris, Trunks: []Trunk{{Name: "operator-a", Channels: 8,
		Addresses: []netip.Addr{trunkAddr.Addr()}}}})
	if err != nil {
		t.Fatal(err)
	}
	s := script{view: trunkAlone}
	s.readingA(monday, 10, 204, 1)
	a, _ := firstPage(play(e, s.sorted(), time.Time{}))
	near := cmpopts.EquateApprox(0, 0.01)
	if !cmp.Equal(a.UsualEURPerHour, 0.205, near) {
		t.Errorf("got %v EUR an hour, want 150/730", a.UsualEURPerHour)
	}
	if a.Trunk != "operator-a" || !cmp.Equal(a.WorstEURPerHour, 8*2.0*60, near) {
		t.Errorf("got trunk %q, worst %v; want operator-a and 8 channels of 2 EUR a minute", a.Trunk, a.WorstEURPerHour)
	}
}

// TestOneIncidentForTenExtensions: theft spread over extensions is one thing,
// and another theft elsewhere is another.
func TestOneIncidentForTenExtensions(t *testing.T) {
	s, at := afterTwoWeeks(bothLegs, 5)
	for i := range 20 {
		s.add(plot{at: at.Add(time.Duration(i) * 3 * time.Second), extension: 201 + i%10, number: stolenNumbers[i%4], ring: time.Second, talk: 9 * time.Second})
	}
	ids := map[string]bool{}
	for _, a := range play(newEngine(t), s.sorted(), at.Add(2*time.Hour)) {
		ids[a.Incident] = true
	}
	if len(ids) != 1 {
		t.Errorf("got %d incidents, want one", len(ids))
	}
}

// TestSameEventsSameAlerts: nothing depends on the order of a map, or a clock.
func TestSameEventsSameAlerts(t *testing.T) {
	run := func() []Alert {
		s, at := afterTwoWeeks(bothLegs, 5)
		for i := range 200 {
			s.add(plot{at: at.Add(time.Duration(i) * time.Second), extension: 201 + i%10, number: fmt.Sprintf("%s%02d", stolenNumbers[i%4], i%37),
				ring: time.Second, talk: time.Duration(5+i%9) * time.Second})
		}
		return play(newEngine(t), s.sorted(), at.Add(2*time.Hour))
	}
	if diff := cmp.Diff(run(), run(), cmp.Comparer(func(a, b netip.AddrPort) bool { return a == b }),
		cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); diff != "" {
		t.Errorf("the same events gave other alerts:\n%s", diff)
	}
}

// TestMoneyTimer: one long call, which no count of calls finds.
func TestMoneyTimer(t *testing.T) {
	s, at := afterTwoWeeks(bothLegs, 5)
	s.add(plot{at: at, extension: 203, number: "5371234567", ring: time.Second, talk: 10 * time.Hour})
	a, ok := firstPage(play(newEngine(t), s.sorted(), time.Time{}))
	if !ok {
		t.Fatal("got no page in ten hours to Cuba, want one")
	}
	if a.SpentEUR < 5 || a.SpentEUR > 30.3 {
		t.Errorf("got a page at %.2f EUR, want it at 30 EUR at the latest, looked at every 5 s", a.SpentEUR)
	}
	if a.Decision.Stage != WhileRunning {
		t.Errorf("got stage %s, want running", a.Decision.Stage)
	}
}
