package attack_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"tollwatch/sensor/lab/attack"
	"tollwatch/sensor/lab/honest"
	"tollwatch/sensor/lab/labtest"
	"tollwatch/sensor/lab/plan"
	"tollwatch/sensor/lab/scenario"
)

// quiet is a site where nothing else happens; the case begins with it.
func quiet(t *testing.T, c attack.Case, extensions int) scenario.Parameters {
	t.Helper()
	p, ok := scenario.Lookup("office-day")
	if !ok {
		t.Fatal("no office-day")
	}
	p.Start, p.Length, p.Extensions = p.Start.Add(10*time.Hour+30*time.Minute), c.Length, extensions
	p.Honest.Outbound, p.Honest.Inbound, p.Honest.Internal = 0, 0, 0
	p.Attacks = []attack.Attack{{Case: c.Name}}
	return p
}

// items hands on what happens, at most n of it.
func items(t *testing.T, p scenario.Parameters, seed uint64, n int, hand func(*plan.Item)) {
	t.Helper()
	pl, err := scenario.New(p, seed)
	if err != nil {
		t.Fatal(err)
	}
	for range n {
		it, ok := pl.Next()
		if !ok {
			return
		}
		hand(&it)
	}
}

// marks are what an item says of its attack.
func marks(it *plan.Item) (label, id string, preparation bool) {
	switch {
	case it.Call != nil:
		return it.Call.Label, it.Call.AttackID, it.Call.Preparation
	case it.Registration != nil:
		return it.Registration.Label, it.Registration.AttackID, it.Registration.Preparation
	case it.Probe != nil:
		return it.Probe.Label, it.Probe.AttackID, it.Probe.Preparation
	}
	return it.Acknowledgment.Label, it.Acknowledgment.AttackID, true
}

// enough is more than any case makes that is not a flood.
const enough = 100_000

// TestEveryCaseIsSound holds on sites of any size that items come in order,
// within the time of the case, with its name, and are such as can happen.
func TestEveryCaseIsSound(t *testing.T) {
	for _, c := range attack.Cases() {
		for _, extensions := range []int{2, 15, 60} {
			p := quiet(t, c, extensions)
			last, steals := p.Start, false
			items(t, p, uint64(extensions), enough, func(it *plan.Item) {
				where := place{c.Name, extensions, it.At.Sub(p.Start)}
				label, id, preparation := marks(it)
				steals = steals || !preparation
				if label != c.Name || !strings.HasPrefix(id, c.Name+"-") {
					t.Fatalf("%s: got the label %q and the identifier %q", where, label, id)
				}
				if it.At.Before(last) || !it.At.Before(p.Start.Add(c.Length)) {
					t.Fatalf("%s: after %s, want items in order and within %s", where, last.Sub(p.Start), c.Length)
				}
				if it.At.Nanosecond()%1e6 != 0 {
					t.Fatalf("%s: want times of whole milliseconds, that are the same on every machine", where)
				}
				last = it.At
				if it.Call != nil {
					sound(t, where, it.Call, extensions)
				}
			})
			if !steals {
				t.Errorf("%s on %d extensions: nothing happens but preparations", c.Name, extensions)
			}
		}
	}
}

// place is where in a plan something is wrong.
type place struct {
	name       string
	extensions int
	after      time.Duration
}

func (p place) String() string {
	return fmt.Sprintf("%s on %d extensions at %s", p.name, p.extensions, p.after)
}

func sound(t *testing.T, where place, c *plan.Call, extensions int) {
	t.Helper()
	if _, ok := plan.PhoneOf(c.Extension, extensions); !ok {
		t.Fatalf("%s: there is no extension %q", where, c.Extension)
	}
	if c.Direction != plan.Internal && !plan.Whole(c.Number) {
		t.Fatalf("%s: %q is no number of the lab", where, c.Number)
	}
	if o := c.Onward; o != nil && (!plan.Whole(o.Number) || o.Duration > 0 && c.Outcome != plan.Answered) {
		t.Fatalf("%s: goes on to %+v, want a number of the lab, and talk only where the call is answered", where, *o)
	}
	if answered := c.Outcome == plan.Answered; answered != (c.Duration > 0) || c.AnswerAfter < c.RingAfter || c.AnswerAfter <= 0 {
		t.Fatalf("%s: got %s after %s for %s, ringing after %s", where, c.Outcome, c.AnswerAfter, c.Duration, c.RingAfter)
	}
	if away := c.Entry == plan.FromInternet || c.Entry == plan.FromStranger; away != c.Address.IsValid() && !c.Forged {
		t.Fatalf("%s: a call from the %s has the address %s", where, c.Entry, c.Address)
	}
}

