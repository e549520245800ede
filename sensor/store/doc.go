// Package store keeps calls, streams, registrations, alerts and learned state
// on disk, and gives them back as the JSON objects that they came as.
//
// Two SQLite files lie in one folder, so that losing one does not lose the
// other: calls.db may lose the last second in a power cut (WAL, synchronous
// NORMAL, one commit a second), alerts.db loses nothing that Put has returned
// for (synchronous FULL, a commit an alert). A damaged file is moved aside and
// a fresh one begun. Every table has a cap in rows; the oldest rows go first
// and are counted.
//
// Beside an alert lies the decision that made its score; its JSON is no part of
// the object.
//
// It judges nothing, does not look into the JSON, and forgets by rows, not by
// age.
package store
