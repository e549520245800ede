package detect

import (
	"bytes"
	"fmt"
	"os"
	"testing"
	"time"

	"tollwatch/detect/calendar"
	"tollwatch/detect/numbering"
)

// TestStateSurvives: a restarted engine knows what the first one knew.
func TestStateSurvives(t *testing.T) {
	s, at := afterTwoWeeks(bothLegs, 5)
	first := newEngine(t)
	play(first, s.sorted(), at)
	state := first.AppendState(nil)

	second := newEngine(t)
	if err := second.LoadState(state); err != nil {
		t.Fatal(err)
	}
	if again := second.AppendState(nil); !bytes.Equal(state, again) {
		t.Errorf("got another state on writing it again: %d bytes, want the same %d", len(again), len(state))
	}
	if a, b := first.Snapshot(), second.Snapshot(); a.Groups != b.Groups || a.Extensions != b.Extensions || a.PBX != b.PBX || a.Trunks != b.Trunks {
		t.Errorf("got %+v, want %+v", b, a)
	}
	was, known := first.plan.OutsidePrefix()
	if is, still := second.plan.OutsidePrefix(); !known || !still || is != was {
		t.Errorf("got outside-line prefix %q (known %t), want %q", is, still, was)
	}
	attack := script{view: bothLegs, call: 100000, leg: 100000}
	attack.readingA(at, 10, 204, 1)
	one, _ := firstPage(play(first, attack.sorted(), time.Time{}))
	two, ok := firstPage(play(second, attack.sorted(), time.Time{}))
	if !ok || one.Score != two.Score || one.Calls != two.Calls || one.Incident != two.Incident {
		t.Errorf("got a page at call %d, score %v, %s; want call %d, %v, %s", two.Calls, two.Score, two.Incident, one.Calls, one.Score, one.Incident)
	}
	t.Logf("%d bytes for %d extensions and %d groups", len(state), second.Snapshot().Extensions, second.Snapshot().Groups)
}

// TestBadStateIsRefused: cut anywhere, lengthened, of another version.
func TestBadStateIsRefused(t *testing.T) {
	s, at := afterTwoWeeks(bothLegs, 5)
	first := newEngine(t)
	play(first, s.sorted(), at)
	state := first.AppendState(nil)
	e := newEngine(t)
	for n := 0; n < len(state); n += 3 { // each costs the tables of an engine
		if err := e.LoadState(state[:n]); err == nil {
			t.Fatalf("got no error for %d of %d bytes", n, len(state))
		}
	}
	if err := e.LoadState(append(state[:len(state):len(state)], 0)); err == nil {
		t.Error("got no error for a state with a byte too many")
	}
	other := append([]byte{stateVersion + 1}, state[1:]...)
	if err := e.LoadState(other); err == nil {
		t.Error("got no error for another version")
	}
	if got := e.Snapshot(); got.Groups != 0 || got.Trunks != 0 {
		t.Errorf("got %d groups, %d trunks after refusals, want what was there: none", got.Groups, got.Trunks)
	}
}

// TestOldStateIsMigrated: what version 3 of the state knew, three weeks of an
// office, is known still; a place that it knew by one call stays known.
func TestOldStateIsMigrated(t *testing.T) {
	b, err := os.ReadFile("testdata/state-version-3")
	if err != nil {
		t.Fatal(err)
	}
	e := newEngine(t)
	if err := e.LoadState(b); err != nil {
		t.Fatal(err)
	}
	e.Advance(monday.AddDate(0, 0, 21))
	for _, country := range []string{"GB", "DE", "US"} {
		g := e.memory.find(groupKey{country, numbering.International})
		if g == nil || !g.known(e.memory.day) || g.early(e.memory.day) {
			t.Errorf("%s: got %+v, want it known for good", country, g)
		}
	}
	if got := e.memory; got.begun != calendar.Day(monday, paris) && got.begun != calendar.Day(monday, time.UTC) || got.warmup(e.now) < 1 {
		t.Errorf("got it begun on day %d with a warm-up of %g, want on monday and 1", got.begun, got.warmup(e.now))
	}
	again := newEngine(t)
	if err := again.LoadState(e.AppendState(nil)); err != nil {
		t.Errorf("got %v for what was migrated and written", err)
	}
}