// printed are the first items, the numbers of calls left out.
func printed(t *testing.T, p scenario.Parameters, seed uint64, keep func(*plan.Item) bool) (prints []string) {
	t.Helper()
	items(t, p, seed, 3000, func(it *plan.Item) {
		if !keep(it) {
			return
		}
		text := fmt.Sprint(it.At, it.Registration, it.Probe, it.Acknowledgment)
		if it.Call != nil {
			c := *it.Call
			c.ID, c.Onward = 0, nil
			text += fmt.Sprintf("%+v %+v", c, it.Call.Onward)
		}
		prints = append(prints, text)
	})
	return prints
}

// TestSeedsOfCases: the same seed tells the same story, another seed or another
// time at the same site another one.
func TestSeedsOfCases(t *testing.T) {
	all := func(it *plan.Item) bool { return it.Registration == nil && it.Acknowledgment == nil && it.Probe == nil }
	for _, c := range attack.Cases() {
		p := quiet(t, c, 15)
		if a, b := scenario.Draw(p, 1), scenario.Draw(p, 1); fmt.Sprint(a.Attacks) != fmt.Sprint(b.Attacks) {
			t.Errorf("%s: the same seed draws %+v and %+v", c.Name, a.Attacks, b.Attacks)
		}
		one := scenario.Draw(p, 1)
		if other := scenario.Draw(p, 2); fmt.Sprint(one.Attacks) == fmt.Sprint(other.Attacks) {
			t.Errorf("%s: two seeds draw %+v", c.Name, one.Attacks)
		}
		q := p
		q.Repeat = 1
		if again := scenario.Draw(q, 1); fmt.Sprint(one.Attacks) == fmt.Sprint(again.Attacks) {
			t.Errorf("%s: two times at the same site draw %+v", c.Name, one.Attacks)
		}
		if a, b := printed(t, p, 1, all), printed(t, p, 1, all); strings.Join(a, "\n") != strings.Join(b, "\n") {
			t.Errorf("%s: the same seed gives two plans", c.Name)
		}
	}
}

// TestHonestPeopleDoNotNotice: what they do is the same with and without any
// attack.
func TestHonestPeopleDoNotNotice(t *testing.T) {
	office, _ := scenario.Lookup("office")
	office.Length = 36 * time.Hour
	honest := func(it *plan.Item) bool {
		label, _, _ := marks(it)
		return label == ""
	}
	want := printed(t, office, 3, honest)
	if len(want) < 50 {
		t.Fatalf("got %d items of honest people, want a day's", len(want))
	}
	for _, c := range attack.Cases() {
		p := office
		p.Attacks = []attack.Attack{{Case: c.Name, After: 20 * time.Hour}}
		if got := printed(t, p, 3, honest); len(got) < 30 || strings.Join(got, "\n") != strings.Join(want[:len(got)], "\n") {
			t.Errorf("%s: what honest people do changes with it", c.Name)
		}
	}
}

// TestMemoryOfThreeDays: the loudest cases hold no more at their end than when
// they are in full swing.
func TestMemoryOfThreeDays(t *testing.T) {
	for _, name := range []string{"court-a", "weekend", "capped", "resold", "wangiri", "two-each"} {
		c, _ := attack.LookupCase(name)
		p := quiet(t, c, 15)
		p.Length = 72 * time.Hour
		p = scenario.Draw(p, 1)
		for i := range p.Attacks {
			p.Attacks[i].Length = p.Length
		}
		pl, err := scenario.New(p, 1)
		if err != nil {
			t.Fatal(err)
		}
		var early uint64
		n := 0
		for it, ok := pl.Next(); ok; it, ok = pl.Next() {
			n++
			if early == 0 && it.At.Sub(p.Start) > 6*time.Hour {
				early = labtest.Heap()
			}
		}
		const slack = 64 << 10 // what the runtime itself comes to hold
		if now := labtest.Heap(); now > early+slack {
			t.Errorf("%s: got %d bytes after %d items, want at most the %d after six hours", name, now, n, early)
		}
		runtime.KeepAlive(pl)
	}
}

// TestEveryProfile is stolen from, and from telephones that have a password.
func TestEveryProfile(t *testing.T) {
	for _, profile := range honest.Profiles() {
		for i, c := range attack.Cases() {
			p, ok := scenario.Lookup(profile.Name)
			if !ok {
				t.Fatalf("no site %s", profile.Name)
			}
			p.Length, p.Attacks = c.Length, []attack.Attack{{Case: c.Name}}
			drawn := scenario.Draw(p, uint64(i))
			pl, err := scenario.New(drawn, uint64(i))
			if err != nil {
				t.Fatalf("%s at %s: %v", c.Name, profile.Name, err)
			}
			for _, a := range drawn.Attacks {
				if !pl.Site.SpeaksSIP(a.Extension) {
					t.Errorf("%s at %s: %s has no password to steal", c.Name, profile.Name, a.Extension)
				}
			}
			found := false
			for range enough {
				it, ok := pl.Next()
				if label, _, _ := marks(&it); !ok || label != "" {
					found = ok
					break
				}
			}
			if !found {
				t.Errorf("%s at %s: nothing happens", c.Name, profile.Name)
			}
		}
	}
}
