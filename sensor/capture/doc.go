// Package capture turns capture files and network interfaces into frames.
//
// It promises that a frame's bytes, time, wire length and link type are those
// of the origin; that nothing is allocated per frame; that no length in a file
// makes it allocate more than a fixed window; that all frames before a fault
// of a file are delivered before the fault is told; and that frames which the
// kernel could not hand over are counted.
//
// It does not decode frames, does not filter them, and does not sort frames of
// several interfaces or files by time. It never writes to an interface.
//
// Files are read by our own readers. pcapgo is their oracle in the tests. It
// was measured and left aside: it takes twice the time a frame, its LinkType
// has eight bits (SLL2 becomes 20), it divides by zero on an impossible time
// resolution, believes stale bytes where a pcapng option is short, refuses
// records longer than the file's snaplen, allocates what a file says, and
// takes a pcapng that is cut in the middle for one that has ended.
package capture
