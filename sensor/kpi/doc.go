// Package kpi turns the events of calls into the figures that telephony is
// managed by: ASR, NER, ACD, PDD (ITU-T E.425, E.721), the session metrics of
// RFC 6076, calls a second and calls at once.
//
// It counts calls, not legs: what a person would call one. A [Tally] belongs to
// one goroutine, its memory is bounded, and its clock is that of the events. [Hour]
// sums its figures up for readers, [Usual] learns what is usual; neither judges.
// Figures of nothing are not known: they are NaN, never 0. docs/kpis.md has the
// definitions with worked numbers.
package kpi
