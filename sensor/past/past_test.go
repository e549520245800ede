package past

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tollwatch/detect"
	"tollwatch/sensor/cdr"
)

var now = time.Date(2026, 3, 6, 12, 0, 0, 0, time.UTC)

func engine(t *testing.T) *detect.Engine {
	t.Helper()
	e, err := detect.New(detect.Config{Site: "past"})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// month is a call a day to London, unsorted.
func month() (records []cdr.Record) {
	for day := range 30 {
		records = append(records, cdr.Record{Start: now.AddDate(0, 0, -1-(day*7)%30), Duration: time.Minute, Answered: true, Extension: "204", Number: "00442079460123"})
	}
	return records
}

// TestATimeThatCannotBe: a record of the future, or of long ago, would move the
// engine's days, which never come back.
func TestATimeThatCannotBe(t *testing.T) {
	want, got := engine(t), engine(t)
	Teach(want, month(), now)
	odd := month()
	odd = append(odd, odd[3], odd[4], odd[5])
	odd[30].Start, odd[31].Start, odd[32].Start = now.AddDate(73, 0, 0), now.AddDate(0, 0, 2), now.AddDate(-10, 0, 0)
	l := Teach(got, odd, now)
	if l.Left != 3 || l.Calls != 30 || !l.Last.Before(now) {
		t.Errorf("got %d left out and %d learned until %s, want 3 and 30", l.Left, l.Calls, l.Last)
	}
	if !bytes.Equal(got.AppendState(nil), want.AppendState(nil)) {
		t.Error("they changed what was learned")
	}
}

// TestOnlyCallsThatGoOut teach.
func TestOnlyCallsThatGoOut(t *testing.T) {
	records := month()
	for i := range records {
		records[i].Direction = []cdr.Direction{cdr.Inbound, cdr.Internal}[i%2]
	}
	if l := Teach(engine(t), records, now); l.Calls != 0 {
		t.Errorf("got %d calls", l.Calls)
	}
}

// TestFaultsAreBounded: of a file that is all wrong, the first rows are told, each
// with its line, and the others counted; what is told does not grow with the rows.
func TestFaultsAreBounded(t *testing.T) {
	name := filepath.Join(t.TempDir(), "f.csv")
	const rows = maxFaults + 1000
	if err := os.WriteFile(name, []byte("calldate,dst,billsec\n"+strings.Repeat(strings.Repeat("x", 500)+",y,z\n", rows)), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Read(name, cdr.Options{})
	if err != nil || f.Unread != rows || len(f.Faults) != maxFaults {
		t.Fatalf("got %d faults of %d, %v, want %d of %d", len(f.Faults), f.Unread, err, maxFaults, rows)
	}
	for i, fault := range f.Faults {
		if fault.Line != i+2 || len(fault.Text) > 200 {
			t.Fatalf("fault %d: got line %d and %d bytes of text, want line %d and at most 200", i, fault.Line, len(fault.Text), i+2)
		}
	}
}

// TestSeal: what was learned comes back whole, or not at all.
func TestSeal(t *testing.T) {
	b, err := Seal("lyon", now, []byte("what was learned"))
	if err != nil || !Sealed(b) {
		t.Fatal(err)
	}
	e, err := Open(b)
	if err != nil || e.Site != "lyon" || string(e.Learned) != "what was learned" || !e.Saved.Equal(now) {
		t.Errorf("got %+v, %v", e, err)
	}
	for _, bad := range []string{"", "{}", `{"type":"other"}`, strings.Replace(string(b), `"learned": "d`, `"learned": "e`, 1)} {
		if _, err := Open([]byte(bad)); err == nil {
			t.Errorf("%.40q was taken", bad)
		}
	}
}
