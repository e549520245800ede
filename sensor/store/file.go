package store

import "tollwatch/sensor/sqlite"

// file is one of the two databases.
type file struct {
	name string
	sqlite.Layout
}

// Of SQLite: normal may lose the last commits in a power cut, full none.
var (
	normal = []string{"synchronous(NORMAL)"}
	full   = []string{"synchronous(FULL)"}
)

// schemaVersion is raised with every change of a table. 2: alerts have their decision.
const schemaVersion = 2

// Times are nanoseconds since 1970. The number of a row only grows, so that
// the oldest rows are those with the smallest.
var callsFile = file{"calls.db", sqlite.Layout{Pragmas: normal, Version: schemaVersion, Schema: `
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
`}}

var alertsFile = file{"alerts.db", sqlite.Layout{Pragmas: full, Version: schemaVersion, Schema: `
CREATE TABLE IF NOT EXISTS alerts (row INTEGER PRIMARY KEY AUTOINCREMENT,
	incident TEXT, event TEXT, time INTEGER, level TEXT, scheme TEXT, extension TEXT, trunk TEXT, json BLOB,
	decision BLOB, UNIQUE (incident, time, event));
CREATE INDEX IF NOT EXISTS alerts_time ON alerts (time);
`, Upgrade: "ALTER TABLE alerts ADD COLUMN decision BLOB;"}}
