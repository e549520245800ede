package sensor

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tollwatch/sensor/config"
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
	w := watched{}
	w.note(noon.Add(-time.Hour), 0)
	w.note(noon.Add(time.Hour), 0)
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
	write(bill)
	f.look()
	write(bill + "2026-03-06 13:30:00,204,0022710000012,600,ANSWERED\n") // it grows: the look before was not the last
	f.look()
	if len(f.known) != 0 {
		t.Fatal("a bill that grows was read")
	}
	for range 3 {
		f.look()
	}
	if n := len(s.keeper.objects); n != 1 {
		t.Fatalf("got %d alerts, want one", n)
	}
	a := (<-s.keeper.objects).(*record.Alert)
	if a.Scheme != "trunk" || a.Level != "critical" || a.Calls != 1 || a.Reasons[0].Rule != reconcile.UsedElsewhere {
		t.Errorf("got %+v", a)
	}
	if want := noon.Add(30 * time.Minute).Unix(); f.newest.Load() != want {
		t.Errorf("the feed reaches to %d, want %d", f.newest.Load(), want)
	}

	write("what is this\n")
	os.Rename(name, name+"2")
	for range 3 {
		f.look()
	}
	if f.faulty.Load() != 1 || len(s.keeper.objects) != 0 {
		t.Errorf("a file that is no bill: %d faulty, %d alerts; want one and none", f.faulty.Load(), len(s.keeper.objects))
	}
	again, err := newBillFolder(s) // after a restart
	if err != nil {
		t.Fatal(err)
	}
	write(bill + "2026-03-06 13:30:00,204,0022710000012,600,ANSWERED\n")
	for range 3 {
		again.look()
	}
	if len(s.keeper.objects) != 0 && len(again.known) != 2 {
		t.Error("after a restart the same bill was read again")
	}
}

// TestWatched: a loss of frames ends a period, and begins another.
func TestWatched(t *testing.T) {
	var w watched
	for i, lost := range []uint64{0, 0, 0, 5, 5, 5} {
		w.note(noon.Add(time.Duration(i)*time.Second), lost)
	}
	want := []reconcile.Period{{From: noon, Until: noon.Add(2 * time.Second)}, {From: noon.Add(3 * time.Second), Until: noon.Add(5 * time.Second)}}
	if len(w.periods) != 2 || w.periods[0] != want[0] || w.periods[1] != want[1] {
		t.Errorf("got %v, want %v", w.periods, want)
	}
	for i := range 2 * maxPeriods {
		w.note(noon.Add(time.Hour), uint64(10+i))
	}
	if len(w.periods) != maxPeriods {
		t.Errorf("got %d periods, want at most %d", len(w.periods), maxPeriods)
	}
}
