package attack

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tollwatch/sensor/lab/plan"
)

func site(extensions int, length time.Duration, run uint64) *plan.Site {
	return &plan.Site{Start: time.Date(2026, 3, 3, 10, 0, 0, 0, time.UTC), Length: length, Zone: time.UTC, Extensions: extensions, OutsidePrefix: "0",
		TrunkFormat: plan.E164, Seed: 1, Run: run, Desks: plan.NewDesks(extensions), Customary: []string{"+493023125"}}
}

// items are those of a case, at most n.
func items(t *testing.T, c Case, extensions int, seed uint64, n int) []plan.Item {
	t.Helper()
	s := site(extensions, c.Length, seed)
	attacks := c.Draw(plan.NewRand(seed, 1), extensions)
	var sources []plan.Source
	for i := range attacks {
		sources = append(sources, Sources(s, &attacks[i], i)...)
	}
	pl := plan.New(s, sources)
	var list []plan.Item
	for it, ok := pl.Next(); ok && len(list) < n; it, ok = pl.Next() {
		list = append(list, it)
	}
	return list
}

func label(it *plan.Item) (label, id string) {
	switch {
	case it.Call != nil:
		return it.Call.Label, it.Call.AttackID
	case it.Registration != nil:
		return it.Registration.Label, it.Registration.AttackID
	case it.Probe != nil:
		return it.Probe.Label, it.Probe.AttackID
	}
	return it.Acknowledgment.Label, it.Acknowledgment.AttackID
}

// TestEveryCase: on a site of any size each item bears the case's name, lies
// within its time, in order, and calls a number of the lab.
func TestEveryCase(t *testing.T) {
	for _, c := range Cases() {
		for _, extensions := range []int{2, 15, 60} {
			list := items(t, c, extensions, 9, 20000)
			if len(list) == 0 {
				t.Errorf("%s on %d extensions: nothing happens", c.Name, extensions)
			}
			last := time.Time{}
			for _, it := range list {
				name, id := label(&it)
				if name != c.Name || !strings.HasPrefix(id, c.Name+"-") || it.At.Before(last) {
					t.Fatalf("%s: got %q, %q at %s after %s", c.Name, name, id, it.At, last)
				}
				last = it.At
				if call := it.Call; call != nil {
					if _, ok := plan.Block(call.Number); !ok && call.Direction != plan.Internal {
						t.Fatalf("%s: %q is no number of the lab", c.Name, call.Number)
					}
					if o := call.Onward; o != nil && plan.Rate(o.Number) == 0 {
						t.Fatalf("%s: %q is no number of the lab", c.Name, o.Number)
					}
				}
			}
		}
	}
}

// TestDraws: the same seed gives the same items, another gives others.
func TestDraws(t *testing.T) {
	opts := cmp.Options{cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })}
	for _, c := range Cases() {
		a, b := c.Draw(plan.NewRand(1, 1), 15), c.Draw(plan.NewRand(1, 1), 15)
		if !cmp.Equal(a, b, opts) {
			t.Errorf("%s: the same seed draws otherwise", c.Name)
		}
		if cmp.Equal(a, c.Draw(plan.NewRand(2, 1), 15), opts) {
			t.Errorf("%s: another seed draws the same", c.Name)
		}
	}
}

// summary sums up a case's thefts.
type summary struct {
	calls, answered  int
	first, last      time.Time
	atOnce           int
	perExtension     int
	extensions       map[string]bool
	longest          time.Duration
	countries        map[string]bool
	preparation, all int
}

func sum(list []plan.Item) summary {
	s := summary{extensions: map[string]bool{}, countries: map[string]bool{}}
	type span struct {
		end time.Time
		ext string
	}
	var held []span
	for _, it := range list {
		c := it.Call
		s.all++
		if c == nil {
			continue
		}
		if c.Preparation {
			s.preparation++
			continue
		}
		if s.calls == 0 {
			s.first = c.Start
		}
		s.calls++
		s.last = c.Start
		number := c.Number
		if c.Onward != nil {
			number = c.Onward.Number
		}
		r, _ := plan.Block(number)
		s.countries[r.Country], s.extensions[c.Extension] = true, true
		kept := held[:0]
		own := 1
		for _, h := range held {
			if h.end.After(c.Start) {
				kept = append(kept, h)
				if h.ext == c.Extension {
					own++
				}
			}
		}
		held = append(kept, span{c.End(), c.Extension})
		s.atOnce, s.perExtension = max(s.atOnce, len(held)), max(s.perExtension, own)
		if c.Outcome == plan.Answered {
			s.answered++
			s.longest = max(s.longest, c.Duration)
		}
	}
	return s
}

