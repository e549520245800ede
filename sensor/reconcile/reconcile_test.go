package reconcile

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"tollwatch/detect"
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

// TestPrices: started minutes are told from seconds; one call that is dearer than
// its like is named, and changes no price; what a flat rate covers shows none.
func TestPrices(t *testing.T) {
	lasted := []time.Duration{65 * time.Second, 100 * time.Second, 185 * time.Second, 31 * time.Second, 250 * time.Second}
	for name, c := range map[string]struct {
		cost   func(time.Duration) float64
		rate   float64 // 0: as the table says
		dearer int
	}{
		"by second":       {func(d time.Duration) float64 { return d.Minutes() * 1.2 }, 1.2, 0},
		"by minute":       {func(d time.Duration) float64 { return started(d) * 1.2 }, 1.2, 0},
		"as in the table": {func(d time.Duration) float64 { return d.Minutes() * 2.05 }, 0, 0},
		"one dearer": {func(d time.Duration) float64 {
			if d == lasted[1] {
				return 9
			}
			return d.Minutes() * 1.2
		}, 1.2, 1},
		"flat": {func(time.Duration) float64 { return 0 }, 0, 0},
	} {
		var billed []Billed
		var seen []Seen
		for i, d := range lasted {
			at := noon.Add(time.Duration(i) * time.Hour)
			seen = append(seen, Seen{Start: at, Duration: d, Number: "+22710000012", Prefix: "227", Rate: 2})
			billed = append(billed, Billed{Start: at, Duration: d, Number: "+22710000012", Prefix: "227", Cost: c.cost(d), Priced: true})
		}
		r := Report(billed, seen, nil)
		if got := r.Rates["227"].Billed; got < c.rate-.001 || got > c.rate+.001 {
			t.Errorf("%s: got %g EUR a minute, want %g", name, got, c.rate)
		}
		if len(r.Otherwise) != c.dearer || c.dearer > 0 && !(r.Otherwise[0].Dearer && r.Otherwise[0].Billed.Cost == 9) {
			t.Errorf("%s: got %d billed otherwise, want %d", name, len(r.Otherwise), c.dearer)
		}
	}
}

// TestDurationsDecide: of calls to one number at one time, each has the bill that
// lasts as long, and what is left over is the one that fits none.
func TestDurationsDecide(t *testing.T) {
	const number = "+22710000012"
	call := func(after, d time.Duration) Seen {
		return Seen{Start: noon.Add(after), Duration: d, Number: number}
	}
	bill := func(after, d time.Duration) Billed {
		return Billed{Start: noon.Add(after), Duration: d, Number: number}
	}
	seen := []Seen{call(0, 10*time.Second), call(500*time.Millisecond, 10*time.Minute), call(time.Second, 3*time.Minute)}
	r := Report([]Billed{bill(0, 10*time.Minute), bill(0, 3*time.Minute), bill(-time.Second, 45*time.Minute), bill(0, 60*time.Second)}, seen,
		[]Period{{noon.Add(-time.Hour), noon.Add(2 * time.Hour)}})
	if len(r.Otherwise) != 0 || len(r.Elsewhere) != 1 || r.Elsewhere[0].Duration != 45*time.Minute {
		t.Errorf("got %d billed otherwise and %d elsewhere, want none and the one of 45 minutes", len(r.Otherwise), len(r.Elsewhere))
	}
	r = Report([]Billed{bill(0, 3*time.Minute), bill(0, 10*time.Second), bill(0, 10*time.Minute)}, seen, nil)
	if len(r.Otherwise) != 0 {
		t.Errorf("got %d billed otherwise, want none: there is a way in which all fit", len(r.Otherwise))
	}
	r = Report([]Billed{bill(-time.Second, 3*time.Minute)}, seen, nil)
	if len(r.Otherwise) != 0 || r.Pairs[0].Seen.Duration != 3*time.Minute {
		t.Errorf("got %d billed otherwise, want the bill with the call of three minutes", len(r.Otherwise))
	}
}

