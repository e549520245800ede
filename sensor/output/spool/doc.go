// Package spool keeps batches of lines on disk until somebody says that they have
// arrived: alerts and metrics apart, in one SQLite file.
//
// It promises that what Append has returned for outlives the process and a power
// cut (WAL, synchronous FULL); that a batch is given out until it is acknowledged,
// so that it may arrive twice, never not at all; and that what had to go is
// counted. Over its caps, of bytes and of age, and on a full disk, the oldest
// metrics go first, alerts never. A damaged file is moved aside and begun anew
// with all that can be read of it.
//
// It knows no server, does not look into the lines, and never makes anybody wait
// but those who ask for the disk: Acknowledge, Figures and Trouble do not.
package spool
