// Package sqlite opens the SQLite files of the sensor: it checks the whole of a
// file, lays its tables down or brings an older layout up to date, and moves
// what is damaged aside.
//
// It promises that a file that Open returns was whole when it was opened, that
// a layout is laid down entirely or not at all, and that Damaged is true only of
// a file that cannot be used, never of one that cannot be had: a disk that is
// full or a folder that may not be read is no reason to begin anew.
//
// It knows no table of those who use it, and is the only importer of the
// library.
package sqlite
