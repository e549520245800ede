package trial

import (
	"io"
	"testing"
	"time"

	"tollwatch/sensor/lab/attack"
)

// TestBenchmark runs a small trial of the whole way: quiet months of two
// profiles in both views, and two attacks at their three moments.
func TestBenchmark(t *testing.T) {
	var cases []attack.Case
	for _, name := range []string{"court-a", "web-probes"} {
		c, ok := attack.LookupCase(name)
		if !ok {
			t.Fatalf("no attack %s", name)
		}
		cases = append(cases, c)
	}
	b := Benchmark{Profiles: []string{"school", "office"}, Cases: cases, Seeds: []uint64{5}, Days: MinDays, Log: io.Discard}
	r, err := b.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range Views() {
		rows := r.Sheets[v].Rows()
		want := 4 // two sites, two moments
		if v == "full"+FirstDay || v == "trunk-only"+FirstDay {
			want = 2
		}
		if len(rows) != 2 || rows[0].Label != "court-a" || rows[0].Trials != want || rows[1].Trials != want {
			t.Fatalf("%s: got rows %+v, want two of %d trials", v, rows, want)
		}
		// What a trial can tell: the loudest theft there is, and one that no SIP shows.
		if rows[0].Found != want || rows[1].Found != 0 {
			t.Errorf("%s: court-a was found %d and web-probes %d times of %d", v, rows[0].Found, rows[1].Found, want)
		}
		if rows[0].Calls.Median < 1 || rows[0].Seconds.Median <= 0 {
			t.Errorf("%s: court-a found at call %g after %g s: the score sees the future", v, rows[0].Calls.Median, rows[0].Seconds.Median)
		}
	}
	if c := r.Costs["office"]; c.Events < 5000 || c.Time <= 0 {
		t.Errorf("got cost %+v, want three weeks' events", c)
	}
	if again, err := b.Run(t.Context()); err != nil || again.Sheets["full"].Rows()[0] != r.Sheets["full"].Rows()[0] {
		t.Errorf("the same trial gives another result: %v", err)
	}
}

// TestLearnedIsCarried: an engine that takes over what another learned judges
// as that one.
func TestLearnedIsCarried(t *testing.T) {
	s := Site{Profile: "office", Seed: 2, Full: true, Length: MinDays * 24 * time.Hour}
	_, learned, cost, err := s.Quiet(moments()...)
	if err != nil || len(learned) != 2 || cost.Events == 0 {
		t.Fatalf("got %d states, %+v, %v", len(learned), cost, err)
	}
	if len(learned[1].State) <= len(learned[0].State)/2 || !learned[1].At.After(learned[0].At) {
		t.Errorf("the later state has %d bytes, the earlier %d", len(learned[1].State), len(learned[0].State))
	}
}

// BenchmarkOfficeMonth is a site-month of an office as events, engine and lab
// together.
func BenchmarkOfficeMonth(b *testing.B) {
	s := Site{Profile: "office", Seed: 1, Full: true, Length: 30 * 24 * time.Hour}
	events := uint64(0)
	for b.Loop() {
		_, _, c, err := s.Quiet()
		if err != nil {
			b.Fatal(err)
		}
		events += c.Events
	}
	b.ReportMetric(float64(events)/float64(b.N), "events/op")
}
