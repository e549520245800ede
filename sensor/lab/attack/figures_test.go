package attack_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"tollwatch/sensor/lab/attack"
	"tollwatch/sensor/lab/plan"
	"tollwatch/sensor/lab/scenario"
)

// told is what a plan tells of one case.
type told struct {
	start                       time.Time
	calls, answered             int // that steal
	prepared                    int // calls that do not
	first, last                 time.Time
	talks                       []time.Duration
	atOnce, each                int // calls, of all and of one extension
	extensions, countries       map[string]bool
	numbers, entries, sources   map[string]bool
	logins, refused, probes     int
	acknowledged                int
	minutes                     map[string]float64 // by destination and day, the most
	running                     []*plan.Call
	onward, forgedByes          int
	weeks                       [9]int // calls of each
	firstLogin, firstProbe      time.Time
	preparedNumbers, ackedPhone map[string]bool
}

func tell(t *testing.T, name string, extensions int, seed uint64) *told {
	t.Helper()
	c, ok := attack.LookupCase(name)
	if !ok {
		t.Fatalf("no case %s", name)
	}
	p := quiet(t, c, extensions)
	s := &told{start: p.Start, extensions: map[string]bool{}, countries: map[string]bool{}, numbers: map[string]bool{}, entries: map[string]bool{},
		sources: map[string]bool{}, minutes: map[string]float64{}, preparedNumbers: map[string]bool{}, ackedPhone: map[string]bool{}}
	items(t, p, seed, enough, s.hear)
	return s
}

func (s *told) hear(it *plan.Item) {
	switch {
	case it.Call != nil && it.Call.Preparation:
		s.prepared++
		s.preparedNumbers[it.Call.Number] = true
		s.preparedNumbers[it.Call.Peer] = true
	case it.Call != nil:
		s.call(it.Call)
	case it.Registration != nil:
		s.logins++
		s.sources[it.Registration.Address.String()] = true
		if !it.Registration.Accepted {
			s.refused++
		} else if s.firstLogin.IsZero() {
			s.firstLogin = it.At
		}
	case it.Probe != nil:
		s.probes++
		s.sources[it.Probe.Address.String()] = true
		if s.firstProbe.IsZero() {
			s.firstProbe = it.At
		}
	default:
		s.acknowledged++
		s.ackedPhone[it.Acknowledgment.Extension] = true
	}
}

func (s *told) call(c *plan.Call) {
	if s.calls == 0 {
		s.first = c.Start
	}
	s.calls++
	s.weeks[int(c.Start.Sub(s.start).Hours()/168)]++
	s.last = c.Start
	number := c.Number
	if c.Onward != nil {
		number = c.Onward.Number
		s.onward++
	}
	if c.ForgedBye > 0 {
		s.forgedByes++
	}
	r, _ := plan.Block(number)
	s.countries[r.Country], s.extensions[c.Extension], s.numbers[number], s.entries[c.Entry.String()] = true, true, true, true
	s.running = append(slices.DeleteFunc(s.running, func(o *plan.Call) bool { return !o.End().After(c.Start) }), c)
	s.atOnce = max(s.atOnce, len(s.running))
	own := 0
	for i := range s.running {
		if s.running[i].Extension == c.Extension {
			own++
		}
	}
	s.each = max(s.each, own)
	if c.Outcome == plan.Answered {
		s.answered++
		s.talks = append(s.talks, c.Duration)
		s.minutes[r.Prefix+c.Start.Format(time.DateOnly)] += c.Duration.Minutes()
	}
}

func (s *told) perMinute() float64 {
	return float64(s.calls-1) / s.last.Sub(s.first).Minutes()
}

func (s *told) mostMinutes() (most float64) {
	for _, m := range s.minutes {
		most = max(most, m)
	}
	return most
}

// drawn is what two fifths more or less leave of a figure, and a little for
// what is random beside.
func drawn(x float64) (least, most float64) { return x / 1.5, x * 1.5 }

func around(x float64) [2]float64 {
	least, most := drawn(x)
	return [2]float64{least, most}
}

func exactly(x float64) [2]float64 { return [2]float64{x, x} }