// TestCasesAreWhatTheySay holds the cases that happened, or are asked for, to
// their figures, give or take what is drawn.
func TestCasesAreWhatTheySay(t *testing.T) {
	within := func(name, what string, got, least, most float64) {
		if got < least || got > most {
			t.Errorf("%s: got %g %s, want %g to %g", name, got, what, least, most)
		}
	}
	of := func(name string) summary {
		c, ok := LookupCase(name)
		if !ok {
			t.Fatalf("no case %s", name)
		}
		return sum(items(t, c, 30, 4, 30000))
	}
	perMinute := func(s summary) float64 { return float64(s.calls) / max(s.last.Sub(s.first).Minutes(), 1) }

	s := of("court-a")
	within("court-a", "calls a minute", perMinute(s), 25/1.45, 25*1.45)
	within("court-a", "countries", float64(len(s.countries)), 2, 2)
	within("court-a", "seconds at most", s.longest.Seconds(), 4, 12*1.45)
	s = of("court-ten")
	within("court-ten", "extensions", float64(len(s.extensions)), 10, 10)
	s = of("parallel-120")
	within("parallel-120", "calls at once", float64(s.atOnce), 120/1.45, 120*1.45)
	s = of("weekend")
	within("weekend", "calls a minute", perMinute(s), 22.5/1.45, 22.5*1.45)
	within("weekend", "minutes at most", s.longest.Minutes(), 40, 100)
	s = of("latvia-somalia")
	within("latvia-somalia", "calls", float64(s.calls), 4*60*46/1.45, 4*60*50*1.45)
	s = of("falkland")
	within("falkland", "calls an hour", 60*perMinute(s), 20/1.45, 20*1.45)
	within("falkland", "seconds at most", s.longest.Seconds(), .7, 3)
	s = of("one-long-call")
	within("one-long-call", "calls", float64(s.calls), 1, 1)
	within("one-long-call", "hours", s.longest.Hours(), 5, 14)
	s = of("slow-6")
	within("slow-6", "calls an hour", 60*perMinute(s), 6/1.5, 6*1.5)
	within("slow-6", "countries", float64(len(s.countries)), 4, 4)
	s = of("customary")
	within("customary", "countries", float64(len(s.countries)), 1, 1)
	if !s.countries["DE"] {
		t.Errorf("customary: got %v, want where the site calls most", s.countries)
	}
	s = of("two-each")
	within("two-each", "calls at once of an extension", float64(s.perExtension), 2, 2)
	within("two-each", "extensions", float64(len(s.extensions)), 10, 10)
	s = of("resold")
	within("resold", "calls at once", float64(s.atOnce), 30/1.45, 30*1.45)
	s = of("capped")
	within("capped", "countries", float64(len(s.countries)), 15, 20)
	s = of("taught")
	within("taught", "calls that teach", float64(s.preparation), 3, 10)
	s = of("prefixes")
	within("prefixes", "calls", float64(s.calls), 1000/1.45, 1000*1.45)
	within("prefixes", "answered", float64(s.answered), 0, 0)
	s = of("storm")
	within("storm", "items before the thirtieth minute", float64(s.all), 30000, 30000)
}

// TestRatchetGrows: a tenth more a week, give or take what is drawn.
func TestRatchetGrows(t *testing.T) {
	c, _ := LookupCase("ratchet")
	list := items(t, c, 15, 2, 1e6)
	weeks := map[int]int{}
	for _, it := range list {
		weeks[int(it.At.Sub(list[0].At).Hours()/168)]++
	}
	if first, last := weeks[0], weeks[5]; float64(last) < 1.2*float64(first) || float64(last) > 2.5*float64(first) {
		t.Errorf("got calls a week %v, want growth by a tenth", weeks)
	}
}

// TestMemoryIsConstant: three days of the loudest theft hold no more at their
// end than at their beginning.
func TestMemoryIsConstant(t *testing.T) {
	c, _ := LookupCase("court-a")
	s := site(15, 72*time.Hour, 1)
	attacks := c.Draw(plan.NewRand(1, 1), 15)
	pl := plan.New(s, Sources(s, &attacks[0], 0))
	n, early := 0, uint64(0)
	for _, ok := pl.Next(); ok; _, ok = pl.Next() {
		if n++; n == 1000 {
			early = live()
		}
	}
	const slack = 64 << 10
	if now := live(); n < 50_000 || now > early+slack {
		t.Errorf("got %d calls and %d bytes, want at most %d", n, now, early+slack)
	}
	runtime.KeepAlive(pl)
}

func live() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
