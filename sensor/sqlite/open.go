package sqlite

import (
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"

	_ "modernc.org/sqlite" // the driver
)

// Layout is what a file holds.
type Layout struct {
	First   []string // pragmas of a new file, before anything is in it
	Pragmas []string // of the writing connection, as "synchronous(FULL)"; the journal is always a WAL
	Version int      // raised with every change of a table
	Schema  string   // makes what is not there yet
	Upgrade string   // of version 1, after Schema
}

// dsn names a file to the driver, whatever its path holds.
func dsn(path string, pragmas ...string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	q := url.Values{"_pragma": append([]string{"busy_timeout(5000)"}, pragmas...), "_txlock": {"immediate"}}
	return (&url.URL{Scheme: "file", Path: abs, RawQuery: q.Encode()}).String(), nil
}

// Open opens a file for its one writer, checks the whole of it and lays its
// tables down. To open a file of this layout nothing is written: a full disk is no
// hindrance.
func Open(path string, l Layout) (*sql.DB, error) {
	pragmas := append(slices.Clone(l.Pragmas), "journal_mode(WAL)")
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		pragmas = append(pragmas, l.First...)
	}
	name, err := dsn(path, pragmas...)
	if err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", name)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // one writer
	if err := prepare(db, filepath.Base(path), l); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// OpenReader opens a file for queries, also while its writer is at work.
func OpenReader(path string) (*sql.DB, error) {
	name, err := dsn(path, "query_only(1)")
	if err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", name+"&mode=ro")
	if err != nil {
		return nil, err
	}
	if err := db.Ping(); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// OpenDamaged opens what was moved aside, for what can be read of it.
func OpenDamaged(path string) (*sql.DB, error) {
	name, err := dsn(path)
	if err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", name)
	if err == nil {
		db.SetMaxOpenConns(1)
	}
	return db, err
}

func prepare(db *sql.DB, name string, l Layout) error {
	var check string
	if err := db.QueryRow("PRAGMA quick_check(1)").Scan(&check); err != nil {
		return err
	}
	if check != "ok" {
		return fmt.Errorf("%w: %s", errDamaged, check)
	}
	var version int
	if err := db.QueryRow("PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	if version > l.Version {
		return fmt.Errorf("%s was written by a newer tollwatch (layout %d, this one knows %d)", name, version, l.Version)
	}
	if version == l.Version {
		return nil
	}
	return layDown(db, l, version)
}

// layDown makes the tables, or brings those of an older layout up to this one:
// all of it, or nothing in a power cut.
func layDown(db *sql.DB, l Layout, version int) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	text := l.Schema
	if version == 1 && l.Version > 1 {
		text += l.Upgrade
	}
	if _, err := tx.Exec(text + fmt.Sprintf("PRAGMA user_version = %d", l.Version)); err != nil {
		return err
	}
	return tx.Commit()
}
