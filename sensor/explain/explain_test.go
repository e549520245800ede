package explain

import (
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"tollwatch/detect"
	"tollwatch/detect/numbering"
	"tollwatch/detect/rules"
	"tollwatch/sensor"
	"tollwatch/sensor/record"
	"tollwatch/sensor/store"
)

var night = time.Date(2026, 3, 7, 1, 0, 0, 123456789, time.UTC)

// decided is a decision as the engine leaves it, of awkward numbers.
func decided(change func(*rules.Inputs)) detect.Decision {
	in := rules.Inputs{Class: numbering.HighRisk, Country: "KY", Number: "+1345\x1b[2J", Extension: "204", Rate: 2, Warmup: 1.0 / 3,
		NewDestination: true, Watched: 0.30000000000000004, PriorRate: 0.01, PriorNew: 0.02, Calls10: 3, NewCalls10: 3, Exposure: 1e-300}
	change(&in)
	d := detect.Decision{Time: night, Stage: detect.AtAttempt, Rules: rules.Version, Inputs: in}
	d.Reasons, d.Score = rules.Score(in)
	return d
}

func signed() detect.Decision {
	d := detect.Decision{Time: night, Stage: detect.AtSign, Rules: rules.Version,
		Signs: &rules.Signs{Source: "198.51.100.7", Extension: "204", Failures: 7, Accepted: true}}
	d.Reasons, d.Score = rules.ScoreSigns(*d.Signs)
	return d
}

// kept puts alerts with these decisions into a new store.
func kept(t *testing.T, decisions ...detect.Decision) *store.Store {
	t.Helper()
	s, err := store.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	for i, d := range decisions {
		a := record.NewAlert(&detect.Alert{Event: detect.Updated, Time: night.Add(time.Duration(i) * time.Minute), Incident: "i", Decision: d})
		if err := sensor.NewKeeper(s).Put(a); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// TestScoresAreMadeAgain: of calls and of signs; what several alerts rest on comes once.
func TestScoresAreMadeAgain(t *testing.T) {
	call, sign := decided(func(*rules.Inputs) {}), signed()
	list, err := Incident(kept(t, call, call, sign), "i")
	if err != nil || len(list) != 2 {
		t.Fatalf("got %d explanations, %v, want 2", len(list), err)
	}
	for i, want := range []detect.Decision{call, sign} {
		if got := list[i]; got.Score != want.Score || len(got.Terms) != len(want.Reasons) || got.Stage != want.Stage.String() {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	var out strings.Builder
	if err := Text(&out, time.UTC, list); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"2026-03-07 01:00:00.123 UTC, at attempt", "+85.0  breach: 198.51.100.7 logged in", "Failures=7", "Watched=0.30000000000000004"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("got %s, want %q in it", out.String(), want)
		}
	}
	if strings.Contains(out.String(), "\x1b") {
		t.Errorf("got %q: what a caller sent steers the terminal", out.String())
	}
}

// TestProblems: each is one line.
func TestProblems(t *testing.T) {
	older := decided(func(*rules.Inputs) {})
	older.Rules = "1"
	changed := decided(func(*rules.Inputs) {})
	changed.Inputs.Calls10++
	bit := decided(func(*rules.Inputs) {})
	bit.Reasons[0].Points += 0.5
	for want, s := range map[string]*store.Store{
		"was made by rules version 1": kept(t, older),
		"its inputs give":             kept(t, changed),
		"or other reasons":            kept(t, bit),
		"without its inputs":          kept(t, detect.Decision{}),
	} {
		_, err := Incident(s, "i")
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") || errors.Is(err, ErrUnknown) {
			t.Errorf("got %v, want one line with %q", err, want)
		}
	}
	if _, err := Incident(kept(t), "i"); !errors.Is(err, ErrUnknown) {
		t.Errorf("got %v, want %v", err, ErrUnknown)
	}
}

// TestOlderStore: alerts of the layout without decisions stay, and can be read
// before and after the store is brought up to date.
func TestOlderStore(t *testing.T) {
	dir := t.TempDir()
	s, err := store.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	db, err := sql.Open("sqlite", filepath.Join(dir, "alerts.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`ALTER TABLE alerts DROP COLUMN decision; PRAGMA user_version = 1;
		INSERT INTO alerts (incident, event, time, json) VALUES ('i', 'opened', 1, '{}')`); err != nil {
		t.Fatal(err)
	}
	db.Close()
	for _, open := range []func(string) (*store.Store, error){store.OpenReadOnly, store.Open, store.Open} {
		s, err := open(dir)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Incident(s, "i"); err == nil || !strings.Contains(err.Error(), "without its inputs") {
			t.Errorf("got %v, want that the inputs were not kept", err)
		}
		s.Close()
	}
	s, err = store.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	d := signed()
	if err := sensor.NewKeeper(s).Put(record.NewAlert(&detect.Alert{Event: detect.Opened, Time: night, Incident: "n", Decision: d})); err != nil {
		t.Fatal(err)
	}
	if list, err := Incident(s, "n"); err != nil || len(list) != 1 {
		t.Errorf("got %v, %v, want the new decision", list, err)
	}
}
