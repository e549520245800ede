// Package lru is a bounded map that knows what to forget.
//
// A [Table] keeps its entries in the order of their use, in two ranks. What
// gives way is the entry that was idle longest, of the rank that matters less
// before the other. The caller takes it out and counts it: a table never
// forgets on its own.
//
// It promises that nothing is allocated once a table has been full: entries
// that were removed are used again. It reads no clock, and has no hooks.
package lru
