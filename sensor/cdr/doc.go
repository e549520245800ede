// Package cdr reads call detail records: the lists of past calls that telephone
// systems and operators export as CSV (RFC 4180, and what passes for it).
//
// It knows the exports of Asterisk, FreePBX and 3CX, and any other by a
// [Mapping] of column names. It promises that a row that cannot be read is one
// [RowError] with its line and costs nothing else; that memory does not grow
// with a row beyond [MaxRow]; and that a record says what the row says, not
// what it means: numbers stay as written.
package cdr
