package sensor

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tollwatch/sensor/cdr"
	"tollwatch/sensor/config"
	"tollwatch/sensor/past"
	"tollwatch/sensor/reconcile"
	"tollwatch/sensor/record"
	"tollwatch/sensor/store"
)

// bystander is a sensor that only keeps: enough to read bills.
func bystander(t *testing.T) *Sensor {
	t.Helper()
	kept, err := store.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kept.Close() })
	s := &Sensor{cfg: config.Default(), store: kept, log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	s.cfg.Reconcile.Folder = t.TempDir()
	s.keeper = NewQueue(100, NewKeeper(kept))
	s.pipeline = &Pipeline{stamp: func(*record.Alert) {}}
	return s
}

var noon = time.Date(2026, 3, 6, 12, 0, 0, 0, time.UTC)

// seen keeps n calls to a number, a minute apart, of a minute each.
func (s *Sensor) sees(t *testing.T, number string, n int) {
	t.Helper()
	keeper := NewKeeper(s.store)
	for i := range n {
		d, cost := 60.0, 0.04
		at := noon.Add(time.Duration(i) * time.Minute)
		c := &record.Call{Type: "call", CallID: fmt.Sprint(number, i), Direction: "outbound", Number: number, State: "answered",
			Start: record.Time(at), Answer: record.Time(at), End: record.Time(at.Add(time.Minute)), Duration: &d, CostEUR: &cost}
		if err := keeper.Put(c); err != nil {
			t.Fatal(err)
		}
	}
	w := watched{periods: []reconcile.Period{{From: noon.Add(-time.Hour), Until: noon.Add(time.Hour)}}}
	if err := w.save(s.store); err != nil {
		t.Fatal(err)
	}
	if err := s.store.Commit(); err != nil {
		t.Fatal(err)
	}
}

