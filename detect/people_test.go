package detect

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"tollwatch/decoder/call"
)

// odd is what somebody is called for: calls to one country, 15 seconds apart, that
// nobody answers when talk is 0.
func (s *script) odd(at time.Time, extension int, number string, calls int, talk time.Duration) {
	for i := range calls {
		s.add(plot{at: at.Add(time.Duration(i) * 15 * time.Second), extension: extension, number: fmt.Sprint(number[:len(number)-1], i%10), ring: 5 * time.Second, talk: talk})
	}
}

const (
	toCaymans = "13459491234"
	toNiger   = "22790123456"
)

// paged is an engine that knows its office, and has woken somebody for six calls of
// extension 204 to the Cayman Islands.
func paged(t *testing.T, talk time.Duration) (e *Engine, at time.Time, a Alert) {
	t.Helper()
	s, at := afterTwoWeeks(bothLegs, 5)
	s.odd(at, 204, toCaymans, 6, talk)
	e = newEngine(t)
	a, ok := firstPage(play(e, s.sorted(), at.Add(2*time.Minute)))
	if !ok || a.Extension != "204" {
		t.Fatalf("got %+v, want a page about 204", a)
	}
	return e, at.Add(2 * time.Minute), a
}

// goOn plays what happens after a word, and gives what wakes somebody then: what
// opened, was raised, or reopened at a level that pages.
func goOn(e *Engine, until time.Time, tell func(*script)) (pages []Alert) {
	unused := 1_000_000 + uint64(e.nextClosed+len(e.past)+1)*10_000 + uint64(e.now.Unix()%1e9)
	s := script{view: bothLegs, call: call.ID(unused), leg: call.LegID(unused)}
	tell(&s)
	events := s.sorted()
	var alerts []Alert
	for !e.now.IsZero() && len(events) > 0 && e.now.Before(events[0].Time.Add(-time.Minute)) {
		alerts = append(alerts, e.Advance(e.now.Add(time.Minute)).Alerts...)
	}
	for _, a := range append(alerts, play(e, events, until)...) {
		if a.Level.Pages() && (a.Event == Opened || a.Event == Raised || a.Event == Reopened) {
			pages = append(pages, a)
		}
	}
	return pages
}

func mustSay(t *testing.T, say func(string, string, time.Time) (Result, error), id string, at time.Time) Alert {
	t.Helper()
	r, err := say(id, "jane", at)
	if err != nil || len(r.Alerts) != 1 {
		t.Fatalf("got %d alerts and %v for a word on %s, want one", len(r.Alerts), err, id)
	}
	a := r.Alerts[0]
	if a.Event != Acknowledged || a.AcknowledgedBy != "jane" || !a.AcknowledgedAt.Equal(at) || a.Incident != id {
		t.Fatalf("got %s of %s by %q at %s, want acknowledged of %s by jane at %s", a.Event, a.Incident, a.AcknowledgedBy, a.AcknowledgedAt, id, at)
	}
	return a
}

