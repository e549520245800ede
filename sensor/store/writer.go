package store

import (
	"database/sql"
	"errors"
	"fmt"

	"tollwatch/sensor/sqlite"
)

// writer holds the one writing connection of a file and the transaction that
// collects puts.
type writer struct {
	db      *sql.DB
	tx      *sql.Tx              // nil when nothing is pending
	pending int                  // rows put in tx
	inserts map[string]*sql.Stmt // of tx, by table
}

// maxPending is how many rows a transaction collects at most: a caller that
// never commits, a replay, loses no more than these in a crash.
const maxPending = 2000

func newWriter(path string, f file) (*writer, error) {
	db, err := sqlite.Open(path, f.Layout)
	if err != nil {
		return nil, err
	}
	return &writer{db: db, inserts: map[string]*sql.Stmt{}}, nil
}

// put executes a table's insert within the transaction. After an error the
// transaction is gone, with what it held.
func (w *writer) put(table, insert string, values ...any) error {
	stmt, err := w.prepare(table, insert)
	if err == nil {
		_, err = stmt.Exec(values...)
	}
	if err != nil {
		w.abandon()
		return fmt.Errorf("write to the store: %w", err)
	}
	w.pending++
	return nil
}

// prepare begins a transaction if there is none; each table has one insert.
func (w *writer) prepare(table, insert string) (stmt *sql.Stmt, err error) {
	if w.tx == nil {
		if w.tx, err = w.db.Begin(); err != nil {
			return nil, err
		}
	}
	if stmt = w.inserts[table]; stmt != nil {
		return stmt, nil
	}
	stmt, err = w.tx.Prepare(insert)
	if err == nil {
		w.inserts[table] = stmt
	}
	return stmt, err
}

// abandon ends the transaction; after a commit there is nothing to roll back.
func (w *writer) abandon() {
	if w.tx != nil {
		w.tx.Rollback()
	}
	w.tx, w.pending = nil, 0
	clear(w.inserts)
}

// commit ends the transaction, after the tables that grew were cut to their
// limits. It returns how many rows that cost.
func (w *writer) commit(limits Limits) (evicted int64, err error) {
	if w.tx == nil {
		return 0, nil
	}
	defer w.abandon()
	for table := range w.inserts {
		n, cut := w.cut(table, limits.of(table))
		evicted, err = evicted+n, errors.Join(err, cut)
	}
	if err == nil {
		err = w.tx.Commit()
	}
	if err != nil {
		return 0, fmt.Errorf("commit to the store: %w", err)
	}
	return evicted, nil
}

func (w *writer) cut(table string, limit int64) (int64, error) {
	if limit <= 0 {
		return 0, nil
	}
	r, err := w.tx.Exec("DELETE FROM "+table+" WHERE row <= (SELECT max(row) FROM "+table+") - ?", limit)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

func (w *writer) close() error { return w.db.Close() }

func (l Limits) of(table string) int64 {
	switch table {
	case "calls":
		return l.Calls
	case "streams":
		return l.Streams
	case "registrations":
		return l.Registrations
	case "alerts":
		return l.Alerts
	}
	return 0 // state: its names are few and ours
}
