// Package window turns events on packet time into the few numbers that rules
// compare: how many lately, how much, how unusual, how many different.
//
// It promises fixed memory, stated at each type, whatever is thrown at it: full
// tables evict and count what they evict. Time is an argument. A time before
// the last one is taken as the last one, so that packets out of order and
// clocks that step back neither lose nor double anything. Nothing allocates
// after New. What is learned over days can be encoded to bytes and read back;
// bytes that are cut, damaged or of another version are refused and change
// nothing.
//
// It will not decide what is too much; that belongs to package rules. Keys
// that an attacker chooses come in as keyed hashes, see [Hash]. No type may be
// used by two goroutines at once.
package window