// TestAcknowledged tells what wakes somebody after an acknowledgement: all that
// goes beyond what was seen, and nothing else.
func TestAcknowledged(t *testing.T) {
	for _, c := range []struct {
		name  string
		want  Change // of the first page; 0: nobody is woken
		after time.Duration
		tell  func(s *script, at time.Time)
	}{
		{"the same goes on", 0, time.Minute, func(s *script, at time.Time) { s.odd(at, 204, toCaymans, 8, 0) }},
		{"the same again within a day", 0, 20 * time.Hour, func(s *script, at time.Time) { s.odd(at, 204, toCaymans, 6, 0) }},
		{"the same again after a day", Raised, 26 * time.Hour, func(s *script, at time.Time) { s.odd(at, 204, toCaymans, 6, 0) }},
		{"another extension", Reopened, time.Minute, func(s *script, at time.Time) { s.odd(at, 206, toCaymans, 1, 0) }},
		{"another country", Reopened, time.Minute, func(s *script, at time.Time) { s.odd(at, 204, toNiger, 1, 0) }},
		{"another country within a day", Raised, 20 * time.Hour, func(s *script, at time.Time) { s.odd(at, 204, toNiger, 6, 0) }},
		{"another extension within a day", Raised, 20 * time.Hour, func(s *script, at time.Time) { s.odd(at, 206, toCaymans, 6, 0) }},
		{"ordinary calls of the same person", 0, time.Minute, func(s *script, at time.Time) {
			s.add(plot{at: at, extension: 204, number: "442071234567", ring: 5 * time.Second, talk: time.Minute})
			s.add(plot{at: at.Add(2 * time.Minute), extension: 204, number: "33612345678", ring: 5 * time.Second, talk: time.Minute})
		}},
		{"the money", Reopened, time.Minute, func(s *script, at time.Time) { s.odd(at, 204, toCaymans, 2, 10*time.Minute) }},
	} {
		e, at, a := paged(t, 0)
		mustSay(t, e.Acknowledge, a.Incident, at)
		at = at.Add(c.after)
		pages := goOn(e, at.Add(20*time.Minute), func(s *script) { c.tell(s, at) })
		switch {
		case c.want == 0 && len(pages) > 0:
			t.Errorf("%s: got %s at %s, score %v: %+v; want nobody woken", c.name, pages[0].Event, pages[0].Level, pages[0].Score, pages[0].Reasons)
		case c.want != 0 && len(pages) == 0:
			t.Errorf("%s: got no page, want %s", c.name, c.want)
		case c.want == Reopened && (pages[0].Event != Reopened || pages[0].Incident != a.Incident):
			t.Errorf("%s: got %s of %s, want reopened of %s", c.name, pages[0].Event, pages[0].Incident, a.Incident)
		case c.want == Reopened && pages[0].AcknowledgedBy != "":
			t.Errorf("%s: got a reopened incident that is acknowledged by %s", c.name, pages[0].AcknowledgedBy)
		}
	}
}

// TestMoneyDoubledReopens: at twice the money, and five euro at least, no later; new_spend,
// for which one long call is not all of its money, has doubled before.
func TestMoneyDoubledReopens(t *testing.T) {
	e, at, a := paged(t, 0)
	mustSay(t, e.Acknowledge, a.Incident, at)
	talk := func(length time.Duration) []Alert {
		from := e.now.Add(time.Second)
		return goOn(e, from.Add(30*time.Minute), func(s *script) { s.odd(from, 204, toCaymans, 1, length) })
	}
	const step = 0.3 // EUR, what passes between two looks at a call
	pages := talk(20 * time.Minute)
	if len(pages) == 0 || pages[0].Event != Reopened || pages[0].SpentEUR < 4 || pages[0].SpentEUR > 5+step {
		t.Fatalf("got %+v, want it reopened at five euro", pages)
	}
	again := mustSay(t, e.Acknowledge, a.Incident, e.now)
	pages = talk(29 * time.Minute)
	if len(pages) == 0 || pages[0].SpentEUR < 1.1*again.SpentEUR || pages[0].SpentEUR > 2*again.SpentEUR+step {
		t.Errorf("got %+v, want a page at twice %.2f EUR, or at twice what a rule of money had seen", pages, again.SpentEUR)
	}
}

// TestHigherLevelReopens: what was taken for odd must not become a catastrophe unseen.
func TestHigherLevelReopens(t *testing.T) {
	s, at := afterTwoWeeks(bothLegs, 5)
	for k := range 3 {
		s.odd(at.Add(time.Duration(k)*90*time.Second), 204, fmt.Sprint(toCaymans[:9], k, "0"), 1, 0)
	}
	e := newEngine(t)
	alerts := play(e, s.sorted(), at.Add(4*time.Minute))
	if len(alerts) == 0 || alerts[len(alerts)-1].Level.Pages() {
		t.Fatalf("got %+v, want less than a page for slow calls", alerts)
	}
	last := alerts[len(alerts)-1]
	mustSay(t, e.Acknowledge, last.Incident, at.Add(4*time.Minute))
	pages := goOn(e, at.Add(20*time.Minute), func(s *script) { s.odd(at.Add(5*time.Minute), 204, toCaymans, 8, 0) })
	if len(pages) == 0 || pages[0].Event != Reopened || pages[0].Level <= last.Level {
		t.Errorf("got %+v, want it reopened above %s", pages, last.Level)
	}
}

