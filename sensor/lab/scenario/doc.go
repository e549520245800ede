// Package scenario turns parameters and a seed into the calls of one site: the
// office's day, and whatever is done to it.
//
// A [Plan] yields one [Call] after the other in the order of their starts, as
// events: who calls whom, when it rings, how it ends. Packages beside this one
// make packets of them; long statistical runs need no packets at all.
//
// It promises that the same parameters and seed give the same calls on every
// machine (times are rounded to the millisecond, so that the last bit of a
// logarithm decides nothing), that a source of calls does not change when
// another is added or removed, and that memory does not grow with the length
// of the run. It knows nothing of any detector, and uses only telephone
// numbers that are set aside for fiction, see [Ranges].
package scenario