// TestFiguresOfCases holds each case to what its text says.
func TestFiguresOfCases(t *testing.T) {
	heard := map[string]*told{}
	count := func(m map[string]bool) float64 { return float64(len(m)) }
	most := func(s *told) time.Duration { return slices.Max(s.talks) }
	for _, c := range []struct {
		name, what string
		of         func(*told) float64
		want       [2]float64
	}{
		{"court-a", "calls a minute", (*told).perMinute, around(25)},
		{"court-a", "seconds of the longest talk", func(s *told) float64 { return most(s).Seconds() }, around(12)},
		{"court-a", "countries", func(s *told) float64 { return count(s.countries) }, exactly(2)},
		{"court-b", "calls a minute", (*told).perMinute, around(3.3)},
		{"court-ten", "extensions", func(s *told) float64 { return count(s.extensions) }, exactly(10)},
		{"parallel-120", "calls at once", func(s *told) float64 { return float64(s.atOnce) }, around(120)},
		{"weekend", "minutes of the longest talk", func(s *told) float64 { return most(s).Minutes() }, around(70)},
		{"weekend", "calls at once", func(s *told) float64 { return float64(s.atOnce) }, [2]float64{568 / 1.5, 568 * 1.5}},
		{"latvia-somalia", "calls", func(s *told) float64 { return float64(s.calls) }, around(11_500)},
		{"falkland", "minutes between two calls", func(s *told) float64 { return 1 / s.perMinute() }, around(3)},
		{"falkland", "seconds of the longest talk", func(s *told) float64 { return most(s).Seconds() }, around(2)},
		{"one-long-call", "calls", func(s *told) float64 { return float64(s.calls) }, exactly(1)},
		{"one-long-call", "hours", func(s *told) float64 { return most(s).Hours() }, [2]float64{8 / 1.5, 10 * 1.5}},
		{"slow-6", "calls an hour", func(s *told) float64 { return 60 * s.perMinute() }, around(6)},
		{"slow-6", "countries", func(s *told) float64 { return count(s.countries) }, exactly(4)},
		{"slow-6", "numbers", func(s *told) float64 { return count(s.numbers) }, around(500)},
		{"slow-1", "calls an hour", func(s *told) float64 { return 60 * s.perMinute() }, around(1)},
		{"customary", "countries", func(s *told) float64 { return count(s.countries) }, exactly(1)},
		{"capped", "destinations", func(s *told) float64 { return count(s.countries) }, exactly(20)},
		{"capped", "minutes to one destination in a day", (*told).mostMinutes, [2]float64{500 / 1.4, 500*1.4 + 13}},
		{"resold", "calls at once", func(s *told) float64 { return float64(s.atOnce) }, around(30)},
		{"resold", "numbers", func(s *told) float64 { return count(s.numbers) }, [2]float64{300, 1100}},
		{"two-each", "extensions", func(s *told) float64 { return count(s.extensions) }, exactly(10)},
		{"two-each", "calls at once of one extension", func(s *told) float64 { return float64(s.each) }, exactly(2)},
		{"test-call", "calls before", func(s *told) float64 { return float64(s.prepared) }, exactly(1)},
		{"test-call", "days of silence", func(s *told) float64 { return s.first.Sub(s.start).Hours() / 24 }, exactly(7)},
		{"test-call", "numbers that are tested and called", overlap, exactly(1)},
		{"prefixes", "tries", func(s *told) float64 { return float64(s.calls) }, around(1000)},
		{"prefixes", "answers", func(s *told) float64 { return float64(s.answered) }, exactly(0)},
		{"prefixes-served", "tries", func(s *told) float64 { return float64(s.prepared) }, around(300)},
		{"brute-force", "guesses", func(s *told) float64 { return float64(s.refused) }, around(240)},
		{"brute-force", "addresses", func(s *told) float64 { return count(s.sources) }, [2]float64{150, 201}},
		{"brute-force", "hours from the breach to the calls", func(s *told) float64 { return s.first.Sub(s.firstLogin).Hours() }, exactly(24)},
		{"hijack", "addresses", func(s *told) float64 { return count(s.sources) }, exactly(1)},
		{"trunk-theft", "calls that are seen", func(s *told) float64 { return float64(s.calls) }, exactly(0)},
		{"full-trunk", "answers", func(s *told) float64 { return float64(s.answered) }, exactly(0)},
		{"mailbox", "calls that try three PINs each, and the forward", func(s *told) float64 { return float64(s.prepared) }, [2]float64{2, 18}},
		{"mailbox", "numbers at the end of the forward", func(s *told) float64 { return count(s.numbers) }, exactly(1)},
		{"mailbox", "calls that go on", func(s *told) float64 { return float64(s.onward) / float64(s.calls) }, exactly(1)},
		{"redirect", "calls that go on", func(s *told) float64 { return float64(s.onward) / float64(s.calls) }, exactly(1)},
		{"refer", "calls that go on", func(s *told) float64 { return float64(s.onward) / float64(s.calls) }, exactly(1)},
		{"pumping", "seconds of the longest talk", func(s *told) float64 { return most(s).Seconds() }, exactly(60)},
		{"storm", "messages a second", func(s *told) float64 { return float64(s.probes) / s.last.Sub(s.start).Seconds() }, around(200)},
		{"wiped", "addresses", func(s *told) float64 { return count(s.sources) }, [2]float64{35_000, 70_001}},
		{"forged", "forged ends, of all calls that are answered", func(s *told) float64 { return float64(s.forgedByes) / float64(s.answered) }, exactly(1)},
		{"decoy", "calls that lure", func(s *told) float64 { return float64(s.prepared) }, around(12)},
		{"acknowledged", "words of a person", func(s *told) float64 { return float64(s.acknowledged) }, exactly(1)},
		{"taught", "calls that teach", func(s *told) float64 { return float64(s.prepared) }, [2]float64{4, 10}},
		{"ratchet", "calls of the last week for each of the first", ratchet, [2]float64{1.2, 2.5}},
		{"hacked-before", "calls an hour", func(s *told) float64 { return 60 * s.perMinute() }, around(4)},
	} {
		for seed := range uint64(2) {
			key := fmt.Sprint(c.name, seed)
			if heard[key] == nil {
				heard[key] = tell(t, c.name, 30, seed)
			}
			if got := c.of(heard[key]); got < c.want[0] || got > c.want[1] {
				t.Errorf("%s, seed %d: got %g %s, want %g to %g", c.name, seed, got, c.what, c.want[0], c.want[1])
			}
		}
	}
}

