package store

import (
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"time"
)

// Filter chooses rows. What is zero does not restrict.
type Filter struct {
	Since, Until time.Time // Since ≤ start (or time) < Until
	Extension    string    // calls and alerts
	Trunk        string    // calls and alerts
	Number       string    // calls: the number or how it begins
	Group        string    // calls and streams
	Incident     string    // alerts
	Limit        int       // rows; 0: all
}

// Calls gives the JSON of calls, newest start first.
func (s *Store) Calls(f Filter) iter.Seq2[[]byte, error] {
	c := f.conditions("start")
	c.equal("extension", f.Extension)
	c.equal("trunk", f.Trunk)
	c.equal("grp", f.Group)
	if f.Number != "" {
		c.add("number >= ? AND number < ?", f.Number, f.Number+"\U0010ffff")
	}
	return query(s.callsRead, "SELECT json FROM calls"+c.where+" ORDER BY start DESC, row DESC"+f.limit(), c.values...)
}

// WholeSince is the time from which on every call that ended is still kept; zero
// when none had to make room yet.
func (s *Store) WholeSince() (time.Time, error) {
	limit := s.limits.Calls
	if limit <= 0 {
		limit = DefaultLimits().Calls
	}
	var end int64
	err := s.callsRead.QueryRow("SELECT end FROM calls WHERE (SELECT max(row) FROM calls) > ? ORDER BY row LIMIT 1", limit).Scan(&end)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("read the store: %w", err)
	}
	return time.Unix(0, end), nil
}

// Streams gives the JSON of streams, newest start first.
func (s *Store) Streams(f Filter) iter.Seq2[[]byte, error] {
	c := f.conditions("start")
	c.equal("grp", f.Group)
	return query(s.callsRead, "SELECT json FROM streams"+c.where+" ORDER BY start DESC, row DESC"+f.limit(), c.values...)
}

// Registrations gives the JSON of registrations, newest first.
func (s *Store) Registrations(f Filter) iter.Seq2[[]byte, error] {
	c := f.conditions("time")
	return query(s.callsRead, "SELECT json FROM registrations"+c.where+" ORDER BY time DESC, row DESC"+f.limit(), c.values...)
}

// Alerts gives the JSON of alerts, newest first.
func (s *Store) Alerts(f Filter) iter.Seq2[[]byte, error] {
	c := f.alertConditions()
	return query(s.alertsRead, "SELECT json FROM alerts"+c.where+" ORDER BY time DESC, row DESC"+f.limit(), c.values...)
}

// Incidents gives the JSON of the latest alert of each incident, newest first.
// The times restrict that latest alert.
func (s *Store) Incidents(f Filter) iter.Seq2[[]byte, error] {
	c := f.alertConditions()
	latest := "SELECT * FROM alerts WHERE row IN (SELECT max(row) FROM alerts GROUP BY incident)"
	return query(s.alertsRead, "SELECT json FROM ("+latest+")"+c.where+" ORDER BY time DESC, row DESC"+f.limit(), c.values...)
}

// Decisions gives the JSON of what the scores of an incident's alerts were made
// from, the earliest first; nothing for alerts that were kept without.
func (s *Store) Decisions(incident string) iter.Seq2[[]byte, error] {
	for _, err := range query(s.alertsRead, "SELECT name FROM pragma_table_info('alerts') WHERE name = 'decision'") {
		if err != nil {
			return func(yield func([]byte, error) bool) { yield(nil, err) }
		}
		return query(s.alertsRead, "SELECT decision FROM alerts WHERE incident = ? AND decision IS NOT NULL ORDER BY time, row", incident)
	}
	return func(func([]byte, error) bool) {} // of an older layout, and no sensor has opened it since
}

func (f Filter) alertConditions() conditions {
	c := f.conditions("time")
	c.equal("extension", f.Extension)
	c.equal("trunk", f.Trunk)
	c.equal("incident", f.Incident)
	return c
}

func (f Filter) conditions(clock string) conditions {
	var c conditions
	if !f.Since.IsZero() {
		c.add(clock+" >= ?", nanos(f.Since))
	}
	if !f.Until.IsZero() {
		c.add(clock+" < ?", nanos(f.Until))
	}
	return c
}

func (f Filter) limit() string {
	if f.Limit <= 0 {
		return ""
	}
	return fmt.Sprintf(" LIMIT %d", f.Limit)
}

// conditions is a WHERE clause with its values.
type conditions struct {
	where  string
	values []any
}

func (c *conditions) add(condition string, values ...any) {
	joint := " AND "
	if c.where == "" {
		joint = " WHERE "
	}
	c.where += joint + condition
	c.values = append(c.values, values...)
}

func (c *conditions) equal(column, value string) {
	if value != "" {
		c.add(column+" = ?", value)
	}
}

// query gives the first column of each row; an error ends it. The bytes are
// the caller's.
func query(db *sql.DB, text string, values ...any) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		rows, err := db.Query(text, values...)
		if err != nil {
			yield(nil, fmt.Errorf("read the store: %w", err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			var b []byte
			if err := rows.Scan(&b); err != nil {
				yield(nil, fmt.Errorf("read the store: %w", err))
				return
			}
			if !yield(b, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(nil, fmt.Errorf("read the store: %w", err))
		}
	}
}