// TestWordsSurvive: a restarted engine heeds what was said, and hears what is said
// of incidents that were open or closed before.
func TestWordsSurvive(t *testing.T) {
	e, at, a := paged(t, 0)
	mustSay(t, e.Acknowledge, a.Incident, at)
	restart := func() *Engine {
		again, state := newEngine(t), e.AppendState(nil)
		if err := again.LoadState(state); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(again.AppendState(nil), state) {
			t.Error("got another state on writing it again")
		}
		return again
	}
	for _, c := range []struct {
		name  string
		tell  func(*script)
		pages bool
	}{
		{"the same", func(s *script) { s.odd(at.Add(time.Minute), 204, toCaymans, 6, 0) }, false},
		{"another extension", func(s *script) { s.odd(at.Add(time.Minute), 206, toNiger, 6, 0) }, true},
		{"the same a day later", func(s *script) { s.odd(at.Add(26*time.Hour), 204, toCaymans, 6, 0) }, true},
	} {
		if pages := goOn(restart(), time.Time{}, c.tell); (len(pages) > 0) != c.pages {
			t.Errorf("%s, after a restart: got %d pages, want some: %t", c.name, len(pages), c.pages)
		}
	}
	if err := e.Withdraw(a.Incident); err != nil || len(e.Words()) != 0 {
		t.Errorf("got %v and %d words after taking it back", err, len(e.Words()))
	}
	late := restart()
	mustSay(t, late.Normal, a.Incident, at.Add(2*time.Hour))
	if _, err := late.Acknowledge("20260101-000000-beef", "jane", at.Add(2*time.Hour)); !errors.Is(err, ErrUnknownIncident) {
		t.Errorf("got %v for an incident that never was", err)
	}
}

// TestNormal: what is normal here stays a notice for 90 days, and is learned.
func TestNormal(t *testing.T) {
	e, at, a := paged(t, 2*time.Second)
	word := mustSay(t, e.Normal, a.Incident, at)
	if !word.Normal || !word.AcknowledgedUntil.Equal(at.Add(90*24*time.Hour)) {
		t.Errorf("got normal %t until %s, want 90 days", word.Normal, word.AcknowledgedUntil)
	}
	for d := 1; d <= 4; d++ {
		day := at.AddDate(0, 0, d)
		if pages := goOn(e, day.Add(time.Hour), func(s *script) { s.odd(day, 204, toCaymans, 6, 2*time.Second) }); len(pages) > 0 {
			t.Fatalf("day %d: got %s, %v EUR: %+v; want nobody woken", d, pages[0].Event, pages[0].SpentEUR, pages[0].Reasons)
		}
	}
	day := at.AddDate(0, 0, 5)
	if other := goOn(e, day.Add(time.Hour), func(s *script) { s.odd(day, 206, toNiger, 6, 0) }); len(other) == 0 {
		t.Error("got no page for another country and extension")
	}
	e.Advance(at.AddDate(0, 0, 10))
	if g := e.memory.find(groupKey{"KY", classOf(t, e, toCaymans)}); g == nil || !g.known(e.memory.day) {
		t.Errorf("got %+v, want it known: normal calls teach", g)
	}
	e.Advance(at.AddDate(0, 0, 91))
	if words := e.Words(); len(words) != 0 {
		t.Errorf("got %+v after 90 days, want no word", words)
	}
}

// TestNormalStaysUnderTheMoney: twice the money in a day is not what was called normal.
func TestNormalStaysUnderTheMoney(t *testing.T) {
	e, at, a := paged(t, 2*time.Second)
	mustSay(t, e.Normal, a.Incident, at)
	day := at.AddDate(0, 0, 1)
	pages := goOn(e, day.Add(2*time.Hour), func(s *script) { s.odd(day, 204, toCaymans, 6, 15*time.Minute) })
	const minute = 5 // EUR, of those calls: the story's clock ticks once a minute at first
	if len(pages) == 0 || pages[0].SpentEUR > 5+minute {
		t.Errorf("got %+v, want a page for more than five euro", pages)
	}
}

// TestWordsAreBounded: there are 64 at most, and the oldest goes.
func TestWordsAreBounded(t *testing.T) {
	e, at, a := paged(t, 0)
	i := e.spokenOf(a.Incident)
	for n := range 3 * maxWords {
		copied := *i
		copied.id, copied.marks.level = fmt.Sprint(n), Level(1+n%4)
		e.keepPast(&copied)
		mustSay(t, e.Normal, copied.id, at)
	}
	if len(e.words) != maxWords || len(e.past) != maxPast || e.Snapshot().Evicted.Words == 0 {
		t.Errorf("got %d words, %d incidents, %d evicted; want %d, %d, some", len(e.words), len(e.past), e.Snapshot().Evicted.Words, maxWords, maxPast)
	}
}

