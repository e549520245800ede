// Package score lays what was alerted beside what is true, and says how good
// that was: how many attacks were found, after how many calls, seconds and
// euro, and how often somebody was woken for nothing.
//
// It knows no detector: a page is a time and the calls that it names.
package score
