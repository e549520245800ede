// Package trial is where the lab's traffic meets the engine that is tried on
// it: it plays what a scenario plans to an engine as the decoder's events,
// without any packet, for hundreds of months of hundreds of sites.
//
// The lab knows nothing of the engine and the engine nothing of the lab; this
// package knows both, and no product code imports it. That its events are
// those that the decoder makes of the same scenario's packets is held by a
// test.
package trial
