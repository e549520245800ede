// Package influx brings points to one InfluxDB, or to what speaks like it: from
// whoever makes them into memory, from there into the spool on disk, and from the
// spool to the server.
//
// It promises that whoever hands it something never waits, neither for a disk nor
// for a server; that a point which has reached the spool arrives, however long the
// server is away and however often the process dies, twice rather than not at
// all; that alerts overtake metrics and do not wait for a line that is dead, for a
// request that hangs, or longer than half a second for a disk; and that every
// point is counted: done, reject, evicted, lost or waiting.
//
// It follows no redirect, believes no answer but 204, and reads from the server
// only for check: who it is, and how long it keeps what it is given.
package influx
