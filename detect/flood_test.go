package detect

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"tollwatch/decoder/call"
)

// checkCaps fails when a table is larger than its cap.
func checkCaps(t testing.TB, e *Engine) {
	t.Helper()
	m := &e.memory
	for _, c := range []struct {
		table    string
		got, cap int
	}{
		{"calls", e.calls.Len(), maxCalls}, {"spare calls", len(e.spare), maxCalls + 1},
		{"extensions", m.extensions.Len(), maxExtensions}, {"groups", m.groups.Len(), maxGroups}, {"lessons", len(m.lessons), maxLessons},
		{"telephones", e.roles.phones.Len(), maxPhones}, {"users", e.roles.users.Len(), maxExtensions},
		{"PBX", len(e.roles.pbx), maxPBX}, {"trunks", len(e.roles.trunks), maxTrunks},
		{"pairs", e.roles.pairs.table.Len(), maxPairs}, {"incidents", len(e.incidents), maxIncidents},
		{"past incidents", len(e.past), maxPast}, {"words of people", len(e.words), maxWords},
		{"registered extensions", e.bindings.table.Len(), maxExtensions}, {"numbers shown", e.origins.table.Len(), maxExtensions},
		{"strangers", e.gate.strangers.Len(), maxStrangers}, {"guessed accounts", e.gate.accounts.Len(), maxGuessed},
		{"tried numbers", e.gate.numbers.Len(), maxTried}, {"served strangers", e.gate.served.Len(), maxServed},
	} {
		if c.got > c.cap {
			t.Errorf("got %d %s, want at most %d", c.got, c.table, c.cap)
		}
	}
	for _, i := range e.incidents {
		if max(len(i.extensions), len(i.groups), len(i.trunks)) > maxMembers || len(i.destinations) > maxDestinations || len(i.callIDs) > maxCallIDs {
			t.Errorf("incident %s has outgrown its caps", i.id)
		}
	}
	if live := e.costly; live < 0 {
		t.Errorf("got %d costly calls at once: counted down more often than up", live)
	}
}

// TestFlood fills every table: callers, calls that never end, telephones,
// PBXs, pairs, countries.
func TestFlood(t *testing.T) {
	e := newEngine(t)
	s := script{}
	at := monday
	const calls = 12000
	for i := range calls {
		at = at.Add(10 * time.Millisecond)
		src := netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), 5060)
		e.Observe(call.Event{Kind: call.EventBinding, Time: at, Registration: &call.Registration{
			User: fmt.Sprint(i), Src: src, Dst: netip.AddrPortFrom(netip.AddrFrom4([4]byte{172, 16, byte(i >> 8), byte(i)}), 5060), Change: call.BindingNew}})
		s.call++
		dst := netip.AddrPortFrom(netip.AddrFrom4([4]byte{198, 51, byte(i >> 8), byte(i)}), 5060)
		l := s.newLeg(plot{}, src, dst, fmt.Sprint("caller", i), fmt.Sprintf("+%d%08d", 1+i%998, i))
		l.Start = at
		e.Observe(call.Event{Kind: call.EventAttempt, Time: at, Leg: l})
		l.Answer, l.State = at, call.Answered
		e.Observe(call.Event{Kind: call.EventAnswered, Time: at, Leg: l})
		if i%100 == 0 {
			e.Advance(at)
			checkCaps(t, e)
		}
	}
	checkCaps(t, e)
	got := e.Snapshot()
	if v := got.Evicted; v.Calls != calls-maxCalls || v.Extensions == 0 || v.Phones == 0 || v.Roles == 0 {
		t.Errorf("got evictions %+v, want %d calls, and some of each", v, calls-maxCalls)
	}
	for h := range 15 {
		e.Advance(at.Add(time.Duration(h) * time.Hour))
	}
	if got := e.Snapshot(); got.LiveCalls != 0 || got.CostlyCalls != 0 || got.Evicted.AgedCalls != maxCalls {
		t.Errorf("got %d calls, %d costly, %d aged after 13 hours; want 0, 0, %d", got.LiveCalls, got.CostlyCalls, got.Evicted.AgedCalls, maxCalls)
	}
}

