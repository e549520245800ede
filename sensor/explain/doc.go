// Package explain makes the scores of stored decisions again, from the inputs
// that were kept with each alert, and shows of what they are the sum.
//
// It promises that what it shows as equal is so to the bit: rules, points,
// texts and score. It explains nothing with other rules than those that decided.
package explain