// TestAcknowledgedSign: a login after tries is known; one from elsewhere is news.
func TestAcknowledgedSign(t *testing.T) {
	s := script{view: bothLegs}
	s.known()
	e := newEngine(t)
	play(e, s.sorted(), monday.Add(time.Hour))
	takeover := func(source string, at time.Time) (pages []Alert) {
		return goOn(e, at.Add(time.Minute), func(s *script) { s.breakIn(source, 204, at) })
	}
	at := monday.Add(2 * time.Hour)
	first := takeover("198.51.100.7:5060", at)
	if len(first) == 0 {
		t.Fatal("got no page for a password that was found")
	}
	mustSay(t, e.Acknowledge, first[0].Incident, at.Add(2*time.Minute))
	if again := takeover("198.51.100.7:5060", at.Add(5*time.Minute)); len(again) > 0 {
		t.Errorf("got %s for the same source, want nobody woken", again[0].Event)
	}
	if other := takeover("198.51.100.99:5060", at.Add(10*time.Minute)); len(other) == 0 || other[0].Event != Reopened {
		t.Errorf("got %+v for another source, want it reopened", other)
	}
}

// TestMaintenance: a new PBX and what its telephones get wrong wake nobody, a
// theft does, and trunks keep their names.
func TestMaintenance(t *testing.T) {
	s, at := afterTwoWeeks(bothLegs, 5)
	s.known()
	e := newEngine(t)
	play(e, s.sorted(), at)
	name := e.roles.trunks[0].Name
	if _, err := e.Maintain(at.Add(73*time.Hour), "new PBX", "jane"); !errors.Is(err, ErrMaintenance) {
		t.Errorf("got %v for 73 hours, want it refused", err)
	}
	if _, err := e.Maintain(at.Add(4*time.Hour), "new PBX", "jane"); err != nil {
		t.Fatal(err)
	}
	if got := e.Snapshot(); got.PBX != 0 || got.Phones != 0 || got.Trunks != 0 {
		t.Errorf("got %+v, want the roles forgotten", got)
	}
	breakIn := func(at time.Time) []Alert {
		return goOn(e, at.Add(time.Minute), func(s *script) { s.breakIn("198.51.100.7:5060", 204, at) })
	}
	if pages := breakIn(at.Add(time.Minute)); len(pages) > 0 {
		t.Errorf("got %s of a login, want nobody woken", pages[0].Event)
	}
	pages := goOn(e, at.Add(time.Hour), func(s *script) { s.readingA(at.Add(10*time.Minute), 20, 204, 1) })
	if len(pages) == 0 || pages[0].Maintenance != "new PBX" || pages[0].Calls > 3 {
		t.Fatalf("got %+v, want a page by the third call that says why roles are learned", pages)
	}
	if len(e.roles.trunks) != 1 || e.roles.trunks[0].Name != name {
		t.Errorf("got trunks %+v, want %s again", e.roles.trunks, name)
	}
	again := newEngine(t)
	if err := again.LoadState(e.AppendState(nil)); err != nil {
		t.Fatal(err)
	}
	again.Advance(at.Add(2 * time.Hour))
	if until, reason := again.Maintenance(); reason != "new PBX" || !until.Equal(at.Add(4*time.Hour)) {
		t.Errorf("got %q until %s after a restart", reason, until)
	}
	if pages := breakIn(at.Add(5 * time.Hour)); len(pages) == 0 {
		t.Error("got no page for a break-in when it was over")
	}
}

// breakIn finds a password at the seventh try.
func (s *script) breakIn(source string, extension int, at time.Time) {
	r := call.Registration{User: fmt.Sprint(extension), Src: netip.MustParseAddrPort(source), Dst: pbxAddr}
	for i := range 7 {
		try := r
		try.Change, try.Failures = call.BindingRefused, i+1
		if i == 6 {
			try.Change, try.Failures, try.Contact = call.BindingNew, 0, "sip:"+source
		}
		s.events = append(s.events, call.Event{Kind: call.EventBinding, Time: at.Add(time.Duration(i) * time.Second), Registration: &try})
	}
}