func ratchet(s *told) float64 { return float64(s.weeks[5]) / float64(s.weeks[0]) }

// overlap counts the numbers that were called before and are called now.
func overlap(s *told) float64 {
	n := 0
	for number := range s.preparedNumbers {
		if s.numbers[number] {
			n++
		}
	}
	return float64(n)
}

// TestWhereCallsBegin: by the entry that a case is about.
func TestWhereCallsBegin(t *testing.T) {
	for name, want := range map[string]string{"web-page": "pbx", "open-relay": "stranger", "brute-force": "internet", "hijack": "internet"} {
		if got := tell(t, name, 15, 1).entries; len(got) != 1 || !got[want] {
			t.Errorf("%s: got calls from %v, want the %s alone", name, got, want)
		}
	}
	entries := map[string]int{}
	for seed := range uint64(200) {
		c, _ := attack.LookupCase("court-a")
		entries[scenario.Draw(quiet(t, c, 15), seed).Attacks[0].From]++
	}
	if n := entries["phone"]; math.Abs(float64(n)-100) > 4*math.Sqrt(200*.25) || n+entries["internet"] != 200 {
		t.Errorf("got entries %v, want as many of phones as of the Internet", entries)
	}
}

// TestTheSecondExtension: after a decoy and after an acknowledgment.
func TestTheSecondExtension(t *testing.T) {
	for seed := range uint64(10) {
		for _, extensions := range []int{2, 15} {
			c, _ := attack.LookupCase("decoy")
			if a := scenario.Draw(quiet(t, c, extensions), seed).Attacks; a[0].Extension == a[1].Extension {
				t.Errorf("decoy and theft are both of %s", a[0].Extension)
			}
		}
		if s := tell(t, "acknowledged", 15, seed); len(s.extensions) != 1 || !s.extensions[only(s.ackedPhone)] {
			t.Errorf("acknowledged %v, stolen from %v; want one extension", s.ackedPhone, s.extensions)
		}
	}
}

func only(m map[string]bool) string {
	for k := range m {
		return k
	}
	return ""
}

// TestDraws: rates are spread over two fifths more and less, and every
// extension is stolen from some day.
func TestDraws(t *testing.T) {
	c, _ := attack.LookupCase("court-b")
	rates, extensions := []float64{}, map[string]bool{}
	for seed := range uint64(300) {
		a := scenario.Draw(quiet(t, c, 15), seed).Attacks[0]
		rates = append(rates, a.CallsPerMinute/3.3)
		extensions[a.Extension] = true
	}
	if least, most := slices.Min(rates), slices.Max(rates); least < 1/1.401 || least > .75 || most > 1.401 || most < 1.35 {
		t.Errorf("got rates of %.2f to %.2f times the text's, want 0.71 to 1.4", least, most)
	}
	if len(extensions) != 15 {
		t.Errorf("got thefts from %d extensions of 15", len(extensions))
	}
}

// TestNewCountries: a slow thief goes where the site does not call, and the
// other slow thief where it calls most.
func TestNewCountries(t *testing.T) {
	for seed := range uint64(5) {
		for _, name := range []string{"slow-6", "customary"} {
			p, _ := scenario.Lookup("trading")
			p.Length, p.Attacks = 48*time.Hour, []attack.Attack{{Case: name}}
			pl, err := scenario.New(p, seed)
			if err != nil {
				t.Fatal(err)
			}
			custom := pl.Site.Customary
			for it, ok := pl.Next(); ok; it, ok = pl.Next() {
				if it.Call == nil || it.Call.Label == "" {
					continue
				}
				r, _ := plan.Block(it.Call.Number)
				if known := slices.Index(custom, r.Prefix); name == "slow-6" && known >= 0 || name == "customary" && known != 0 {
					t.Fatalf("%s, seed %d: a call to %s, number %d of %s", name, seed, r.Prefix, known, strings.Join(custom, " "))
				}
			}
		}
	}
}
