package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"tollwatch/sensor/sqlite"
)

// Limits is the most rows that each table keeps.
type Limits struct {
	Calls, Streams, Registrations, Alerts int64
}

// DefaultLimits take about 700 MB of disk when all are reached: two months of
// an office with 3,000 calls a day.
func DefaultLimits() Limits {
	return Limits{Calls: 200_000, Streams: 400_000, Registrations: 100_000, Alerts: 100_000}
}

// Counters is what a store did since it was opened.
type Counters struct {
	Calls, Streams, Registrations, Alerts uint64 // rows put
	Evicted                               uint64 // rows that made room
	Lost                                  uint64 // rows that could not be written
}

// Store is an open folder. Its methods may be called from several goroutines;
// puts are serialised.
type Store struct {
	limits   Limits
	repaired []error
	lock     *os.File // nil when the store is read-only

	callsRead, alertsRead *sql.DB

	states states

	mu       sync.Mutex // guards what follows
	calls    *writer    // nil when the store is read-only
	alerts   *writer
	counters Counters
}

// Open opens the store of a folder, or begins one. What it had to move aside
// is told by Repaired.
func Open(dir string) (*Store, error) { return OpenLimited(dir, DefaultLimits()) }

// OpenLimited is Open with other limits.
func OpenLimited(dir string, limits Limits) (*Store, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("open store %s: %w", dir, err)
	}
	s := &Store{limits: limits, states: states{waiting: map[string][]byte{}}}
	var err error
	if s.lock, err = lock(dir); err != nil {
		return nil, fmt.Errorf("open store %s: %w", dir, err)
	}
	if s.calls, err = s.openWriter(dir, callsFile); err == nil {
		s.alerts, err = s.openWriter(dir, alertsFile)
	}
	if err == nil {
		err = s.openReaders(dir)
	}
	if err != nil {
		s.Close()
		return nil, fmt.Errorf("open store %s: %w", dir, err)
	}
	return s, nil
}

// OpenReadOnly opens a store for queries, also while a sensor writes to it.
func OpenReadOnly(dir string) (*Store, error) {
	for _, f := range []file{callsFile, alertsFile} {
		_, err := os.Stat(filepath.Join(dir, f.name))
		if errors.Is(err, fs.ErrPermission) {
			return nil, fmt.Errorf("open store %s: this user may not read it: ask as the user who runs the sensor: %w", dir, err)
		}
		if err != nil {
			return nil, fmt.Errorf("open store %s: nothing is kept there yet: run the sensor, or replay --store: %w", dir, err)
		}
	}
	s := &Store{}
	if err := s.openReaders(dir); err != nil {
		s.Close()
		return nil, fmt.Errorf("open store %s: %w", dir, err)
	}
	return s, nil
}

func (s *Store) openReaders(dir string) (err error) {
	if s.callsRead, err = sqlite.OpenReader(filepath.Join(dir, callsFile.name)); err != nil {
		return err
	}
	s.alertsRead, err = sqlite.OpenReader(filepath.Join(dir, alertsFile.name))
	return err
}

// openWriter opens a file, and moves it aside when it is damaged.
func (s *Store) openWriter(dir string, f file) (*writer, error) {
	path := filepath.Join(dir, f.name)
	w, err := newWriter(path, f)
	if !sqlite.Damaged(err) {
		return w, err
	}
	if moved := sqlite.MoveAside(path); moved != nil {
		return nil, errors.Join(err, moved)
	}
	s.repaired = append(s.repaired, fmt.Errorf("%s was damaged and is now %s: %w", path, path+sqlite.Aside, err))
	return newWriter(path, f)
}

// Repaired is what Open found damaged and moved aside, for the log.
func (s *Store) Repaired() []error { return s.repaired }

// Run commits calls once a second until ctx ends, and then once more. Errors
// go to report: the rows are counted as lost, and the store goes on.
func (s *Store) Run(ctx context.Context, report func(error)) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			if err := s.Commit(); err != nil {
				report(err)
			}
			return nil
		}
		if err := s.Commit(); err != nil {
			report(err)
		}
	}
}

// Commit makes the puts so far readable and durable.
func (s *Store) Commit() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.calls == nil {
		return nil
	}
	saved := s.states.take()
	err := s.putStates(saved)
	if err == nil {
		err = s.settle(s.calls)
	}
	if err != nil {
		s.states.giveBack(saved)
	}
	return err
}

// settle commits a writer and books what came of it.
func (s *Store) settle(w *writer) error {
	pending := w.pending
	evicted, err := w.commit(s.limits)
	if err != nil {
		s.counters.Lost += uint64(pending)
		return err
	}
	s.counters.Evicted += uint64(evicted)
	return nil
}

// Counters is a snapshot.
func (s *Store) Counters() Counters {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counters
}

// Close commits and closes.
func (s *Store) Close() error {
	err := s.Commit()
	s.states.close()
	for _, db := range []*sql.DB{s.callsRead, s.alertsRead} {
		if db != nil {
			err = errors.Join(err, db.Close())
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range []*writer{s.calls, s.alerts} {
		if w != nil {
			err = errors.Join(err, w.close())
		}
	}
	s.calls, s.alerts = nil, nil
	if s.lock != nil {
		err = errors.Join(err, s.lock.Close())
		s.lock = nil
	}
	return err
}
