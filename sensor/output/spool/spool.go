package spool

import (
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"os"
	"sync"
	"time"

	"tollwatch/sensor/sqlite"
)

// Class tells what may go from what may not.
type Class uint8

// Alerts are given out newest first and never make room; metrics oldest first.
const (
	Alerts Class = iota + 1
	Metrics
)

// Classes are all there are.
var Classes = [...]Class{Alerts, Metrics}

// String is also the name of the class's table.
func (c Class) String() string { return [...]string{"", "alerts", "metrics"}[c] }

// Limits are the caps.
type Limits struct {
	Bytes int64         // of all batches, compressed; what alerts need is taken from metrics
	Age   time.Duration // of metrics, by what passes while a sensor runs (clock.go)
}

// layout of the file. The library sorts the pragmas by their text; the comment is
// why the locking mode comes first, and it has to: only then is there no file of
// shared memory, which cannot be made on a full disk. A small WAL is one that a
// full disk has room for. Of strict tables the check of the file sees when a bit has
// made a number of something else.
var layout = sqlite.Layout{
	First:   []string{"auto_vacuum(INCREMENTAL)"},
	Pragmas: []string{"/* first */ locking_mode(EXCLUSIVE)", "synchronous(FULL)", "wal_autocheckpoint(256)"},
	Version: 1,
	Schema: `
CREATE TABLE IF NOT EXISTS alerts (id INTEGER PRIMARY KEY, time INTEGER NOT NULL, lines INTEGER NOT NULL,
	raw INTEGER NOT NULL, size INTEGER NOT NULL, data BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS metrics (id INTEGER PRIMARY KEY, time INTEGER NOT NULL, lines INTEGER NOT NULL,
	raw INTEGER NOT NULL, size INTEGER NOT NULL, data BLOB NOT NULL) STRICT;
`,
}

// reopenEvery is how often a file that cannot be had is tried again.
const reopenEvery = 5 * time.Second

// Spool is one file. Its methods may be called from several goroutines; those
// that need the disk wait for each other.
type Spool struct {
	path   string
	limits Limits

	disk    sync.Mutex // guards the four that follow, and is held while the disk works
	db      *sql.DB    // nil: not open
	again   time.Time  // when it may be tried again
	full    bool       // the disk is, until the ballast can be laid
	ballast ballast

	mu      sync.Mutex // guards the rest, never while the disk works
	shelves [3]shelf   // by class
	clock   clock      // of all times here
	opened  bool       // once: what was found is known
	trouble error
	damage  error // the last one
}

// shelf is what is known of a class.
type shelf struct {
	batches, points int
	waiting, onDisk int64 // bytes; what is acknowledged stays on disk until it is deleted
	oldest          time.Time
	last            int64         // the highest number given
	out             map[int64]row // given out, not acknowledged
	acknowledged    map[int64]row // not deleted yet
	counters        Counters
}

type row struct {
	lines int
	size  int64
}

// Counters counts points of a class since the process began.
type Counters struct {
	Found   uint64 // by the first opening, of an earlier process
	Evicted uint64 // went because the spool was full or they were too old
	Lost    uint64 // went with a damaged file
}

// Figures is what waits of a class. Oldest is zero when nothing does.
type Figures struct {
	Batches, Points int
	Bytes           int64
	Oldest          time.Time
	Counters
}

// New is inert: whoever asks first opens the file.
func New(path string, limits Limits) *Spool {
	s := &Spool{path: path, limits: limits, ballast: ballast{path: path + ".ballast"}}
	for _, c := range Classes {
		s.shelves[c].out, s.shelves[c].acknowledged = map[int64]row{}, map[int64]row{}
	}
	return s
}

// Figures never waits for the disk.
func (s *Spool) Figures(c Class) Figures {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := &s.shelves[c]
	return Figures{h.batches, h.points, h.waiting, s.clock.onTheMachines(h.oldest), h.counters}
}

// Trouble is why the disk does not take batches now, and the damage that was
// repaired last; it never waits for the disk.
func (s *Spool) Trouble() (now, damage error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.trouble, s.damage
}

// note keeps what the disk said last.
func (s *Spool) note(err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trouble = err
	return err
}

var errAgain = errors.New("the spool will be tried again in a moment")

// open makes sure that there is a file; the caller holds the disk.
func (s *Spool) open() error {
	if s.db != nil {
		return nil
	}
	if time.Now().Before(s.again) {
		return errAgain
	}
	err := s.openFile()
	if err == nil {
		s.ballast.lay() // without it a full disk is harder, no more
		return nil
	}
	s.again = time.Now().Add(reopenEvery)
	return s.note(fmt.Errorf("open %s: %w", s.path, err))
}

