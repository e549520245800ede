package reconcile

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

var noon = time.Date(2026, 3, 6, 12, 0, 0, 0, time.UTC)

// burst is sixty calls a second to one number, for some seconds.
func burst(n int) (billed []Billed, seen []Seen) {
	for i := range n {
		at := noon.Add(time.Duration(i) * time.Second / 60)
		seen = append(seen, Seen{ID: fmt.Sprint(i), Start: at, Duration: 30 * time.Second, Number: "+22710000012", Prefix: "227", Rate: 2})
		billed = append(billed, Billed{Line: i, Start: at.Truncate(time.Second), Duration: 30 * time.Second, Number: "+22710000012", Cost: .6, Priced: true})
	}
	return billed, seen
}

// TestEachIsMatchedOnce: of six hundred calls in ten seconds to one number each
// has its bill, whatever the order of the bills.
func TestEachIsMatchedOnce(t *testing.T) {
	billed, seen := burst(600)
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(billed), func(i, j int) { billed[i], billed[j] = billed[j], billed[i] })
	billed = append(billed, Billed{Start: noon, Duration: time.Minute, Number: "+22710000013"})
	m := PairUp(billed, seen)
	if len(m.Pairs) != 600 || len(m.NotSeen) != 1 || len(m.NotBilled) != 0 {
		t.Errorf("got %d pairs, %d not seen, %d not billed; want 600, 1, 0", len(m.Pairs), len(m.NotSeen), len(m.NotBilled))
	}
}

// TestOffsets: seconds and whole hours are found out, together.
func TestOffsets(t *testing.T) {
	for _, offset := range []time.Duration{0, 40 * time.Second, -time.Hour, 2*time.Hour + 15*time.Second, 5*time.Hour + 30*time.Minute} {
		var billed []Billed
		var seen []Seen
		rng := rand.New(rand.NewPCG(2, 2))
		at := noon
		for i := range 60 {
			at = at.Add(time.Duration(rng.IntN(5400)) * time.Second)
			number := fmt.Sprintf("+3319900%04d", 5000+i%7)
			seen = append(seen, Seen{Start: at, Number: number, Duration: time.Minute})
			billed = append(billed, Billed{Start: at.Add(offset), Number: number, Duration: time.Minute})
		}
		m := PairUp(billed, seen)
		if len(m.Pairs) != 60 || (m.Offset-offset).Abs() > time.Second {
			t.Errorf("%s: got %d pairs at %s, want 60", offset, len(m.Pairs), m.Offset)
		}
	}
}

// TestMaskedNumbers: a bill that hides the end of the number takes one of the
// calls that begin so, and no other.
func TestMaskedNumbers(t *testing.T) {
	billed := []Billed{{Start: noon, Number: "+2271000", Masked: true}, {Start: noon, Number: "+22710000012"}, {Start: noon, Number: "+4930", Masked: true}}
	seen := []Seen{{Start: noon, Number: "+22710000012"}, {Start: noon, Number: "+22710000099"}, {Start: noon, Number: "+442079460123"}}
	m := PairUp(billed, seen)
	if len(m.Pairs) != 2 || len(m.NotSeen) != 1 || m.NotSeen[0].Number != "+4930" || len(m.NotBilled) != 1 {
		t.Errorf("got %d pairs, not seen %v, not billed %d", len(m.Pairs), m.NotSeen, len(m.NotBilled))
	}
}

// TestOnlyWatchedTimeAccuses: what was billed while the sensor was down proves
// nothing.
func TestOnlyWatchedTimeAccuses(t *testing.T) {
	watched := []Period{{noon.Add(-time.Hour), noon.Add(time.Hour)}}
	at := func(after, length time.Duration) []Billed {
		return []Billed{{Start: noon.Add(after), Duration: length, Number: "+22710000012", Cost: 3, Priced: true}}
	}
	for _, c := range []struct {
		billed    []Billed
		elsewhere int
	}{
		{at(0, time.Minute), 1}, {at(2*time.Hour, time.Minute), 0}, {at(-2*time.Hour, time.Minute), 0},
		{at(59*time.Minute, time.Minute), 0}, {at(30*time.Minute, 40*time.Minute), 0}, {at(-59*time.Minute, time.Minute), 0},
	} {
		r := Report(c.billed, nil, watched)
		if len(r.Elsewhere) != c.elsewhere || len(r.Elsewhere)+len(r.Unwatched) != 1 {
			t.Errorf("%s of %s: got %d elsewhere, want %d", c.billed[0].Start, c.billed[0].Duration, len(r.Elsewhere), c.elsewhere)
		}
	}
}

// TestBilledOtherwise: a started minute is no lie, another one is; and prices
// that several calls show are learned.
func TestBilledOtherwise(t *testing.T) {
	billed, seen := burst(5)
	for i := range billed {
		billed[i].Duration, billed[i].Cost = time.Minute, 1.2
	}
	billed[4].Duration = 3 * time.Minute
	r := Report(billed, seen, nil)
	if len(r.Otherwise) != 1 || r.Otherwise[0].Billed.Duration != 3*time.Minute {
		t.Errorf("got %d billed otherwise, want the one of three minutes", len(r.Otherwise))
	}
	if got := r.Rates["227"]; got.Billed != 1.2 || got.Table != 2 || got.Calls != 5 {
		t.Errorf("got rate %+v, want 1.2 in place of 2", got)
	}
	if r := Report(billed[:2], seen, nil); len(r.Rates) != 0 {
		t.Errorf("two calls show a price: %v", r.Rates)
	}
}

// TestAlertIsStable: the same bills raise the same incident.
func TestAlertIsStable(t *testing.T) {
	billed, _ := burst(3)
	r := Report(billed, nil, []Period{{noon.Add(-time.Hour), noon.Add(time.Hour)}})
	a, ok := r.Alert(noon, "site", "", "operator")
	b, _ := r.Alert(noon.Add(time.Hour), "site", "", "operator")
	if !ok || a.Incident != b.Incident || a.Calls != 3 || a.SpentEUR < 1.79 || a.SpentEUR > 1.81 || a.Trunk != "operator" {
		t.Errorf("got %+v", a)
	}
	empty := Report(nil, nil, nil)
	if _, ok := empty.Alert(noon, "", "", ""); ok {
		t.Error("no bills raise an alert")
	}
}