// TestCoincidenceIsNoOffset: thieves who call one number here and elsewhere do not
// pass for a clock that is wrong; nor is anybody accused on so little.
func TestCoincidenceIsNoOffset(t *testing.T) {
	billed, seen := burst(30)
	for i := range billed {
		billed[i].Start = billed[i].Start.Add(2 * time.Hour)
	}
	billed = append(billed, Billed{Start: noon.Add(3 * time.Hour), Number: "+22710000013", Duration: time.Minute})
	r := Report(billed, seen, []Period{{noon.Add(-time.Hour), noon.Add(9 * time.Hour)}})
	if r.Offset != 0 || len(r.Doubtful) != 30 || len(r.Elsewhere) != 1 {
		t.Errorf("got offset %s, %d doubtful, %d elsewhere; want none, 30, 1", r.Offset, len(r.Doubtful), len(r.Elsewhere))
	}
}

// TestBillsOfAnotherLine accuse nobody; but that a flat rate's calls are on no
// bill is ordinary.
func TestBillsOfAnotherLine(t *testing.T) {
	watched := []Period{{noon.Add(-time.Hour), noon.Add(9 * time.Hour)}}
	_, seen := burst(60)
	billed := []Billed{{Start: noon, Number: "+22710000077", Prefix: "227"}, {Start: noon.Add(time.Hour), Number: "+22710000078", Prefix: "227"}}
	if r := Report(billed, seen, watched); !r.Foreign || len(r.Elsewhere) != 0 || len(r.Unwatched) != 2 {
		t.Errorf("bills of another line: got foreign %v, %d elsewhere", r.Foreign, len(r.Elsewhere))
	}
	for i := range seen {
		seen[i].Number, seen[i].Prefix = "+33199008123", "331"
	}
	if r := Report(billed, seen, watched); r.Foreign || len(r.Elsewhere) != 2 {
		t.Errorf("a flat rate: got foreign %v, %d elsewhere, want 2", r.Foreign, len(r.Elsewhere))
	}
}

// TestAlertIsStable: the same bills raise the same incident.
func TestAlertIsStable(t *testing.T) {
	billed, _ := burst(3)
	billed[2].Priced, billed[2].Estimate = false, 2
	r := Report(billed, nil, []Period{{noon.Add(-time.Hour), noon.Add(time.Hour)}})
	of := Subject{Site: "site", Trunk: "operator", Zone: time.UTC}
	a, ok := Alert(r.Elsewhere, noon, of)
	b, _ := Alert(r.Elsewhere, noon.Add(time.Hour), of)
	if !ok || a.Incident != b.Incident || a.Calls != 3 || a.SpentEUR < 3.19 || a.SpentEUR > 3.21 || a.Trunk != "operator" || a.Tariff != detect.Estimate {
		t.Errorf("got %+v", a)
	}
	if _, ok := Alert(nil, noon, of); ok {
		t.Error("no bills raise an alert")
	}
}

// TestManyHiddenNumbers: a month of bills that hide their ends is matched in the
// time that sorting takes: each call is looked at a bounded number of times.
func TestManyHiddenNumbers(t *testing.T) {
	var billed []Billed
	var seen []Seen
	for i := range 20_000 {
		at := noon.Add(time.Duration(i) * time.Second / 60)
		seen = append(seen, Seen{Start: at, Number: fmt.Sprintf("+3319900%04d", i%10000), Duration: time.Minute})
		billed = append(billed, Billed{Start: at, Number: fmt.Sprintf("+3319900%d", i%10), Masked: true, Duration: time.Minute})
	}
	for i := range billed {
		billed[i].Number = seen[i].Number[:len(seen[i].Number)-3]
	}
	if m := PairUp(billed, seen); len(m.Pairs) != len(billed) {
		t.Errorf("got %d pairs of %d", len(m.Pairs), len(billed))
	}
}
