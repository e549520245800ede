// Package rules turns the inputs of one decision on one call into points with
// printed reasons. A scheme of fraud is one file with one pure function, and
// one line in [List]; the file is named after the rule's ID.
//
// It promises that a score is the sum of its printed reasons, and that the
// same [Inputs] give the same reasons, live and years later: a rule reads
// nothing else. Every count, learned value and clock it needs is a field of
// Inputs, filled by package detect, which owns all state in fixed memory.
//
// Outbound calls are judged by [Inputs], everything else (strangers, accounts,
// callers from outside, trunks) by [Signs], with a list of rules of its own.
//
// It will not decide what is told to whom: levels, incidents and learning
// belong to package detect.
//
// To add a rule: a file with its function and the comment that every rule
// bears (looks for, formula, default, memory, misses), a line in List, a
// section in docs/detections.md; reads.go written anew (TestReads); new fields of Inputs where it needs them.
// Tests fail until all of that is there.
package rules
