package store

import (
	"errors"
	"time"
)

// Row is a call: the columns that are searched, and the object of the NDJSON
// contract as bytes. The same ID with the same Start replaces what was there.
type Row struct {
	ID         string // Call-ID of the leg
	Group      string // shared by the legs of one call
	Start, End time.Time
	Direction  string
	Extension  string
	Trunk      string
	Number     string // E.164 with +, or as dialled
	Country    string
	Class      string
	State      string
	Score      float64
	Cost       float64 // euro
	JSON       []byte
}

// StreamRow is a media stream.
type StreamRow struct {
	Group, CallID string
	SSRC          uint32
	Src, Dst      string
	Start         time.Time
	JSON          []byte
}

// RegistrationRow is a change of a binding.
type RegistrationRow struct {
	AoR, Contact, Event string
	Time                time.Time
	JSON                []byte
}

// AlertRow is a change of an incident.
type AlertRow struct {
	Incident, Event, Level, Scheme, Extension, Trunk string
	Time                                             time.Time
	JSON                                             []byte
	Decision                                         []byte // JSON of what the score was made from; nil: none
}

var errReadOnly = errors.New("write to the store: it is open for reading only")

// PutCall keeps a call with the next commit. The JSON is copied.
func (s *Store) PutCall(r Row) error {
	return s.collect("calls", &s.counters.Calls, `INSERT OR REPLACE INTO calls
		(id, grp, start, end, direction, extension, trunk, number, country, class, state, score, cost, json)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.ID, r.Group, nanos(r.Start), nanos(r.End), r.Direction, r.Extension, r.Trunk, r.Number,
		r.Country, r.Class, r.State, r.Score, r.Cost, r.JSON)
}

// PutStream keeps a stream with the next commit.
func (s *Store) PutStream(r StreamRow) error {
	return s.collect("streams", &s.counters.Streams, `INSERT OR REPLACE INTO streams
		(grp, call, ssrc, src, dst, start, json) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		r.Group, r.CallID, r.SSRC, r.Src, r.Dst, nanos(r.Start), r.JSON)
}

// PutRegistration keeps a registration with the next commit.
func (s *Store) PutRegistration(r RegistrationRow) error {
	return s.collect("registrations", &s.counters.Registrations, `INSERT OR REPLACE INTO registrations
		(aor, contact, event, time, json) VALUES (?, ?, ?, ?, ?)`,
		r.AoR, r.Contact, r.Event, nanos(r.Time), r.JSON)
}

// collect puts a row into the transaction of calls.db.
func (s *Store) collect(table string, counter *uint64, insert string, values ...any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.calls == nil {
		return errReadOnly
	}
	if err := s.put(s.calls, table, insert, values...); err != nil {
		return err
	}
	*counter++
	if s.calls.pending < maxPending {
		return nil
	}
	return s.settle(s.calls)
}

// PutAlert keeps an alert; when it returns, the alert is on disk.
func (s *Store) PutAlert(r AlertRow) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.alerts == nil {
		return errReadOnly
	}
	err := s.put(s.alerts, "alerts", `INSERT OR REPLACE INTO alerts
		(incident, event, time, level, scheme, extension, trunk, json, decision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.Incident, r.Event, nanos(r.Time), r.Level, r.Scheme, r.Extension, r.Trunk, r.JSON, r.Decision)
	if err != nil {
		return err
	}
	s.counters.Alerts++
	return s.settle(s.alerts)
}

// put books a row that could not be written, and those that it took along.
func (s *Store) put(w *writer, table, insert string, values ...any) error {
	pending := w.pending
	err := w.put(table, insert, values...)
	if err != nil {
		s.counters.Lost += uint64(pending) + 1
	}
	return err
}

// LoadState is what was saved and committed last; nil when nothing was.
func (s *Store) LoadState(name string) ([]byte, error) {
	for data, err := range query(s.callsRead, "SELECT data FROM state WHERE name = ?", name) {
		return data, err
	}
	return nil, nil
}

// nanos of a time that is not known are 0.
func nanos(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}
