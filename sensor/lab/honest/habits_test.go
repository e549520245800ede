package honest

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"tollwatch/sensor/lab/labtest"
	"tollwatch/sensor/lab/plan"
)

// share is how many of some calls are so, within four standard errors.
func share(t *testing.T, what string, some, of, want float64) {
	t.Helper()
	if of < 100 {
		t.Fatalf("%s: of %.0f calls nothing can be said", what, of)
	}
	labtest.Near(t, what, some/of, want, 4*math.Sqrt(want*(1-want)/of))
}

// TestShares: habits that an ordinary call has or has not.
func TestShares(t *testing.T) {
	const want = .2
	people := func(c *plan.Call) bool { return c.Outcome == plan.Answered && !c.Voicemail }
	for name, c := range map[string]struct {
		set  func(*Traffic)
		of   func(*plan.Call) bool
		some func(*plan.Call) bool
	}{
		"no BYE of calls out": {func(tr *Traffic) { tr.Outbound, tr.NoBye = 60, want }, people, func(c *plan.Call) bool { return c.NoBye }},
		"no BYE of calls in": {func(tr *Traffic) { tr.Inbound, tr.NoBye = 60, want },
			func(c *plan.Call) bool { return c.Outcome == plan.Answered }, func(c *plan.Call) bool { return c.NoBye }},
		"ring group": {func(tr *Traffic) { tr.Inbound, tr.RingGroup = 60, want }, func(*plan.Call) bool { return true }, func(c *plan.Call) bool {
			if n := len(c.Rings()); n > 8 || n == 2 || len(slices.Compact(slices.Sorted(slices.Values(c.Rings())))) != n {
				t.Errorf("a call rings at %v, want one or three to eight telephones", c.Rings())
			}
			return len(c.Ringing) > 0
		}},
		"twinning": {func(tr *Traffic) { tr.Inbound, tr.Twinning = 60, want }, people, func(c *plan.Call) bool {
			if o := c.Onward; o != nil && (o.How != plan.Forwarded || !strings.HasPrefix(o.Number, plan.HomePrefix)) {
				t.Errorf("a call goes on by %+v, want a mobile at home", o)
			}
			return c.Onward != nil
		}},
		"misdial": {func(tr *Traffic) { tr.Outbound, tr.International, tr.Misdial = 60, 0, want }, func(*plan.Call) bool { return true },
			func(c *plan.Call) bool {
				abroad := !strings.HasPrefix(c.Number, plan.HomePrefix)
				if abroad && (c.Outcome == plan.Answered || c.Duration > 0) {
					t.Errorf("a misdialled call is answered: %+v", c)
				}
				return abroad
			}},
	} {
		_, items := only(t, c.set)
		some, of := 0.0, 0.0
		for _, it := range items {
			if c.of(it.Call) {
				of++
				if c.some(it.Call) {
					some++
				}
			}
		}
		share(t, name, some, of, want)
	}
}

// TestRedial: busy and unanswered calls are tried again by the same telephone,
// 5 to 90 s after they ended, at most four times.
func TestRedial(t *testing.T) {
	_, items := only(t, func(tr *Traffic) { tr.Outbound, tr.Redial, tr.Contacts = 30, 1, 5000 })
	last, tries, most := map[string]*plan.Call{}, map[*plan.Call]int{}, 0
	for _, it := range items {
		c := it.Call
		key := c.Extension + c.Number
		if b := last[key]; b != nil && b.Outcome != plan.Answered && c.Start.Sub(b.End()) >= 5*time.Second && c.Start.Sub(b.End()) <= 90*time.Second {
			tries[c] = tries[b] + 1
			most = max(most, tries[c])
		}
		last[key] = c
	}
	if most != 4 {
		t.Errorf("a number is tried again up to %d times, want 4", most)
	}
	first, again := 0.0, 0.0
	for _, it := range items {
		c := it.Call
		if tries[c] == 0 && (c.Outcome == plan.Busy || c.Outcome == plan.Cancelled) {
			first++
		}
		if tries[c] == 1 {
			again++
		}
	}
	if again < first*.98 { // but for the last minutes
		t.Errorf("%.0f of %.0f calls are tried again, want all", again, first)
	}
}

// TestConsult: while the first call is held, and no longer, the same telephone
// talks to somebody else.
func TestConsult(t *testing.T) {
	_, items := only(t, func(tr *Traffic) { tr.Outbound, tr.Consult, tr.TalkMedian = 30, 1, 5*time.Minute })
	held := map[string]*plan.Call{}
	seconds := 0
	for _, it := range items {
		c := it.Call
		b := held[c.Extension]
		if c.HoldFor > 0 {
			held[c.Extension] = c
			continue
		}
		if b == nil || c.Start.After(b.End()) {
			continue
		}
		seconds++
		from := b.Start.Add(b.AnswerAfter + b.HoldAfter)
		if c.Start.Before(from) || c.End().After(from.Add(b.HoldFor+3*time.Second)) || from.Add(b.HoldFor).After(b.End()) {
			t.Errorf("held from %s for %s, the other call is from %s to %s; the first ends at %s", from, b.HoldFor, c.Start, c.End(), b.End())
		}
	}
	if seconds < len(items)/4 {
		t.Errorf("%d of %d calls are a second one", seconds, len(items))
	}
}

// TestCallBack: who was missed is called back by the called within three hours,
// wherever that is.
func TestCallBack(t *testing.T) {
	_, items := only(t, func(tr *Traffic) { tr.Inbound, tr.CallBack, tr.International = 30, 1, .5 })
	missed := map[string]time.Time{}
	n, back, abroad := 0, 0, 0
	for _, it := range items {
		c := it.Call
		key := c.Extension + c.Number
		if c.Direction == plan.Inbound {
			if c.Outcome == plan.Cancelled || c.Voicemail {
				missed[key] = c.End()
				n++
			}
			continue
		}
		at, ok := missed[key]
		if gap := c.Start.Sub(at); !ok || gap > 3*time.Hour {
			t.Errorf("%s calls %s without having been called by it", c.Extension, c.Number)
		}
		back++
		if !strings.HasPrefix(c.Number, plan.HomePrefix) {
			abroad++
		}
	}
	if back < n-20 || abroad < n/3 {
		t.Errorf("%d of %d calls are called back, %d abroad", back, n, abroad)
	}
}

// TestDialler: beside each call out there are others in the same instant, most
// of which nobody answers, or that end at once.
func TestDialler(t *testing.T) {
	const overdial = .9
	_, items := only(t, func(tr *Traffic) { tr.Outbound, tr.Overdial = 300, overdial })
	p, _ := Lookup("office")
	without := 0.0
	_, plain := only(t, func(tr *Traffic) { tr.Outbound = 300 })
	without = float64(len(plain))
	ratio := float64(len(items))/without - 1
	if math.Abs(ratio-overdial) > .08 { // people are busy at other moments
		t.Errorf("%.2f calls beside each, want %.2f", ratio, overdial)
	}
	short := 0
	for _, it := range items {
		if c := it.Call; c.Outcome == plan.Answered && c.Duration <= 3*time.Second {
			short++
		}
	}
	if want := float64(len(items)) * overdial / (1 + overdial) / 8; math.Abs(float64(short)-want) > 4*math.Sqrt(want)+.02*p.Traffic.Answer*float64(len(items)) {
		t.Errorf("%d calls end at once, want about %.0f", short, want)
	}
}