// TestLaterStatesAreMigrated: what versions 5 to 7 knew is known; of telephones the
// first knows nothing.
func TestLaterStatesAreMigrated(t *testing.T) {
	for version, want := range map[int]struct{ telephones, shown int }{5: {0, 0}, 6: {1, 1}, 7: {0, 1}} {
		b, err := os.ReadFile(fmt.Sprintf("testdata/state-version-%d", version))
		if err != nil {
			t.Fatal(err)
		}
		e := newEngine(t)
		if err := e.LoadState(b); err != nil {
			t.Errorf("version %d: %v", version, err)
			continue
		}
		if s := e.Snapshot(); s.Extensions == 0 || s.Groups == 0 || s.Trunks != 1 || s.PBX != 1 {
			t.Errorf("version %d: got %+v, want what three weeks taught", version, s)
		}
		if shown, telephones := e.origins.table.Len(), e.bindings.table.Len(); shown != want.shown || telephones != want.telephones {
			t.Errorf("version %d: got %d numbers shown and %d telephones, want %+v", version, shown, telephones, want)
		}
		again := newEngine(t)
		if err := again.LoadState(e.AppendState(nil)); err != nil {
			t.Errorf("version %d: got %v for what was migrated and written", version, err)
		}
	}
}

// FuzzState: a hostile state is refused, or gives an engine within its caps
// that writes what it read.
func FuzzState(f *testing.F) {
	e := newEngine(f)
	f.Add(e.AppendState(nil))
	s := script{view: bothLegs}
	s.officeDays(monday, 5, 1)
	play(e, s.sorted(), time.Time{})
	f.Add(e.AppendState(nil))
	f.Add([]byte{stateVersion})
	f.Fuzz(func(t *testing.T, b []byte) {
		e := newEngine(t)
		if e.LoadState(b) != nil {
			return
		}
		checkCaps(t, e)
		if err := newEngine(t).LoadState(e.AppendState(nil)); err != nil {
			t.Fatalf("got %v for a state that was just written", err)
		}
		s := script{view: bothLegs}
		s.readingA(monday, 5, 204, 1)
		play(e, s.sorted(), time.Time{})
	})
}

// TestQuarantine: what was learned on the days before an attack became
// visible is not believed, and the attack teaches nothing.
func TestQuarantine(t *testing.T) {
	s, at := afterTwoWeeks(bothLegs, 5)
	ky := "13459491234"
	for d := range 3 {
		s.add(plot{at: at.AddDate(0, 0, d), extension: 202, number: fmt.Sprintf("%s%d", ky[:10], d), ring: time.Second, talk: time.Minute})
	}
	e := newEngine(t)
	play(e, s.sorted(), at.AddDate(0, 0, 4))
	g := e.memory.find(groupKey{"KY", classOf(t, e, ky)})
	if g == nil || g.known(e.memory.day) {
		t.Fatalf("got %+v two days after the third ordinary call, want not known yet", g)
	}
	e.Advance(at.AddDate(0, 0, 7))
	if !g.known(e.memory.day) || g.in90Days(e.memory.day) != 3 {
		t.Errorf("got %+v after five more days, want known by three calls", g)
	}

	attack := script{view: bothLegs, call: 100000, leg: 100000}
	later := at.AddDate(0, 0, 8)
	attack.add(plot{at: later.Add(-24 * time.Hour), extension: 206, number: "22790123456", ring: time.Second, talk: 10 * time.Second})
	attack.readingA(later, 60, 204, 1)
	play(e, attack.sorted(), later.AddDate(0, 0, 7))
	ne := e.memory.find(groupKey{"NE", classOf(t, e, "22790123456")})
	if ne == nil || ne.known(e.memory.day) {
		t.Errorf("got %+v: the attack taught its own destination", ne)
	}
}

func classOf(t *testing.T, e *Engine, number string) numbering.Class {
	t.Helper()
	return e.plan.Resolve("+"+number, "").Class
}
