package store

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// file is one of the two databases.
type file struct {
	name        string
	synchronous string // of SQLite: NORMAL may lose the last commits in a power cut, FULL none
	schema      string
	upgrade     string // of layout 1, after schema
}

// schemaVersion is raised with every change of a table. 2: alerts have their decision.
const schemaVersion = 2

// Times are nanoseconds since 1970. The number of a row only grows, so that
// the oldest rows are those with the smallest.
var callsFile = file{"calls.db", "NORMAL", `
CREATE TABLE IF NOT EXISTS calls (row INTEGER PRIMARY KEY AUTOINCREMENT,
	id TEXT, grp TEXT, start INTEGER, end INTEGER, direction TEXT, extension TEXT, trunk TEXT, number TEXT,
	country TEXT, class TEXT, state TEXT, score REAL, cost REAL, json BLOB, UNIQUE (id, start));
CREATE INDEX IF NOT EXISTS calls_start ON calls (start);
CREATE INDEX IF NOT EXISTS calls_extension ON calls (extension, start);
CREATE INDEX IF NOT EXISTS calls_number ON calls (number, start);
CREATE TABLE IF NOT EXISTS streams (row INTEGER PRIMARY KEY AUTOINCREMENT,
	grp TEXT, call TEXT, ssrc INTEGER, src TEXT, dst TEXT, start INTEGER, json BLOB, UNIQUE (src, dst, ssrc, start));
CREATE INDEX IF NOT EXISTS streams_start ON streams (start);
CREATE INDEX IF NOT EXISTS streams_grp ON streams (grp);
CREATE TABLE IF NOT EXISTS registrations (row INTEGER PRIMARY KEY AUTOINCREMENT,
	aor TEXT, contact TEXT, event TEXT, time INTEGER, json BLOB, UNIQUE (time, aor, contact, event));
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, data BLOB);
`, ""}

var alertsFile = file{"alerts.db", "FULL", `
CREATE TABLE IF NOT EXISTS alerts (row INTEGER PRIMARY KEY AUTOINCREMENT,
	incident TEXT, event TEXT, time INTEGER, level TEXT, scheme TEXT, extension TEXT, trunk TEXT, json BLOB,
	decision BLOB, UNIQUE (incident, time, event));
CREATE INDEX IF NOT EXISTS alerts_time ON alerts (time);
`, "ALTER TABLE alerts ADD COLUMN decision BLOB;"}

// dsn names a file to the driver, whatever its path holds.
func dsn(path string, parameters ...string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	q := url.Values{"_pragma": append([]string{"busy_timeout(5000)"}, parameters...), "_txlock": {"immediate"}}
	return (&url.URL{Scheme: "file", Path: abs, RawQuery: q.Encode()}).String(), nil
}

// openDatabase opens a file for writing, checks the whole of it and lays its
// tables down.
func openDatabase(path string, f file) (*sql.DB, error) {
	name, err := dsn(path, "journal_mode(WAL)", "synchronous("+f.synchronous+")")
	if err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", name)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // one writer
	if err := prepareFile(db, f); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

var errDamaged = errors.New("the check of the file found")

func prepareFile(db *sql.DB, f file) error {
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
	if version > schemaVersion {
		return fmt.Errorf("%s was written by a newer tollwatch (layout %d, this one knows %d)", f.name, version, schemaVersion)
	}
	return layDown(db, f, version)
}

// layDown makes the tables, or brings those of an older layout up to this one:
// all of it, or nothing in a power cut.
func layDown(db *sql.DB, f file, version int) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	text := f.schema
	if version == 1 {
		text += f.upgrade
	}
	if _, err := tx.Exec(text + fmt.Sprintf("PRAGMA user_version = %d", schemaVersion)); err != nil {
		return err
	}
	return tx.Commit()
}

// damaged tells a file that cannot be used from one that cannot be had.
func damaged(err error) bool {
	var e *sqlite.Error
	if errors.As(err, &e) {
		primary := e.Code() & 0xff
		return primary == lib.SQLITE_CORRUPT || primary == lib.SQLITE_NOTADB
	}
	return errors.Is(err, errDamaged)
}

// aside is appended to the name of a damaged file. There is one: a box that
// damages its files again and again must not fill its disk with them.
const aside = ".damaged"

func moveAside(path string) error {
	if err := os.Rename(path, path+aside); err != nil {
		return err
	}
	// The journal goes along: it may hold what the file lacks.
	for _, part := range []string{"-wal", "-shm"} {
		if err := os.Rename(path+part, path+aside+part); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func openReader(dir string, f file) (*sql.DB, error) {
	name, err := dsn(filepath.Join(dir, f.name), "query_only(1)")
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