func (s *Spool) openFile() (err error) {
	if err := s.resume(); err != nil || s.db != nil {
		return err
	}
	s.db, err = openOwn(s.path)
	if sqlite.Full(err) && s.ballast.give() {
		s.db, err = openOwn(s.path)
	}
	if sqlite.Damaged(err) {
		return s.repair(err)
	}
	if err != nil {
		s.db = nil
		return err
	}
	if err := s.takeStock(); err != nil {
		return s.shut(err)
	}
	return nil
}

// openOwn opens a file that is its owner's alone. It has to be that before SQLite
// sees it, which gives the journal the rights of the file.
func openOwn(path string) (*sql.DB, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	return sqlite.Open(path, layout)
}

// shut gives the file up after an error that the next opening may mend.
func (s *Spool) shut(err error) error {
	if s.db != nil {
		s.db.Close()
	}
	s.db, s.again = nil, time.Now().Add(reopenEvery)
	return err
}

// takeStock counts what the file holds, after it was opened or repaired. What is
// out stays so even if it is not there any more: somebody is sending it.
func (s *Spool) takeStock() error {
	for _, c := range Classes {
		if err := s.count(c); err != nil {
			return err
		}
	}
	latest, err := s.latest()
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.opened {
		s.clock.begin(latest, s.limits.Age)
		for _, c := range Classes {
			s.shelves[c].counters.Found = uint64(s.shelves[c].points)
		}
	}
	s.opened, s.trouble = true, nil
	return nil
}

// latest is when the latest batch came; zero where there is none.
func (s *Spool) latest() (at time.Time, err error) {
	for _, c := range Classes {
		e := s.each("SELECT id, time, 0 FROM "+c.String()+" ORDER BY id DESC LIMIT 1", func(_, when, _ int64) bool {
			if t := time.Unix(0, when); t.After(at) {
				at = t
			}
			return true
		})
		err = errors.Join(err, e)
	}
	return at, err
}

func (s *Spool) count(c Class) error {
	s.mu.Lock()
	before := s.shelves[c]
	before.out, before.acknowledged = maps.Clone(before.out), maps.Clone(before.acknowledged)
	s.mu.Unlock()
	now := shelf{last: before.last, out: map[int64]row{}, acknowledged: map[int64]row{}}
	err := s.each("SELECT id, lines, size FROM "+c.String()+" ORDER BY id", func(id, lines, size int64) bool {
		r := row{int(lines), size}
		now.last, now.onDisk = max(now.last, id), now.onDisk+size
		if _, done := before.acknowledged[id]; done {
			now.acknowledged[id] = r
			return true
		}
		if _, out := before.out[id]; out {
			now.out[id] = r
		}
		now.batches, now.points, now.waiting = now.batches+1, now.points+r.lines, now.waiting+size
		return true
	})
	if err != nil {
		return err
	}
	for id, r := range before.out {
		if _, there := now.out[id]; !there {
			now.out[id] = row{lines: r.lines}
			now.batches, now.points = now.batches+1, now.points+r.lines
		}
	}
	s.mu.Lock()
	s.shelves[c].replace(now)
	s.mu.Unlock()
	s.findOldest(c)
	return nil
}

// replace takes what was counted on the disk, but for what became of batches
// that were out meanwhile.
func (h *shelf) replace(now shelf) {
	now.counters = h.counters
	for id, r := range now.out {
		if _, still := h.out[id]; still {
			continue
		}
		delete(now.out, id)
		if _, done := h.acknowledged[id]; done {
			now.leave(id, r)
		}
	}
	*h = now
}

// findOldest is called when the oldest batch may have gone.
func (s *Spool) findOldest(c Class) {
	at := time.Time{}
	s.each("SELECT id, time, 0 FROM "+c.String()+" ORDER BY id", func(id, when, _ int64) bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		if _, gone := s.shelves[c].acknowledged[id]; gone {
			return true
		}
		at = time.Unix(0, when)
		return false
	})
	s.mu.Lock()
	s.shelves[c].oldest = at
	s.mu.Unlock()
}

// each calls f with the numbers of each row of a query, until f is false.
func (s *Spool) each(query string, f func(a, b, c int64) bool, args ...any) error {
	rows, err := s.db.Query(query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var a, b, c int64
		if err := rows.Scan(&a, &b, &c); err != nil {
			return err
		}
		if !f(a, b, c) {
			return nil
		}
	}
	return rows.Err()
}

// Close deletes what is acknowledged and closes the file; it may be opened again.
func (s *Spool) Close() error {
	var errs []error
	for _, c := range Classes {
		errs = append(errs, s.Sweep(c))
	}
	s.disk.Lock()
	defer s.disk.Unlock()
	if s.db != nil {
		errs = append(errs, s.db.Close())
	}
	s.db = nil
	return errors.Join(errs...)
}