// TestManyIncidents: what has nothing in common opens incidents of its own, up
// to the cap; the least urgent gives way and is told as closed.
func TestManyIncidents(t *testing.T) {
	e := newEngine(t)
	e.memory.since, e.memory.calls = monday.AddDate(0, -1, 0), 1000
	var closed int
	s := script{view: bothLegs}
	at := monday
	for i := range maxIncidents + 10 {
		// Three calls at once at home from one extension: its own incident.
		for k := range 3 {
			s.add(plot{at: at.Add(time.Duration(i) * 2 * time.Second), extension: 1000 + i, number: fmt.Sprintf("3314000%04d", i*3+k), ring: time.Second, talk: 20 * time.Minute})
		}
		s.add(plot{at: at.Add(time.Duration(i) * 2 * time.Second), extension: 1000 + i, number: "33140000000", ring: time.Second, talk: 20 * time.Minute})
	}
	for _, a := range play(e, s.sorted(), time.Time{}) {
		if a.Event == Closed {
			closed++
		}
	}
	checkCaps(t, e)
	if got := e.Snapshot().Evicted.Incidents; got == 0 || closed < int(got) {
		t.Errorf("got %d incidents evicted, %d told as closed; want some, and each told", got, closed)
	}
}

// FuzzEvents: whatever comes in whatever order, tables keep their caps, the
// books balance and a score is the sum of its reasons.
func FuzzEvents(f *testing.F) {
	f.Add([]byte("\x01\x01\x01\x03\x01\x01\x05\x01\x01\x0a\x01\x01"))
	f.Add([]byte("\x01\x01\x02\x01\x02\x03\x02\x02\x03\x0a\x02\x03\x0a\x01\x02"))
	f.Add([]byte{5, 200, 17, 10, 200, 17, 10, 200, 17, 2, 9, 9, 1, 9, 9, 2, 8, 9})
	numbers := []string{"", "112", "204", "0013459491234", "+22790123456", "0612345678", "*21*00881612345678#", "+979123456789", "alice"}
	addrs := []netip.AddrPort{pbxAddr, trunkAddr, phoneAddr(204), phoneAddr(205), {}}
	f.Fuzz(func(t *testing.T, script []byte) {
		e := newEngine(t)
		at := monday
		for i := 0; i+2 < len(script) && i < 3000; i += 3 {
			kind, who, what := call.EventKind(script[i]%16), script[i+1], script[i+2]
			at = at.Add(time.Duration(int(what)-10) * time.Second)
			l := &call.Leg{ID: call.LegID(who%32) + 1, Call: call.ID(who%8) + 1, Start: at, From: call.Party{User: fmt.Sprint(200 + who%16)},
				Src: addrs[int(who)%len(addrs)], Dst: addrs[int(what)%len(addrs)], Request: call.Party{User: numbers[int(what>>3)%len(numbers)]}}
			if what%2 == 0 {
				l.Answer = at.Add(-time.Duration(what) * time.Second)
			}
			if kind == call.EventEnded {
				l.End = at
			}
			r := e.Observe(call.Event{Kind: kind, Time: at, Leg: l, Former: call.ID(what%8) + 1})
			if r.Verdict == nil {
				if kind != call.EventReleased {
					t.Fatalf("got no verdict for %s of a leg", kind)
				}
				continue
			}
			sum := 0.0
			for _, reason := range r.Verdict.Reasons {
				sum += reason.Points
			}
			if sum != r.Verdict.Score {
				t.Fatalf("got score %v, reasons add up to %v: %+v", r.Verdict.Score, sum, r.Verdict.Reasons)
			}
			e.Advance(at)
		}
		checkCaps(t, e)
		e.Advance(at.Add(30 * time.Hour))
		e.Advance(at.Add(31 * time.Hour))
		if got := e.Snapshot(); got.LiveCalls != 0 || got.CostlyCalls != 0 || len(e.incidents) != 0 {
			t.Fatalf("got %d calls, %d costly, %d incidents a day later, want none", got.LiveCalls, got.CostlyCalls, len(e.incidents))
		}
		for _, slot := range e.memory.extensions.OldestFirst() {
			x := *slot
			if x.legs != 0 || x.costly != 0 {
				t.Fatalf("extension %s has %d calls, %d costly, want none", x.name, x.legs, x.costly)
			}
		}
	})
}
