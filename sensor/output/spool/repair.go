package spool

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"tollwatch/sensor/sqlite"
)

func parent(path string) string { return filepath.Dir(path) }

// building is appended to the name of the file that a repair makes. While it is
// there, the repair is not done.
const building = ".new"

var errInterrupted = errors.New("a repair was interrupted")

// repair moves the damaged file aside, begins a new one, and puts into it what can
// be read of the old one. The numbers stay: some batches may be out. A process that
// ends in the middle leaves it to the next.
func (s *Spool) repair(why error) error {
	if s.db != nil {
		s.db.Close()
		s.db = nil
	}
	db, err := openOwn(s.path + building)
	if err != nil {
		return err
	}
	db.Close()
	if err := sqlite.MoveAside(s.path); err != nil {
		return err
	}
	return s.rebuild(why)
}

// resume goes on with a repair that was interrupted, if one was.
func (s *Spool) resume() error {
	if _, err := os.Stat(s.path + building); err != nil {
		return nil
	}
	if _, err := os.Stat(s.path); err == nil {
		return removeAll(s.path + building) // it had hardly begun
	}
	err := os.Rename(s.path+"-wal", s.path+sqlite.Aside+"-wal")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return s.rebuild(errInterrupted)
}

// rebuild makes a new file out of the one that was moved aside, and puts it in its
// place once it is whole and on disk.
func (s *Spool) rebuild(why error) error {
	before := s.points()
	saved, err := s.build()
	if err == nil {
		err = os.Rename(s.path+building, s.path)
	}
	if err == nil {
		s.db, err = openOwn(s.path)
	}
	if err != nil {
		return err
	}
	s.mu.Lock()
	known := s.opened
	s.damage = fmt.Errorf("%s was damaged and is now %s: begun anew with %d points of it: %w", s.path, s.path+sqlite.Aside, saved, why)
	s.mu.Unlock()
	if err := s.takeStock(); err != nil {
		return s.shut(err)
	}
	if known {
		s.countLost(before)
	}
	return nil
}

// build is not synced row by row: until it is done nobody counts on it.
func (s *Spool) build() (saved int, err error) {
	path := s.path + building
	if err := removeAll(path); err != nil {
		return 0, err
	}
	db, err := openOwn(path)
	if err != nil {
		return 0, err
	}
	if _, err := db.Exec("PRAGMA synchronous = OFF"); err != nil {
		return 0, errors.Join(err, db.Close())
	}
	if old, err := sqlite.OpenDamaged(s.path + sqlite.Aside); err == nil {
		for _, c := range Classes {
			saved += s.salvage(old, db, c)
		}
		old.Close()
	}
	if err := db.Close(); err != nil {
		return saved, err
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return saved, err
	}
	return saved, errors.Join(f.Sync(), f.Close())
}

// removeAll removes a file with its journal.
func removeAll(path string) error {
	for _, part := range []string{"", "-wal", "-journal"} {
		if err := os.Remove(path + part); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func (s *Spool) points() (n [3]int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range Classes {
		n[c] = s.shelves[c].points
	}
	return n
}

// countLost compares what waits with what waited before.
func (s *Spool) countLost(before [3]int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range Classes {
		if h := &s.shelves[c]; h.points < before[c] {
			h.counters.Lost += uint64(before[c] - h.points)
		}
	}
}

// How many numbers in a row are tried that cannot be read, before a row was found
// and after that: rows lie in pages of some dozen, and begin at a high number where
// the spool is old.
const (
	missesBefore = 1_000_000
	missesAfter  = 10_000
)

// salvage copies the rows of a class that can be read. Where the damage is, it
// goes on number by number, until one is in the next page that is whole.
func (s *Spool) salvage(old, db *sql.DB, c Class) (points int) {
	misses, limit := 0, missesBefore
	for from := int64(0); misses < limit; from++ {
		last, n, done := s.walk(old, db, c, from)
		if done {
			return points + n
		}
		misses++
		if last > from {
			from, misses, limit = last-1, 0, missesAfter
		}
		points += n
	}
	return points
}

// walk copies rows beyond a number until the damage, and returns the last number
// and how many points that were. done says that there was no damage.
func (s *Spool) walk(old, db *sql.DB, c Class, from int64) (last int64, points int, done bool) {
	rows, err := old.Query("SELECT id, time, lines, raw, data FROM "+c.String()+" WHERE id > ? ORDER BY id", from)
	if err != nil {
		return from, 0, false
	}
	defer rows.Close()
	last = from
	for rows.Next() {
		var id, at int64
		var b batch
		if err := rows.Scan(&id, &at, &b.lines, &b.raw, &b.data); err != nil {
			return last, points, false
		}
		last = id
		if s.keep(db, c, id, at, b) {
			points += b.lines
		}
	}
	return last, points, rows.Err() == nil
}

// keep puts a row into the new file, if its content is whole. What is acknowledged
// is not wanted any more.
func (s *Spool) keep(db *sql.DB, c Class, id, at int64, b batch) bool {
	s.mu.Lock()
	_, done := s.shelves[c].acknowledged[id]
	s.mu.Unlock()
	if done {
		return false
	}
	if text, err := unpack(b.data); err != nil || bytes.Count(text, newline) != b.lines {
		return false
	}
	r, err := db.Exec("INSERT OR IGNORE INTO "+c.String()+" (id, time, lines, raw, size, data) VALUES (?, ?, ?, ?, ?, ?)", id, at, b.lines, b.raw, b.size(), b.data)
	if err != nil {
		return false
	}
	n, err := r.RowsAffected()
	return err == nil && n == 1
}
