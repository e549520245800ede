package attack_test

import (
	"math"
	"testing"
	"time"

	"tollwatch/sensor/lab/attack"
	"tollwatch/sensor/lab/labtest"
	"tollwatch/sensor/lab/plan"
	"tollwatch/sensor/lab/scenario"
)

// of is a site where one attack goes on for three days.
func of(t *testing.T, a attack.Attack) scenario.Parameters {
	t.Helper()
	c, _ := attack.LookupCase("court-a")
	p := quiet(t, c, 15)
	p.Attacks = []attack.Attack{a}
	return p
}

// TestEveryKind does what it does with the parameters of the court's case.
func TestEveryKind(t *testing.T) {
	for _, k := range attack.Kinds() {
		a := attack.Court("court-a", time.Minute)
		a.Kind, a.Most = k.Name, 20
		n, labelled := 0, 0
		items(t, of(t, a), 1, enough, func(it *plan.Item) {
			n++
			if label, id, _ := marks(it); label == "court-a" && id == "court-a-1" {
				labelled++
			}
		})
		if n == 0 || n != labelled || n > 2*20 { // each call of a bait may be called back
			t.Errorf("%s: got %d items, %d with label, want at most 20, all with it", k.Name, n, labelled)
		}
		if k.Stage == "" || k.Text == "" {
			t.Errorf("%s: want its stage and a line about it", k.Name)
		}
	}
}

// TestStatistics holds three days of a theft to its parameters.
func TestStatistics(t *testing.T) {
	a := attack.Court("theft", 0)
	a.Length, a.CallsPerMinute, a.Unevenness, a.Answer, a.Human = 72*time.Hour, 4, 1, .6, true
	a.TalkLeast, a.TalkMost, a.Extensions = 30*time.Second, 10*time.Minute, 5
	var n, answered, outside, first float64
	each := map[string]float64{}
	items(t, of(t, a), 5, enough, func(it *plan.Item) {
		c := it.Call
		n++
		each[c.Extension]++
		if r, _ := plan.Block(c.Number); r.Country == "KY" {
			first++
		}
		if c.Outcome == plan.Answered {
			answered++
			if c.Duration < a.TalkLeast || c.Duration > a.TalkMost {
				outside++
			}
		}
	})
	// A gap that is anything from nothing to twice the mean deviates by a
	// root of three.
	const calls = 4 * 60 * 72
	labtest.NearMean(t, "calls a minute", n/(72*60), 4, 4/math.Sqrt(3), calls)
	labtest.NearMean(t, "answers", answered/n, .6, math.Sqrt(.6*.4), n)
	labtest.NearMean(t, "talks outside", outside/answered, .1, math.Sqrt(.1*.9), answered)
	labtest.NearMean(t, "calls to the first destination", first/n, .5, .5, n)
	for extension, calls := range each {
		if math.Abs(calls-n/5) > 1 {
			t.Errorf("%s: got %.0f calls of %.0f, want a fifth", extension, calls, n)
		}
	}
	if len(each) != 5 {
		t.Errorf("got calls from %d extensions, want 5", len(each))
	}
}

// TestGrowth: a tenth more a week is the square of it in two.
func TestGrowth(t *testing.T) {
	a := attack.Court("theft", 0)
	const weeks = 10
	a.Length, a.CallsPerMinute, a.Unevenness, a.Growth = weeks*7*24*time.Hour, .1, 1, .1
	p := of(t, a)
	p.Length = a.Length
	var calls [weeks]float64
	items(t, p, 1, enough, func(it *plan.Item) { calls[int(it.At.Sub(p.Start).Hours()/168)]++ })
	for i, n := range calls {
		want := .1 * 60 * 168 * (math.Pow(1.1, float64(i+1)) - math.Pow(1.1, float64(i))) / math.Log(1.1)
		labtest.NearMean(t, "calls in the week", n/want, 1, 1, want)
	}
}

// TestParallel: no extension holds more calls than it may, and a free one is
// found while there is one.
func TestParallel(t *testing.T) {
	a := attack.Court("theft", 0)
	a.Length, a.CallsPerMinute, a.Parallel, a.Extensions = 4*time.Hour, 60, 3, 4
	a.TalkLeast, a.TalkMost = time.Minute, 20*time.Minute
	s := &told{start: of(t, a).Start, extensions: map[string]bool{}, countries: map[string]bool{}, numbers: map[string]bool{}, entries: map[string]bool{}, minutes: map[string]float64{}}
	items(t, of(t, a), 1, enough, s.hear)
	if s.each != 3 || s.atOnce != 12 || len(s.extensions) != 4 {
		t.Errorf("got %d calls at once of one extension and %d of %d, want 3 and 12 of 4", s.each, s.atOnce, len(s.extensions))
	}
}

// TestAForwardHasOneTarget: as long as it is set.
func TestAForwardHasOneTarget(t *testing.T) {
	for from, several := range map[string]bool{"forwarded": false, "dialled": true} {
		a := attack.Court("theft", 0)
		a.Kind, a.From, a.Length, a.CallsPerMinute = "hairpin", from, 24*time.Hour, 1
		numbers := map[string]bool{}
		items(t, of(t, a), 1, enough, func(it *plan.Item) { numbers[it.Call.Onward.Number] = true })
		if len(numbers) > 1 != several || len(numbers) == 0 {
			t.Errorf("%s: got calls that go on to %d numbers, want several: %t", from, len(numbers), several)
		}
	}
}

// TestAddresses: a few are of one network, many of as many.
func TestAddresses(t *testing.T) {
	for _, c := range []struct{ addresses, networks, want int }{{1, 1, 1}, {4, 1, 4}, {200, 200, 200}, {1000, 512, 1000}} {
		a := attack.Court("theft", 0)
		a.Kind, a.Length, a.CallsPerMinute, a.Addresses = "scan", time.Hour, 60, c.addresses
		a.Unevenness = 0
		addresses, networks := map[string]bool{}, map[string]bool{}
		items(t, of(t, a), 1, enough, func(it *plan.Item) {
			addresses[it.Probe.Address.String()] = true
			n, _ := it.Probe.Address.Prefix(24)
			networks[n.String()] = true
		})
		if len(addresses) != c.want || len(networks) != c.networks {
			t.Errorf("%d addresses: got %d of %d networks, want %d of %d", c.addresses, len(addresses), len(networks), c.want, c.networks)
		}
	}
}

// TestWholeNumbers: a destination may be one number.
func TestWholeNumbers(t *testing.T) {
	a := attack.Court("theft", 0)
	a.Destinations = []string{"+13455550142"}
	items(t, of(t, a), 1, enough, func(it *plan.Item) {
		if it.Call.Number != a.Destinations[0] {
			t.Fatalf("got a call to %s, want %s", it.Call.Number, a.Destinations[0])
		}
	})
}
