package sqlite

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var layout = Layout{Pragmas: []string{"synchronous(FULL)"}, Version: 2,
	Schema: "CREATE TABLE IF NOT EXISTS a (x INTEGER);", Upgrade: "ALTER TABLE a ADD COLUMN y INTEGER;"}

func TestAnOlderLayoutIsBroughtUpToDate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a?b#c.db") // a name that is no URL
	first := layout
	first.Version = 1
	db, err := Open(path, first)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("INSERT INTO a VALUES (1)"); err != nil {
		t.Fatal(err)
	}
	db.Close()
	if db, err = Open(path, layout); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("UPDATE a SET y = x + 1"); err != nil {
		t.Fatal(err)
	}
	db.Close()
	reader, err := OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	var y int
	if err := reader.QueryRow("SELECT y FROM a").Scan(&y); err != nil || y != 2 {
		t.Errorf("got %d, %v, want the row of the older layout with 2", y, err)
	}
	if _, err := reader.Exec("DELETE FROM a"); err == nil {
		t.Error("a reader could delete")
	}
	if _, err := Open(path, first); err == nil || Damaged(err) || !strings.Contains(err.Error(), "newer tollwatch") {
		t.Errorf("got %v of a file of a newer layout", err)
	}
}

func TestDamagedIsNotUnreachable(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("no database ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path, layout); !Damaged(err) {
		t.Errorf("got %v of a file that is no database, want that it is damaged", err)
	}
	if _, err := Open(filepath.Join(dir, "absent", "a.db"), layout); err == nil || Damaged(err) {
		t.Errorf("got %v of a folder that is not there, want that it cannot be had", err)
	}
	if Damaged(nil) || Damaged(errors.New("x")) {
		t.Error("other errors are no damage")
	}
}

// TestTheJournalGoesAside: of two files moved aside one after the other, the
// second does not get the first one's journal.
func TestTheJournalGoesAside(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	write := func(name, text string) {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(path, "first")
	write(path+"-wal", "first's")
	if err := MoveAside(path); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(path + Aside + "-wal"); err != nil || string(b) != "first's" {
		t.Errorf("got the journal %q, %v", b, err)
	}
	write(path, "second")
	if err := MoveAside(path); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path + Aside + "-wal"); err == nil {
		t.Error("the second file has the first one's journal")
	}
	if b, err := os.ReadFile(path + Aside); err != nil || string(b) != "second" {
		t.Errorf("got %q, %v, want the second file", b, err)
	}
}
