// Package report turns the objects of a replay into a summary that a person
// reads: what was in the capture, the calls and their quality, and each
// incident with its reasons and money. It keeps counts and a bounded number of
// incidents, not the calls themselves.
package report