// TestFolderIsReadOnce: a bill is read when it no longer grows, once, and what
// was used elsewhere is an alert; its prices are handed to the engine.
func TestFolderIsReadOnce(t *testing.T) {
	s := bystander(t)
	s.sees(t, "+442079460123", 5)
	f, err := newBillFolder(s)
	if err != nil {
		t.Fatal(err)
	}
	bill := "calldate,src,dst,billsec,disposition\n"
	for i := range 5 {
		bill += fmt.Sprintf("2026-03-06 13:%02d:09,204,00442079460123,60,ANSWERED\n", i)
	}
	name := filepath.Join(s.cfg.Reconcile.Folder, "bill.csv")
	write := func(text string) {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	stolen := "2026-03-06 13:30:00,204,0022710000012,600,ANSWERED\n"
	write(bill)
	f.look(t.Context())
	write(bill + stolen) // it grows: the look before was not the last
	f.look(t.Context())
	if len(f.known.Files) != 0 {
		t.Fatal("a bill that grows was read")
	}
	for range 3 {
		f.look(t.Context())
	}
	a := s.onlyAlert(t)
	if a.Scheme != "trunk" || a.Level != "critical" || a.Calls != 1 || a.Reasons[0].Rule != reconcile.UsedElsewhere ||
		!strings.Contains(a.Reasons[0].Text, "+22710000012 for 10m0s") || a.Destinations[0].Country != "NE" || a.SpentEUR != 20 {
		t.Errorf("got %+v", a)
	}
	if want := noon.Add(30 * time.Minute).Unix(); f.newest.Load() != want {
		t.Errorf("the feed reaches to %d, want %d", f.newest.Load(), want)
	}

	write("what is this\n")
	for range 3 {
		f.look(t.Context())
	}
	if a := s.onlyAlert(t); f.faulty.Load() != 1 || a.Level != "notice" || a.Scheme != "sensor" || a.Pages() {
		t.Errorf("a file that is no bill: %d faulty, and %+v", f.faulty.Load(), a)
	}
	write("calldate,src,dst,billsec,disposition\n2026-03-06 13:30:00,0199008123,204,9,ANSWERED\n") // nobody called out
	for range 3 {
		f.look(t.Context())
	}
	if err := s.store.Commit(); err != nil {
		t.Fatal(err)
	}

	again, err := newBillFolder(s) // after a restart
	if err != nil {
		t.Fatal(err)
	}
	if again.newest.Load() != f.newest.Load() {
		t.Error("how far the feed reaches is forgotten")
	}
	write(bill + stolen)
	for range 3 {
		again.look(t.Context())
	}
	if len(again.known.Files) != 3 {
		t.Errorf("after a restart the same bill was read again: %v", again.known.Files)
	}
	write(bill + stolen + "2026-03-06 13:40:00,204,0022710000013,600,ANSWERED\n") // the month so far
	for range 3 {
		again.look(t.Context())
	}
	if a := s.onlyAlert(t); a.Calls != 1 || a.Destinations[0].Number != "+22710000013" {
		t.Errorf("got %+v, want the call that is new", a)
	}
}

// onlyAlert is the one object that was put.
func (s *Sensor) onlyAlert(t *testing.T) *record.Alert {
	t.Helper()
	if n := len(s.keeper.objects); n != 1 {
		t.Fatalf("got %d alerts, want one", n)
	}
	return (<-s.keeper.objects).(*record.Alert)
}

// TestNumbersOfBills: what operators write and what the site dials is compared in
// one form, also where the end is hidden or cut off.
func TestNumbersOfBills(t *testing.T) {
	s := bystander(t)
	b, err := NewBills(s.store, s.cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		written, number string
		masked          bool
	}{
		{"0022710000012", "+22710000012", false},
		{"+22710000012", "+22710000012", false},
		{"22710000012", "+22710000012", false},
		{"0199008123", "+33199008123", false},
		{"33199008123", "+33199008123", false},
		{"118712", "118712", false},
		{"0022710000xxx", "+22710000", true},
		{"+22790***", "+22790", true},
		{"22710000XXX", "+22710000", true},
		{"019900****", "+3319900", true},
		{"019900", "+3319900", true},
		{"***", "", true},
		{"Abonnement", "", false},
	} {
		got := comparable(b.operator, c.written)
		if got.number != c.number || got.masked != c.masked {
			t.Errorf("%s: got %q, masked %v; want %q, %v", c.written, got.number, got.masked, c.number, c.masked)
		}
	}
}

// TestOnlyASensorThatSeesTheLineAccuses: where no call was ever seen to go out,
// none can be missed.
func TestOnlyASensorThatSeesTheLineAccuses(t *testing.T) {
	for calls, want := range []int{0, 1} {
		s := bystander(t)
		s.sees(t, "+442079460123", calls)
		b, err := NewBills(s.store, s.cfg)
		if err != nil {
			t.Fatal(err)
		}
		format, err := cdr.LookupFormat("freepbx")
		if err != nil {
			t.Fatal(err)
		}
		r, err := b.Reconcile([]past.File{{Format: &format, Records: []cdr.Record{
			{Start: noon.Add(20 * time.Minute), Duration: time.Minute, Answered: true, Number: "0022710000012"}}}})
		if err != nil || len(r.Elsewhere) != want {
			t.Errorf("%d calls seen: got %+v, %v, want %d used elsewhere", calls, r, err, want)
		}
	}
}

// TestWatched: a loss of frames, a dead interface and a time in which nobody
// looked end a period, and begin another.
func TestWatched(t *testing.T) {
	at := func(s int) time.Time { return noon.Add(time.Duration(s) * time.Second) }
	var w watched
	for i, lost := range []uint64{0, 0, 0, 5, 5, 5} {
		w.note(at(i), lost)
	}
	w.end()
	w.note(at(20), 5)
	w.note(at(21), 5)
	w.note(at(3600), 5) // it slept
	w.note(at(3601), 5)
	w.note(at(3590), 5) // its clock was set back
	want := []reconcile.Period{{From: at(0), Until: at(2)}, {From: at(3), Until: at(5)}, {From: at(20), Until: at(21)},
		{From: at(3600), Until: at(3601)}, {From: at(3590), Until: at(3590)}}
	if !slices.Equal(w.periods, want) {
		t.Errorf("got %v, want %v", w.periods, want)
	}
	for i := range 2 * maxPeriods {
		w.note(noon.Add(time.Hour), uint64(10+i))
	}
	if len(w.periods) != maxPeriods {
		t.Errorf("got %d periods, want at most %d", len(w.periods), maxPeriods)
	}
}

// TestWatchedAsLongAsKept: where calls had to make room, their time proves
// nothing any more.
func TestWatchedAsLongAsKept(t *testing.T) {
	kept, err := store.OpenLimited(t.TempDir(), store.Limits{Calls: 10})
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	s := &Sensor{store: kept}
	s.sees(t, "+442079460123", 10)
	if p, err := Watched(kept); err != nil || len(p) != 1 || !p[0].From.Equal(noon.Add(-time.Hour)) {
		t.Errorf("all is kept: got %v, %v", p, err)
	}
	s.sees(t, "+442079460124", 5)
	if p, err := Watched(kept); err != nil || len(p) == 0 || !p[0].From.Equal(noon.Add(6*time.Minute)) {
		t.Errorf("got %v, %v, want from the end of the sixth call", p, err)
	}
}
